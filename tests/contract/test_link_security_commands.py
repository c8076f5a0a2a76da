"""Commands: forged, expired, replayed or another's, none is obeyed; a good one is, once."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fleet.commands import Commander
from kiosk import wire
from kiosk.agent.commands import Commands
from kiosk.agent.known import KnownTime
from kiosk.journal import Journal
from kiosk.wire import CommandRefusal
from linkwork import TENANT, YEAR

NAME, REPORT = "KT-0001", wire.Operation.REPORT


class Desk:
    """A terminal's, with a clock that can be set."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.done = folder, list[Mapping[str, str]]()
        self.clock = time.time
        self.commander = Commander(folder / "fleet", folder / "trust", TENANT)
        self.journal = Journal.open(folder / "journal.db", NAME)
        self.known = KnownTime(self.journal)
        self.restart()

    def restart(self) -> None:
        operations = {REPORT: self.done.append}
        self.commands = Commands(
            self.journal, TENANT, self.folder / "trust", self.known,
            operations=operations, clock=self._now,
        )  # fmt: skip

    def _now(self) -> float:
        return self.clock()

    def order(self, **changes: Any) -> wire.Command:
        """Signed, and then changed."""
        return msgspec.structs.replace(self.commander.order(NAME, REPORT), **changes)

    @property
    def told(self) -> list[tuple[str, str]]:
        records = self.journal.records(1)
        data = [json.loads(bytes(r.data)) for r in records if r.type == "kiosk.command.event"]
        return [(one["outcome"], one["why"]) for one in data]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.journal.close()


def test_a_good_one_is_done_once_and_told(desk: Desk) -> None:
    order = desk.commander.order(NAME, REPORT, {"a": "b"})
    assert desk.commands.take(wire.decode_answer(wire.encode(order))) is None  # type: ignore[arg-type]
    assert desk.done == [{"a": "b"}]
    assert desk.told == [("done", "")]
    for _ in range(2):
        assert desk.commands.take(order) is CommandRefusal.REPLAYED
        desk.restart()
    assert desk.done == [{"a": "b"}]
    assert desk.told == [("done", "")]


@pytest.mark.parametrize(
    "change",
    [
        {"operation": "renew_certificate"},
        {"arguments": {"a": "b"}},
        {"terminal": "KT-0002"},
        {"id": "another"},
        {"expires": 2**40},
        {"issued": 1},
        {"key": "0" * 16},
        {"key": "../case"},
        {"signature": ""},
        {"signature": "00" * 64},
        {"signature": "not hex"},
    ],
    ids=str,
)
def test_one_that_was_changed_is_not_obeyed_nor_told(desk: Desk, change: dict[str, Any]) -> None:
    """Who can write to the broker could otherwise fill the journal."""
    assert desk.commands.take(desk.order(**change)) is CommandRefusal.UNSIGNED
    assert (desk.done, desk.told) == ([], [])


def test_one_by_another_key_or_for_another_county(desk: Desk, tmp_path: Path) -> None:
    other = Commander(tmp_path / "thief", tmp_path / "thief-trust", TENANT)
    assert desk.commands.take(other.order(NAME, REPORT)) is CommandRefusal.UNSIGNED
    elsewhere = Commander(tmp_path / "fleet", tmp_path / "trust", "elsewhere")
    assert desk.commands.take(elsewhere.order(NAME, REPORT)) is CommandRefusal.UNSIGNED
    assert desk.done == []


def test_without_the_fleets_key_nothing_is_obeyed(desk: Desk) -> None:
    order = desk.order()
    for content in ("", "[]", "{}", '{"x": 1}', "\udcff"):
        file = desk.folder / "trust" / "commands.json"
        file.write_text(content, errors="surrogateescape")
        assert desk.commands.take(order) is CommandRefusal.UNSIGNED


@pytest.mark.parametrize(
    ("name", "operation", "seconds", "refusal"),
    [
        ("KT-0002", REPORT, 600, CommandRefusal.NOT_OURS),
        (NAME, "open_the_safe", 600, CommandRefusal.UNKNOWN),
        (NAME, REPORT, 0, CommandRefusal.EXPIRED),
        (NAME, REPORT, -600, CommandRefusal.EXPIRED),
        (NAME, REPORT, wire.LONGEST_SECONDS + 1, CommandRefusal.TOO_LONG),
    ],
)
def test_a_signed_one_that_is_refused_is_told(
    desk: Desk, name: str, operation: str, seconds: int, refusal: CommandRefusal
) -> None:
    order = desk.commander.order(name, operation, seconds=seconds)
    assert desk.commands.take(order) is refusal
    assert desk.told == [("refused", str(refusal))]
    assert desk.done == []


def test_a_clock_set_back_makes_no_old_command_young(desk: Desk) -> None:
    order = desk.commander.order(NAME, REPORT, seconds=60)
    later = time.time() + 3600
    desk.known.hear(wire.HostState(True, 1, _iso(later)).time)
    desk.clock = lambda: time.time() - YEAR
    assert desk.commands.take(order) is CommandRefusal.EXPIRED
    desk.restart()
    assert KnownTime(desk.journal).latest() >= later - 1, "it survives a restart"
    assert desk.commands.take(order) is CommandRefusal.EXPIRED


def test_one_from_the_future_waits_for_clocks_to_agree(desk: Desk) -> None:
    order = desk.order()
    desk.clock = lambda: time.time() - 3600
    assert desk.commands.take(order) is CommandRefusal.NOT_YET
    desk.clock = time.time
    assert desk.commands.take(order) is None


def test_one_that_fails_is_told_and_not_repeated(desk: Desk) -> None:
    desk.done = Broken()
    desk.restart()
    order = desk.order()
    assert desk.commands.take(order) is None
    assert desk.told == [("failed", "")]
    assert desk.commands.take(order) is CommandRefusal.REPLAYED


def test_one_that_a_stop_cut_off_is_told_and_not_repeated(desk: Desk) -> None:
    order = desk.order()
    with closing(sqlite3.connect(desk.folder / "commands.db")) as db, db:
        db.execute("INSERT INTO taken VALUES (?, ?, ?, 0)", (order.id, REPORT, order.expires))
    desk.restart()
    assert desk.told == [("interrupted", "")]
    assert desk.commands.take(order) is CommandRefusal.REPLAYED
    assert desk.done == []


class Broken(list[Mapping[str, str]]):
    def append(self, _arguments: Mapping[str, str]) -> None:
        raise RuntimeError("no")


def _iso(when: float) -> str:
    return datetime.fromtimestamp(when, UTC).isoformat()
