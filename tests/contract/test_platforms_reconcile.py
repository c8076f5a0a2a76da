"""Two hundred cases in any order, with everything going wrong; then both sides are compared."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from fleet.platform.contract import Decision, PlatformError, Standing
from kiosk.wire import CasePayload
from paperwork import QUERY, case
from platformwork import PROMISED, SCANNED, Rig, residence, rig

CASES = 200
FAULTS = [
    "doubled", "malformed", "cut_before", "cut_after", "cut_middle", "error", "error_after",
    "token_expired", "other", "away",
]  # fmt: skip


@pytest.fixture(params=["sample", "city", "county"])
def on(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    folder = tmp_path_factory.mktemp(request.param)
    with rig(request.param, folder, seconds=2.0, papers=False) as made:
        yield made


def application(order: int) -> CasePayload:
    number = f"N-{order:04}"
    made = (
        case(number, QUERY, year="2026"), residence(number, SCANNED), residence(number),
        residence(number, PROMISED), case(number, QUERY, year="1999"),
        case(number, QUERY, identity="none", year="2026"),
    )  # fmt: skip
    return made[order % len(made)]


def test_every_case_is_on_both_sides_exactly_once(on: Rig) -> None:
    draw = random.Random(20261122)
    waiting = [application(order) for order in range(CASES)]
    taken: dict[str, Decision] = {}
    if on.back_end is not None:
        on.back_end.befall(fault=FAULTS, rate=0.35, async_seconds=0.0)
    tries = 0
    while waiting:
        tries += 1
        assert tries < CASES * 20
        if tries in (60, 150):
            on.crash()
        one = waiting.pop(draw.randrange(len(waiting)))
        try:
            taken[one.case_no] = on.platform.decide(one)
        except PlatformError:
            waiting.append(one)
    if on.back_end is not None:
        on.back_end.befall()
        assert tries > CASES * 1.2  # or nothing was disturbed
    assert set(on.counts()) == set(taken)
    assert len(taken) == CASES
    for order in range(CASES):
        again = on.platform.decide(application(order))
        assert again == taken[again_no(order)], order
    states = {decision.state for decision in taken.values()}
    assert states == {Standing.APPROVED, Standing.PENDING, Standing.REFUSED}


def again_no(order: int) -> str:
    return f"N-{order:04}"


def test_every_report_comes_exactly_once(on: Rig) -> None:
    promised = [residence(f"M-{order:03}", SCANNED) for order in range(30)]
    for one in promised:
        on.platform.decide(one)
    on.advance(30)
    if on.back_end is not None:
        on.back_end.befall(fault=FAULTS, rate=0.35)
    seen, place, tries = [], "", 0
    while len(seen) < 30 * 6:
        tries += 1
        assert tries < 500
        try:
            found, place = on.platform.reports(place)
        except PlatformError:
            continue
        seen += found
    keys = [(report.case_no, report.step) for report in seen]
    assert len(keys) == len(set(keys)) == 30 * 6
    if on.back_end is not None:
        on.back_end.befall()
    assert on.platform.reports(place) == ([], place)
