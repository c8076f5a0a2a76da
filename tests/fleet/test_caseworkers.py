"""One worker for each platform: a dead or slow one costs its own cases only."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import insert, select

from fleet import cases as worker
from fleet import troubles
from fleet.caseworkers import CaseWorkers
from fleet.metrics import Metrics
from fleet.platform.contract import Decision, Platform, PlatformError, Standing
from fleet.store.database import Store
from fleet.store.tables import cases
from kiosk import wire
from kiosk.wire import CasePayload
from paperwork import QUERY, RESIDENCE, case
from platformwork import BackEnd, NoPapers, adapter, residence, sample, until

KEY = X25519PrivateKey.generate()


class Good:
    """Approves; remembers."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def decide(self, case: CasePayload) -> Decision:
        self.seen.append(case.case_no)
        return Decision(Standing.APPROVED)


class Bad(Good):
    """Never answers those that it does not like."""

    def __init__(self, poison: Callable[[str], bool]) -> None:
        super().__init__()
        self.poison = poison
        self.asked = 0

    def decide(self, case: CasePayload) -> Decision:
        self.asked += 1
        if self.poison(case.case_no):
            raise PlatformError("not now")
        return super().decide(case)


class Stuck(Good):
    """Does not come back before it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def decide(self, case: CasePayload) -> Decision:
        self.let_go.wait(30)
        return super().decide(case)


def put(store: Store, *applications: CasePayload) -> None:
    public = KEY.public_key().public_bytes_raw()
    rows = [
        {
            "case_no": one.case_no, "terminal": one.terminal, "task_code": one.task_code,
            "kind": "instant", "sealed": wire.seal(public, one), "state": "received",
            "received_at": float(order),
        }
        for order, one in enumerate(applications)
    ]  # fmt: skip
    with store.write() as connection:
        connection.execute(insert(cases), rows)
    store.changes.notify()


def handed(store: Store) -> dict[str, str]:
    query = select(cases.c.case_no, cases.c.state).where(cases.c.handed_over.is_(True))
    with store.read() as connection:
        return {row.case_no: row.state for row in connection.execute(query)}


def run(
    store: Store, platforms: Mapping[str, Platform], route: Callable[[str], str]
) -> CaseWorkers:
    workers = CaseWorkers(store, KEY, platforms, route, Metrics())
    workers.start()
    return workers


def by_item(task_code: str) -> str:
    return "two" if task_code.endswith(RESIDENCE) else "one"


def both(count: int) -> list[CasePayload]:
    """The other platform's cases came first, many of them."""
    mine = [case(f"A-{order}", QUERY, year="2026") for order in range(count)]
    return [residence(f"B-{order}") for order in range(count)] + mine


@pytest.mark.parametrize("other", [Stuck(), Bad(lambda _: True)], ids=["slow", "dead"])
def test_one_platform_down_does_not_stop_the_other(store: Store, other: Good) -> None:
    good = Good()
    put(store, *both(120))
    workers = run(store, {"one": good, "two": other}, by_item)
    try:
        until(lambda: len(handed(store)) == 120)
        assert {number[0] for number in handed(store)} == {"A"}
        assert workers.healthy
    finally:
        if isinstance(other, Stuck):
            other.let_go.set()
        workers.stop()
    assert not any(number.startswith("B") for number in good.seen)
    if isinstance(other, Bad):
        assert 5 <= other.asked < 30  # one that is away is not asked for each case


def test_cases_that_always_fail_do_not_hold_up_those_behind(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.1)
    bad = Bad(lambda number: number.startswith("P"))
    poison = [case(f"P-{order}", QUERY, year="2026") for order in range(20)]
    put(store, *poison, *(case(f"A-{order}", QUERY, year="2026") for order in range(30)))
    workers = run(store, {"one": bad}, lambda _: "one")
    try:
        until(lambda: len(handed(store)) == 30)
    finally:
        workers.stop()


def test_a_platform_that_comes_back_gets_everything_soon(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(troubles, "BACKOFF", (0.1, 0.5))
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.1)
    away = threading.Event()
    away.set()
    good = Bad(lambda _: away.is_set())
    put(store, *(case(f"A-{order}", QUERY, year="2026") for order in range(60)))
    workers = run(store, {"one": good}, lambda _: "one")
    try:
        until(lambda: len(troubles_of(workers).known) >= 6)
        away.clear()
        until(lambda: len(handed(store)) == 60)
        assert len(good.seen) == 60
    finally:
        workers.stop()


def troubles_of(workers: CaseWorkers) -> troubles.Troubles:
    found: troubles.Troubles = workers._workers[0]._troubles
    return found


def test_stopping_waits_for_all_at_the_same_time(store: Store) -> None:
    stuck = [Stuck(), Stuck()]
    put(store, *both(1))
    workers = run(store, {"one": stuck[0], "two": stuck[1]}, by_item)
    threading.Timer(0.5, lambda: [one.let_go.set() for one in stuck]).start()
    begun = time.monotonic()
    workers.stop()
    assert time.monotonic() - begun < 25


@pytest.mark.timeout(180)
def test_three_platforms_with_faults_end_with_every_case_once(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(troubles, "BACKOFF", (0.01, 0.05, 0.2))
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.05)
    faults = ["doubled", "malformed", "cut_after", "cut_before", "error", "token_expired", "other"]
    city, county = BackEnd("city", tmp_path / "city"), BackEnd("county", tmp_path / "county")
    built_in = sample(tmp_path)
    platforms: dict[str, Platform] = {"sample": built_in}
    try:
        for one in (city, county):
            one.folder.mkdir()
            one.start()
            one.befall(fault=faults, rate=0.3, async_seconds=0.0)
            platforms[one.name] = adapter(one, tmp_path, NoPapers(), 2.0)
        names = ("sample", "city", "county")
        codes = {number: names[order % 3] for order, number in enumerate(ITEMS)}
        put(store, *(application(order) for order in range(200)))
        workers = run(store, platforms, lambda code: codes[code])
        until(lambda: len(handed(store)) > 40)
        city.kill()
        until(lambda: len(handed(store)) > 80)
        city.start()
        until(lambda: len(handed(store)) == 200, 120)
        workers.stop()
        with built_in.office.book.change():
            sides = [built_in.office.book.counts(), city.counts(), county.counts()]
    finally:
        city.stop()
        county.stop()
    assert sorted(number for side in sides for number in side) == sorted(handed(store))
    assert all(sides)


ITEMS = [case("", task).task_code for task in (QUERY, RESIDENCE, "2000500002001")]


def application(order: int) -> CasePayload:
    number = f"A-{order:03}"
    made = (
        case(number, QUERY, proof="", year="2026"),
        residence(number),
        case(number, "2000500002001", proof=""),
    )
    return made[order % 3]
