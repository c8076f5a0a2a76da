"""`python -m fleet.store "what changes"`: a migration from the newest version to the tables as
they are in the code now. Read it before you keep it, and name it in `versions.HEAD`."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from fleet.store.versions import SCRIPTS


def revise(message: str, scripts: Path = SCRIPTS) -> Path:
    """Writes the step into `scripts/versions`, numbered after the last."""
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/store.db")
        with engine.begin() as connection:
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(scripts))
            command.upgrade(config, "head")
            number = f"{_last(config) + 1:04}"
            made = command.revision(config, message, autogenerate=True, rev_id=number)
        engine.dispose()
    assert made is not None
    assert not isinstance(made, list)
    return Path(made.path)


def _last(config: Config) -> int:
    head = ScriptDirectory.from_config(config).get_current_head()
    return int(head or 0)


if __name__ == "__main__":
    print(revise(sys.argv[1]))
