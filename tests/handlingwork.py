"""Cases for the tests of their handling: plans, events at given days, and a slow second clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

from fleet.handling import events as e
from fleet.handling.plan import Plan, PlanStep, Promised
from kiosk.services.item import Stage

CHINA = timezone(timedelta(hours=8))
CASE = "KT0001-20261121-00042-N"

# 接件 → (公安 ‖ 医保) → 批准 → 办结 → 告知: two departments at once.
STEPS = (
    PlanStep("accept", Stage.ACCEPTANCE, "受理岗"),
    PlanStep("police", Stage.REVIEW, "公安岗", ("accept",)),
    PlanStep("health", Stage.HANDLING, "医保岗", ("accept",)),
    PlanStep("approve", Stage.APPROVAL, "批准岗", ("police", "health")),
    PlanStep("finish", Stage.COMPLETION, "办结岗", ("approve",)),
    PlanStep("tell", Stage.NOTICE, "告知岗", ("finish",)),
)
MATERIALS = ("id", "proof", "sketch")


def plan(case_no: str = CASE, **other: Any) -> Plan:
    given: dict[str, Any] = {
        "task_code": "T1",
        "task_version": "1",
        "steps": STEPS,
        "promise": 5,
        "legal": 20,
        "person": "首问岗",
        "materials": MATERIALS,
        "fees": (500,),
        **other,
    }
    return Plan(case_no=case_no, **given)


def promised(material: str, due: str) -> tuple[Promised, ...]:
    return (Promised(material, due),)


def at(day: str, clock: str = "10:00") -> float:
    """Epoch seconds of a time in China."""
    return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=CHINA).timestamp()


def opened(day: str = "2026-03-02", **other: Any) -> e.Opened:
    return e.Opened(at=at(day), plan=plan(**other))


def done(step: str, day: str, person: str = "", clock: str = "10:00") -> e.StepEnded:
    return e.StepEnded(at=at(day, clock), step=step, person=person or f"{step}员")


def whole(day: str = "2026-03-03") -> list[e.Event]:
    """Every step, an hour after the other."""
    return [done(step.code, day, clock=f"{9 + i:02}:00") for i, step in enumerate(STEPS)]


# ---- A slow clock of its own: the State Council's list for 2026, day by day -------------------

OFF_2026 = {
    date(2026, month, day)
    for month, days in {
        1: (1, 2, 3),
        2: range(15, 24),
        4: (4, 5, 6),
        5: range(1, 6),
        6: (19, 20, 21),
        9: (25, 26, 27),
        10: range(1, 8),
    }.items()
    for day in days
}
WORKED_2026 = {
    date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28),
    date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
}  # fmt: skip


def works(day: date) -> bool:
    """2026 only."""
    if day in WORKED_2026:
        return True
    return day not in OFF_2026 and day.isoweekday() <= 5


def midnights(start: float, until: float) -> list[tuple[date, float]]:
    """Each day that ends after `start` and by `until`, with the moment of its end."""
    day = datetime.fromtimestamp(start, CHINA).date()
    found = []
    while True:
        following = day + timedelta(days=1)
        end = datetime(following.year, following.month, following.day, tzinfo=CHINA).timestamp()
        if end > until:
            return found
        found.append((day, end))
        day = following


def slow_cards(
    start: float,
    until: float,
    pauses: list[tuple[float, float]],
    limits: tuple[int, int],
) -> set[tuple[str, str, float]]:
    """Walk from midnight to midnight: (kind, subject, moment). `limits`: promise, legal."""
    promise, legal = limits
    wanted = {("yellow", "promise"): promise, ("red", "legal"): legal}
    if promise > 0:
        fifths = next(days for days in range(promise + 1) if days * 10 >= promise * 8)
        wanted["warning", "promise"] = min(fifths, promise - 1)
    found, counted = set(), 0
    for i, (day, end) in enumerate(midnights(start, until)):
        if i > 0 and works(day) and not any(begin < end <= over for begin, over in pauses):
            counted += 1
        elif i > 0:
            continue
        for (kind, subject), days in wanted.items():
            if days == counted and not any(one[:2] == (kind, subject) for one in found):
                found.add((kind, subject, end))
    return found
