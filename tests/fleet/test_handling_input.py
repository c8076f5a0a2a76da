"""Reports and cases that are malformed, early or late; a whole year of days."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from fleet.handling import book
from fleet.handling.errands import Puller
from fleet.handling.rounds import Rounds
from fleet.handling.signals import signals
from fleet.handling.states import CaseState
from fleet.platform.contract import StepEnd, StepReport
from fleet.store import handling_tables as t
from fleet.store.tables import cases
from handlingstore import Office, World, case_no, world
from handlingwork import at
from kiosk.services.calendar import day_start, default

__all__ = ["world"]
ONE, TWO = case_no(1), case_no(2)
STEPS = ("accept", "police", "health", "approve", "finish")


def state(world: World, number: str) -> CaseState:
    with world.store.read() as connection:
        found = book.read(connection, default(), [number])[number].state
    assert isinstance(found, CaseState)
    return found


BAD: list[dict[str, Any]] = [
    {"at": "yesterday"},
    {"at": "2026-03-04T10:00:00"},  # whose clock?
    {"at": "9999-12-31T23:59:59-23:59"},
    {"person": ""},
    {"person": "李\x00"},
    {"step": "\x00"},
    {"case_no": "a b"},
    {"case_no": "\ud800"},
    {"end": StepEnd.SENT_BACK, "missing": ()},
]


@pytest.mark.parametrize("bad", BAD)
def test_a_malformed_report_holds_up_nothing(world: World, bad: dict[str, Any]) -> None:
    world.now = at("2026-03-02")
    world.receive(ONE, world.now)
    Rounds(world.context, reporting=True).until_quiet()
    right = {"case_no": ONE, "step": "accept", "end": StepEnd.DONE, "person": "李"}
    made = StepReport(**{**right, "at": "2026-03-04T10:00:00+08:00", **bad})
    office = Office([made, made])
    office.say(ONE, "accept", at("2026-03-04"))
    assert Puller(world.context, "city", office).once()
    assert state(world, ONE).accepted_at == at("2026-03-04")
    (refused,) = world.rows(t.handling_refusals)
    assert refused["why"] == "malformed"


def test_an_undecodable_case_and_an_unknown_item_are_cases_too(world: World) -> None:
    world.now = at("2026-03-02")
    world.receive(ONE, world.now, task_code="T9")
    world.receive(TWO, world.now)
    with world.store.write() as connection:
        connection.execute(cases.update().where(cases.c.case_no == TWO).values(sealed="AAAA"))
    rounds = Rounds(world.context, reporting=False)
    rounds.until_quiet()
    for number in (ONE, TWO):
        assert (state(world, number).plan.promise, state(world, number).plan.legal) == (20, 20)
    world.decide(TWO, "refused", "undecodable")
    rounds.until_quiet()
    assert state(world, TWO).reason == "undecodable"


def test_a_clock_that_was_set_back_hides_a_case_for_an_hour_at_most(world: World) -> None:
    world.now = at("2026-03-02")
    world.receive(ONE, world.now)
    rounds = Rounds(world.context, reporting=True)
    rounds.until_quiet()
    world.receive(TWO, world.now - 86_400)
    rounds.until_quiet()
    assert len(world.rows(t.handling_cases)) == 1
    world.now += 3601
    rounds.until_quiet()
    assert len(world.rows(t.handling_cases)) == 2


def test_a_year_of_days_gives_each_card_once(world: World) -> None:
    """Cases, reports and looks in a random year; what is in the table is what the states say."""
    shuffle, office = random.Random(7), Office(page=7)
    rounds = Rounds(world.context, reporting=True)
    puller = Puller(world.context, "city", office)
    begins: dict[str, float] = {}
    plan: list[tuple[float, str, str]] = []
    for serial in range(60):
        begin = at("2026-01-05") + shuffle.random() * 300 * 86_400
        begins[case_no(serial)] = moment = begin
        for step in STEPS:
            moment += shuffle.expovariate(1 / (5 * 86_400))
            plan.append((moment, case_no(serial), step))
    plan.sort()
    moments = sorted([*begins.values(), *(one[0] for one in plan)])
    looks = [day_start(default().after(_first(), 0).day + timedelta(days=i)) for i in range(361)]
    for now in sorted([*looks, *moments]):
        world.now = now
        for number in [number for number, begin in begins.items() if begin <= now]:
            world.receive(number, begins.pop(number))
        while plan and plan[0][0] <= now:
            moment, number, step = plan.pop(0)
            office.say(number, step, moment)
        if shuffle.random() < 0.7 or now == looks[-1]:
            rounds.until_quiet()
            while puller.once():
                pass
    given = {
        (row["case_no"], row["kind"], row["subject"], row["at"])
        for row in world.rows(t.handling_signals)
    }
    wanted = {
        (number, one.kind.value, one.subject, one.at)
        for number in (case_no(serial) for serial in range(60))
        for one in signals(state(world, number), default())
        if one.at <= world.now
    }
    assert wanted <= given
    assert len(given) == len(world.rows(t.handling_signals)) > 60
    assert sum(kind == "red" for _, kind, _, _ in given) > 5
    # A report that came late, after the card it would have spared, takes nothing back.
    assert len(given - wanted) < len(given) / 4


def _first() -> Any:
    from datetime import date

    return date(2026, 1, 5)
