"""The record of acts: what is in it, how a change of it is seen, and how it leaves the house."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from fleet.people.audit import Audit, Finding, Tamper
from fleet.people.roles import Role, Way, Who
from fleet.programs import run
from fleet.store.database import Store
from fleet.store.people_tables import audit as table
from fleet.store.people_tables import audit_anchors
from peoplework import House
from postgreswork import DATABASES

LI = Who("li.wei", "operator", frozenset(), Way.CONSOLE, "192.0.2.7")
KEY = b"k" * 32


BOTH = pytest.mark.parametrize("url", DATABASES, indirect=True)


@pytest.fixture
def record(store: Store, tmp_path: Path) -> Audit:
    made = Audit(store, KEY, tmp_path / "audit.head", lambda: 1_790_000_000.1234)
    with store.write() as connection:
        for number in range(8):
            target = f"KT-000{number}"
            made.append(connection, LI, "alarm.take", target, why="纸尽", number=number)
    made.mark()
    return made


@BOTH
def test_a_record_that_nobody_touched_holds(record: Audit) -> None:
    verdict = record.check()
    assert (verdict.rows, verdict.finding) == (8, None)


TAMPERS: dict[str, tuple[Any, Finding]] = {
    "another person": (
        update(table).where(table.c.position == 3).values(who="wang.fang"),
        Finding(3, Tamper.ALTERED),
    ),
    "another time": (
        update(table).where(table.c.position == 5).values(at=1.0),
        Finding(5, Tamper.ALTERED),
    ),
    "other details": (
        update(table).where(table.c.position == 8).values(detail=""),
        Finding(8, Tamper.ALTERED),
    ),
    "one in between removed": (
        delete(table).where(table.c.position == 4),
        Finding(4, Tamper.MISSING),
    ),
    "the first removed": (delete(table).where(table.c.position < 3), Finding(1, Tamper.MISSING)),
    "the newest removed": (delete(table).where(table.c.position > 6), Finding(7, Tamper.CUT_OFF)),
    "all removed": (delete(table), Finding(1, Tamper.CUT_OFF)),
    "the beginning moved": (
        insert(audit_anchors).values(name="audit", position=3, hash="0" * 64, mac="0" * 64),
        Finding(0, Tamper.ANCHOR),
    ),
}


@pytest.mark.parametrize("how", TAMPERS)
def test_every_change_is_seen(record: Audit, how: str) -> None:
    statement, finding = TAMPERS[how]
    with record.store.write() as connection:
        connection.execute(statement)
    assert record.check().finding == finding


def test_who_has_only_the_database_cannot_write_a_row(record: Audit, tmp_path: Path) -> None:
    forger = Audit(record.store, b"f" * 32, tmp_path / "forged.head")
    forger.note(LI, "alarm.take", "KT-0009")
    assert record.check().finding == Finding(9, Tamper.ALTERED)


def test_rows_swapped_are_seen(record: Audit) -> None:
    with record.store.write() as connection:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute(update(table).where(table.c.position == old).values(position=new))
    assert record.check().finding == Finding(2, Tamper.ALTERED)


@BOTH
def test_what_was_removed_for_its_age_leaves_a_chain_that_holds(record: Audit) -> None:
    with record.store.write() as connection:
        assert record.prune(connection, 1.0) == 0
        connection.execute(update(table).where(table.c.position == 0).values(at=1.0))
        assert record.prune(connection, 1_790_000_001.0) == 8
    assert record.check().rows == 0
    record.note(LI, "alarm.take", "KT-0001")
    assert (record.check().rows, record.check().finding) == (1, None)
    with record.store.read() as connection:
        assert connection.scalar(select(table.c.position)) == 9


@BOTH
def test_many_write_at_once_and_the_chain_holds(store: Store, tmp_path: Path) -> None:
    record = Audit(store, KEY, tmp_path / "audit.head")
    other = Audit(store, KEY, tmp_path / "audit.head")

    def write(one: Audit) -> None:
        for number in range(4):
            one.note(LI, "alarm.take", str(number))

    threads = [threading.Thread(target=write, args=(one,)) for one in (record, other, record)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (record.check().rows, record.check().finding) == (12, None)


def test_an_act_and_its_record_are_one(record: Audit) -> None:
    def half() -> None:
        with record.store.write() as connection:
            record.append(connection, LI, "account.add", "x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert record.check().rows == 8


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = Store(f"sqlite:///{tmp_path}/fleet.db")
    yield House(store, tmp_path)
    store.close()


def test_the_page_filters_checks_and_shows_what_was_changed(house: House) -> None:
    house.add("boss", Role.ADMINISTRATOR)
    boss = house.browser()
    boss.sign_in("boss")
    with house.store.write() as connection:
        for number in range(60):
            house.people.audit.append(connection, LI, "alarm.take", f"KT-{number:04}")
    newest = boss.get("/audit").text
    assert "KT-0059" in newest
    assert "KT-0005" not in newest
    older = boss.get("/audit?before=12").text
    assert "KT-0005" in older
    assert "KT-0059" not in older
    only = boss.get("/audit?who=boss&act=sign_in").text
    assert "KT-00" not in only
    assert boss.get("/audit?before=x").status_code == 422
    boss.get("/audit")
    assert "62" in boss.send("/audit/check").text
    assert 'role="status"' in boss.page.text
    with house.store.write() as connection:
        connection.execute(update(table).where(table.c.position == 20).values(target="KT-9999"))
    boss.get("/audit")
    assert 'role="alert"' in boss.send("/audit/check").text
    assert "20" in boss.page.text
    assert ("boss", "audit.check", "", "altered") in house.acts()


def test_the_copy_has_every_row_and_no_formula(house: House) -> None:
    house.add("boss", Role.ADMINISTRATOR)
    boss = house.browser()
    boss.sign_in("boss")
    house.people.audit.note(LI, "alarm.take", '=HYPERLINK("https://evil.example")')
    boss.get("/audit")
    answer = boss.send("/audit/export")
    assert answer.headers["content-disposition"].endswith('"audit.csv"')
    assert answer.text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["act"] for row in rows][-2:] == ["alarm.take", "audit.export"]
    assert rows[-2]["target"].startswith("'=HYPERLINK")
    boss.get("/audit")
    some = boss.send("/audit/export?who=li.wei").text
    assert len(list(csv.DictReader(io.StringIO(some.removeprefix("\ufeff"))))) == 1


def test_the_command_line_sees_a_change_and_resets_the_administrator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url, out = f"sqlite:///{tmp_path}/fleet.db", tmp_path / "audit.csv"
    monkeypatch.setenv("FLEET_FLEET__VAR", str(tmp_path / "var"))
    monkeypatch.setenv("FLEET_STORE__URL", url)
    monkeypatch.chdir(Path(__file__).parents[2])

    def say(*words: str) -> tuple[int, str]:
        code = run(words[0], [*words[1:]])
        return code, "".join(capsys.readouterr())

    assert say("people", "reset", "admin") == (1, "fleet people: There is no such account.\n")
    made = say("people", "add", "admin", "administrator")
    again = say("people", "reset", "admin")
    assert made[0] == again[0] == 0
    assert made[1][:7] == again[1][:7] == "admin: "
    assert made != again
    assert "open" in say("people", "list")[1]
    assert say("people", "disable", "admin")[0] == 1, "the last one"
    assert say("audit", "check") == (0, "It holds: 2 entries, none changed.\n")
    assert say("audit", "export", str(out))[0] == 0
    assert "account.reset" in out.read_text()
    assert "account.reset" in say("audit", "export")[1]
    store = Store(url)
    with store.write() as connection:
        connection.execute(update(table).where(table.c.position == 1).values(target="mallory"))
    store.close()
    assert say("audit", "check") == (1, "Entry 1 is not as it was written.\n")
