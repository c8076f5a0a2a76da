"""Warnings, yellow and red cards: a year of 20,000 cases against a slow second clock."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from fleet.handling import events as e
from fleet.handling.fold import fold
from fleet.handling.plan import PlanStep, Promised
from fleet.handling.signals import CARDS, SignalKind, lapses, signals
from fleet.handling.states import CaseState
from fleet.platform.contract import Standing
from handlingwork import at, opened, plan, slow_cards
from kiosk.services.calendar import default
from kiosk.services.item import Stage

YEAR_END = at("2026-12-31", "12:00")
HOUR, DAY = 3600.0, 86400.0
CHAIN = (
    PlanStep("accept", Stage.ACCEPTANCE, "受理岗"),
    PlanStep("review", Stage.REVIEW, "审核岗", ("accept",)),
    PlanStep("finish", Stage.COMPLETION, "办结岗", ("review",)),
)
LIMITS = [(0, 0), (0, 1), (1, 1), (1, 5), (3, 10), (5, 20), (10, 30), (20, 45), (30, 60)]


@dataclass
class Life:
    """One case as it is made up: what happens, and on which stretches its clock runs."""

    events: list[e.Event]
    limits: tuple[int, int]
    spans: list[tuple[float, float]]  # runs of the clock
    pauses: list[tuple[float, float]] = field(default_factory=list)
    fee_at: float | None = None

    def expected(self) -> set[tuple[str, str, float]]:
        first: dict[tuple[str, str], float] = {}
        for begin, end in self.spans:
            found = slow_cards(begin, min(end, YEAR_END), self.pauses, self.limits)
            for kind, subject, moment in found:
                first[kind, subject] = min(moment, first.get((kind, subject), moment))
        if self.fee_at is not None and self.fee_at <= YEAR_END:
            first["red", "fee:P1"] = self.fee_at
        return {(*key, moment) for key, moment in first.items()}


def live(shuffle: random.Random, number: int) -> Life:
    """Most are in time, some late, some corrected, some stopped for a hearing."""
    limits = shuffle.choice(LIMITS)
    begin = at("2026-01-01") + shuffle.random() * 364 * DAY
    length = shuffle.expovariate(1 / (DAY * (0.2 + 1.2 * limits[shuffle.random() < 0.1])))
    case_no = f"KT0001-20260101-{number:05d}"
    opening = e.Opened(
        at=begin,
        plan=plan(case_no, steps=CHAIN, promise=limits[0], legal=limits[1], fees=(500,)),
    )
    life = Life([opening], limits, [])
    now = begin
    if shuffle.random() < 0.1:  # asked for more before it was accepted: a fresh start
        now = _correct(shuffle, life, "accept", now)
        life.spans = [(begin, now)]
    start = now
    now += length * 0.2
    life.events.append(e.StepEnded(at=now, step="accept", person="李"))
    if shuffle.random() < 0.15:
        now = _correct(shuffle, life, "review", now)
    if shuffle.random() < 0.1:
        now = _pause(shuffle, life, now)
    if shuffle.random() < 0.01:
        life.fee_at = now
        life.events.append(e.FeeTaken(at=now, name="P1", amount=501))
    now += length * 0.8
    life.events += [
        e.StepEnded(at=now - 1, step="review", person="王"),
        e.StepEnded(at=now, step="finish", person="王"),
    ]
    life.spans.append((start, now))
    return life


def _correct(shuffle: random.Random, life: Life, step: str, now: float) -> float:
    asked = now + shuffle.random() * DAY
    came = asked + shuffle.random() * 9 * DAY
    life.events += [
        e.Asked(at=asked, step=step, person="李", missing=("proof",), days=30),
        e.Supplemented(at=came, step=step, materials=("proof",)),
    ]
    life.pauses.append((asked, came))
    return came


def _pause(shuffle: random.Random, life: Life, now: float) -> float:
    over = now + shuffle.random() * 20 * DAY
    life.events += [
        e.Paused(at=now, name="p", procedure=e.Procedure.HEARING, person="王"),
        e.Resumed(at=over, name="p"),
    ]
    life.pauses.append((now, over))
    return over


@pytest.mark.timeout(600)
def test_a_year_of_cases_gives_exactly_the_expected_cards() -> None:
    shuffle, counts = random.Random(2026), dict.fromkeys(CARDS, 0)
    for number in range(20_000):
        life = live(shuffle, number)
        shuffle.shuffle(life.events)
        found = fold([event for event in life.events if event.at <= YEAR_END], default())
        assert isinstance(found, CaseState)
        given = [
            one for one in signals(found, default()) if one.kind in CARDS and one.at <= YEAR_END
        ]
        told = [(one.kind.value, one.subject, one.at) for one in given]
        assert sorted(told) == sorted(life.expected()), life
        for one in given:
            counts[one.kind] += 1
    assert min(counts.values()) > 300, counts  # the year has enough of each to mean something


def given(until: str, *events: e.Event, **other: object) -> list[tuple[str, str]]:
    found = fold([opened(**other), *events], default())
    assert isinstance(found, CaseState)
    return [(s.kind.value, s.subject) for s in signals(found, default()) if s.at <= at(until)]


def test_cards_come_at_midnight_and_one_after_the_other() -> None:
    assert given("2026-03-06") == []
    assert given("2026-03-07") == [("warning", "promise")]
    assert given("2026-03-09") == [("warning", "promise")]  # Monday, the promised day
    assert given("2026-03-10") == [("warning", "promise"), ("yellow", "promise")]
    assert given("2026-03-30") == given("2026-03-10")
    assert given("2026-03-31") == [*given("2026-03-10"), ("red", "legal")]


def test_what_is_done_in_time_gets_none() -> None:
    decided = e.Decided(at=at("2026-03-06"), standing=Standing.APPROVED, person="平台")
    assert given("2026-12-31", decided) == []


def test_the_citizen_is_reminded_the_working_day_before() -> None:
    asked = e.Asked(at=at("2026-03-02"), step="accept", person="李", missing=("id",), days=5)
    assert given("2026-03-05", asked) == []
    assert given("2026-03-06", asked) == [("reminder", "correction:accept")]
    came = e.Supplemented(at=at("2026-03-03"), step="accept", materials=("id",))
    assert ("reminder", "correction:accept") not in given("2026-03-20", asked, came)
    pending = (Promised("sketch", "2026-02-24"),)  # the day before is Sat 14 Feb, worked
    found = fold([opened("2026-02-10", promised=pending)], default())
    assert isinstance(found, CaseState)
    reminder = next(s for s in signals(found, default()) if s.kind is SignalKind.REMINDER)
    assert (reminder.subject, reminder.at) == ("promise:sketch", at("2026-02-14", "00:00"))
    assert [lapse.at for lapse in lapses(found)] == [at("2026-02-25", "00:00")]
