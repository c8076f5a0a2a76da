"""kill -9 around each commit of the handling: no card twice, none lost, no event either."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from fleet.handling.errands import Puller
from fleet.handling.rounds import Rounds
from fleet.platform.contract import StepEnd
from fleet.store import handling_tables as t
from fleet.store.database import Store
from fleet.store.tables import alarms, cases
from handlingstore import Office, World, case_no
from handlingwork import at

FORK = multiprocessing.get_context("fork")
DAYS = [at(f"2026-03-{day:02}", "08:00") for day in range(2, 32)]
NUMBERS = [case_no(serial) for serial in range(6)]
STEPS = ("accept", "police", "health", "approve", "finish")
COMPARED = (
    t.handling_events, t.handling_signals, t.handling_cases, t.handling_places,
    t.handling_ratings, t.handling_ratings_left, t.handling_orders, t.handling_people,
)  # fmt: skip
ARRIVAL = ("position",)  # numbers of tries that were rolled back are left out


class Script:
    """What the world does on each day, the same whatever becomes of the fleet."""

    def __init__(self) -> None:
        self.office = Office(page=3)
        for i, number in enumerate(NUMBERS[:5]):
            for j, step in enumerate(STEPS[: 2 + i]):
                self.office.say(number, step, DAYS[1 + i * j])
        self.office.say(NUMBERS[5], "accept", DAYS[2], end=StepEnd.SENT_BACK, missing=("proof",))
        self.office.found.sort(key=lambda report: report.at)

    def until(self, now: float) -> Office:
        found = [r for r in self.office.found if r.at <= _iso(now)]
        return Office(found, page=3)


def _iso(now: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(now, UTC).isoformat()


def prepare(world: World) -> None:
    for number in NUMBERS:
        world.receive(number, DAYS[0])
    world.rate(1, {"case_no": NUMBERS[0], "level": 1, "tags": ["slow"]})
    world.rate(2, {"case_no": NUMBERS[0], "level": 5, "tags": []})
    world.rate(3, {"case_no": NUMBERS[1], "level": 4, "tags": ["fast"]})


def live_on(url: str, key: bytes, day_file: Path, kill: tuple[int, str] | None) -> None:
    """From the day on which the last process stopped to the end of the month."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    if kill is not None:
        Store.write = _deadly(*kill)  # type: ignore[method-assign]
    world, script = World(url, X25519PrivateKey.from_private_bytes(key)), Script()
    rounds = Rounds(world.context, reporting=True)
    start = int(day_file.read_text()) if day_file.exists() else 0
    for i in range(start, len(DAYS)):
        world.now = DAYS[i]
        day_file.write_text(str(i))
        rounds.until_quiet()
        while Puller(world.context, "city", script.until(world.now)).once():
            pass
    world.store.close()
    os._exit(0)


def _deadly(last: int, when: str) -> Any:
    """`Store.write` that ends in kill -9, right before or right after commit number `last`."""
    plain, done = Store.write, [0]

    @contextmanager
    def write(self: Store) -> Iterator[Connection]:
        done[0] += 1
        with plain(self) as connection:
            yield connection
            if done[0] == last and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
        if done[0] == last:
            os.kill(os.getpid(), signal.SIGKILL)

    return write


def run(folder: Path, kill: tuple[int, str] | None) -> World:
    """Until the month is over, killed every so many commits; returns the world afterwards."""
    folder.mkdir()
    world = World(f"sqlite:///{folder}/fleet.db")
    world.now = DAYS[0]
    prepare(world)
    world.store.close()
    key, day_file = world.key.private_bytes_raw(), folder / "day"
    killed = 0
    for attempt in range(200):
        process = FORK.Process(target=live_on, args=(world.url, key, day_file, kill))
        process.start()
        process.join(60)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        killed = attempt + 1
        if kill is not None and kill[1] == "before" and kill[0] == 1:
            kill = (2, "before")  # else it would never get on
    assert process.exitcode == 0
    assert bool(killed) == (kill is not None)
    return World(world.url, world.key)


def contents(world: World) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: sorted(
            tuple(repr(value) for name, value in row.items() if name not in ARRIVAL)
            for row in world.rows(table)
        )
        for table in (*COMPARED, cases, alarms)
        if table is not cases
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    world = run(tmp_path_factory.mktemp("plain") / "run", None)
    found = contents(world)
    given = [row["kind"] for row in world.rows(t.handling_signals)]
    assert {"warning", "yellow", "red", "reminder"} == set(given)
    assert [row["kind"] for row in world.rows(alarms)] == ["order_overdue"]
    world.store.close()
    return found


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("every", [1, 2, 3, 5, 8, 13])
def test_killed_at_every_so_many_commits(
    tmp_path: Path, undisturbed: dict[str, list[tuple[Any, ...]]], every: int, when: str
) -> None:
    world = run(tmp_path / "run", (every, when))
    found = contents(world)
    world.store.close()
    for name, rows in undisturbed.items():
        assert found[name] == rows, name
