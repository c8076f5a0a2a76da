"""The fleet's database keeps its version, and every version leads to the tables of the code."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text

import postgreswork
from fleet.errors import StoreError
from fleet.store.database import Store
from fleet.store.versions import HEAD, SCRIPTS, bring_up_to_date, metadata, revision

Make = Callable[[str], Engine]
NEXT = '''"""A column more."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("counters") as table:
        table.add_column(sa.Column("note", sa.Text))
{more}
'''


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    if reason := postgreswork.missing():
        pytest.skip(reason)
    with postgreswork.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Of an empty database."""
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path}/fleet.db")
    else:
        url = request.getfixturevalue("postgres")
        name = f"t{abs(hash(request.node.name)) % 10**9}"
        with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        made = create_engine(url.rpartition("/")[0] + f"/{name}")
    yield made
    made.dispose()


def config(connection: Connection, scripts: Path = SCRIPTS) -> Config:
    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(scripts))
    return made


def scripts_with(folder: Path, more: str = "") -> Path:
    """The steps of today, and one more."""
    copy = folder / "migrations"
    shutil.copytree(SCRIPTS, copy)
    (copy / "versions/9999_next.py").write_text(NEXT.format(head=HEAD, more=more))
    return copy


def columns(connection: Connection) -> set[str]:
    return {column["name"] for column in inspect(connection).get_columns("counters")}


def test_the_steps_lead_to_the_tables_of_the_code(engine: Engine) -> None:
    """Otherwise: `.venv/bin/python -m fleet.store "what changed"`."""
    with engine.begin() as connection:
        command.upgrade(config(connection), "head")
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert revision(connection) == HEAD
        [head] = ScriptDirectory.from_config(config(connection)).get_heads()
        assert head == HEAD


def test_a_new_database_has_the_newest_version_and_needs_no_steps(engine: Engine) -> None:
    with engine.begin() as connection:
        bring_up_to_date(connection)
        assert revision(connection) == HEAD
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    with engine.begin() as connection:
        bring_up_to_date(connection)


def test_a_start_without_an_upgrade_does_not_load_alembic(tmp_path: Path) -> None:
    code = (
        "import sys; from fleet.store.database import Store; Store(sys.argv[1]).close();"
        "sys.exit('alembic' in sys.modules)"
    )
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code, f"sqlite:///{tmp_path}/f.db"], check=True)


def test_an_older_database_is_led_on_and_keeps_what_it_holds(
    engine: Engine, tmp_path: Path
) -> None:
    scripts = scripts_with(tmp_path)
    with engine.begin() as connection:
        bring_up_to_date(connection)
        connection.execute(text("INSERT INTO counters (name, value) VALUES ('x', 7)"))
    with engine.begin() as connection:
        bring_up_to_date(connection, "9999", scripts)
        assert revision(connection) == "9999"
        assert "note" in columns(connection)
        assert connection.scalar(text("SELECT value FROM counters WHERE name = 'x'")) == 7


def upgraded(engine: Engine, scripts: Path) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # as the store does it
        bring_up_to_date(connection, "9999", scripts)


def test_a_step_that_fails_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    scripts = scripts_with(tmp_path, '    op.execute("no sql at all")\n')
    with engine.begin() as connection:
        bring_up_to_date(connection)
    with pytest.raises(Exception, match="no sql at all"):
        upgraded(engine, scripts)
    with engine.begin() as connection:
        assert revision(connection) == HEAD
        assert "note" not in columns(connection)


def test_a_database_of_newer_software_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        bring_up_to_date(connection)
        connection.execute(text("UPDATE alembic_version SET version_num = '8888'"))
    with pytest.raises(StoreError, match="8888"), engine.begin() as connection:
        bring_up_to_date(connection)


def test_one_from_before_versions_is_taken_only_if_it_has_everything(engine: Engine) -> None:
    with engine.begin() as connection:
        metadata.create_all(connection)
        bring_up_to_date(connection)
        assert revision(connection) == HEAD
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text("DROP TABLE counters"))
        connection.execute(text("CREATE TABLE counters (name TEXT PRIMARY KEY)"))
    with pytest.raises(StoreError, match="counters lacks value"), engine.begin() as connection:
        bring_up_to_date(connection)


def test_two_that_start_at_once_do_not_meet(engine: Engine) -> None:
    failed: list[BaseException] = []

    def begin() -> None:
        try:
            Store(engine.url.render_as_string(hide_password=False)).close()
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    with engine.begin() as connection:
        assert revision(connection) == HEAD
