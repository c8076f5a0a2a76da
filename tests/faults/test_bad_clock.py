"""The calendar of a terminal jumps a year back and ahead, while it runs and over restarts.

Order is by number, so nothing is lost and no gap is seen. A certificate that the clock calls not
yet or no longer valid is not used; the terminal says so, goes on writing, and comes by itself when
the clock is right. Commands do not become young again. Fleet and test have the true time.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import badclock
import msgspec
import preload
import pytest

import linkhouse
from fleet import commands
from kiosk import wire
from kiosk.journal import Journal
from linkhouse import House
from linkwork import TENANT, until
from realhousehold import ROOT, SETTINGS

NAME = "KT-0001"
YEAR = 365
WRITER = """
import sys
from pathlib import Path
from kiosk.journal import Journal
journal = Journal.open(Path(sys.argv[1]), sys.argv[2])
for number in range(10):
    journal.append("x", {"n": number})
"""


@dataclass
class Terminal:
    """Its agent is a process of its own, and so is what writes; both have the wrong clock."""

    house: House
    folder: Path
    clock: badclock.BadClock
    agent: subprocess.Popen[bytes] = field(init=False)
    journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        self.journal = Journal.open(self.file, NAME)
        self.start()

    @property
    def file(self) -> Path:
        return self.folder / "journal.db"

    def environment(self) -> dict[str, str]:
        trust = self.house.place.trust
        said = {
            "TERMINAL__VAR": self.folder, "TERMINAL__TRUST": trust,
            "GATEWAY__URL": self.house.gateway, "GATEWAY__CA": trust / "link.pem",
            "GATEWAY__TOKEN_FILE": trust / "terminal.token",
            "MQTT__PORT": self.house.place.broker[1], "MQTT__CA": trust / "link.pem",
            "MQTT__IDENTITY": self.folder / "link.pem", "MQTT__ENROL": trust / f"{NAME}.enrol",
        }  # fmt: skip
        return self.clock.environment() | {f"KIOSK_{key}": str(said[key]) for key in said}

    def start(self) -> None:
        argv = [sys.executable, "-m", "kiosk", "agent", "--settings", str(SETTINGS)]
        with self.folder.with_name("agent.log").open("ab") as log:
            self.agent = subprocess.Popen(
                argv, cwd=ROOT, env=self.environment(), stdout=log, stderr=log
            )

    def stop(self) -> None:
        self.agent.terminate()
        self.agent.wait(30)

    def write(self) -> None:
        argv = [sys.executable, "-c", WRITER, str(self.file), NAME]
        subprocess.run(argv, cwd=ROOT, env=self.clock.environment(), check=True, timeout=60)

    @property
    def link(self) -> dict[str, Any]:
        told: dict[str, Any] = self.journal.statuses().get("link", ({}, 0.0))[0]
        return told

    def online(self) -> None:
        until(lambda: self.link.get("online"), "the connection", 90)

    def told(self, fault: str) -> None:
        until(lambda: self.link.get("fault") == fault, f"{fault}, not {self.link}", 60)

    def ordered(self, issued: float) -> str:
        """What became of a command that was made then, good for an hour."""
        place = self.house.place
        made = commands.Commander(place.var, place.trust, TENANT, lambda: issued)
        order = made.order(NAME, wire.Operation.REPORT, seconds=3600)
        commands.send(order, TENANT, place.broker, self.house.authority)

        def outcome() -> str:
            for record in self.journal.walk():
                data = msgspec.json.decode(record.data)
                if data.get("command") == order.id and data["outcome"] in ("done", "refused"):
                    return str(data["why"] or data["outcome"])
            return ""

        return str(until(outcome, "the command's record"))


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    if reason := preload.missing():
        pytest.skip(reason)
    clock = badclock.BadClock(preload.build("clock", tmp_path), tmp_path / "clock")
    clock.jump(0)
    (tmp_path / "terminal").mkdir()
    with linkhouse.house(tmp_path / "house", NAME) as house:
        made = Terminal(house, tmp_path / "terminal", clock)
        yield made
        made.stop()
        made.journal.close()


def held(one: Terminal) -> None:
    own = [(record.seq, record.hash) for record in one.journal.walk()]

    def found() -> bool:
        with closing(sqlite3.connect(one.house.place.var / "fleet.db", timeout=30)) as db:
            return db.execute("SELECT seq, hash FROM records ORDER BY seq").fetchall() == own

    until(found, "every record, hash by hash", 60)


def unharmed(one: Terminal) -> None:
    with closing(sqlite3.connect(one.house.place.var / "fleet.db", timeout=30)) as db:
        assert db.execute("SELECT kind FROM alarms").fetchall() == []
        assert db.execute("SELECT missing, broken FROM chains").fetchall() == [("[]", 0)]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("days", "fault"), [(-YEAR, "clock_behind"), (YEAR, "expired")])
def test_a_year_off(terminal: Terminal, tally: Counter[str], days: int, fault: str) -> None:
    one = terminal
    one.online()
    one.write()
    held(one)
    certificate = (one.folder / "link.pem").read_bytes()

    one.clock.jump(days)  # while it runs, the connection stays
    one.write()
    held(one)
    years = {record.time[:4] for record in one.journal.walk()}
    assert len(years) == 2, "the clock never jumped"
    assert one.link["online"]
    now = time.time()
    assert one.ordered(now - 10 * 86400) == "expired"
    assert one.ordered(now) == ("done" if days < 0 else "expired")

    one.stop()
    one.start()  # with the wrong clock it finds nobody that it may trust
    one.told(fault)
    one.write()
    before = one.journal.last_seq
    assert one.journal.acked_through < before
    assert (one.folder / "link.pem").read_bytes() == certificate

    one.clock.jump(0)
    one.online()
    held(one)
    assert one.ordered(time.time()) == "done"
    unharmed(one)
    tally.update(rounds=1)
