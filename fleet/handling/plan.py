"""What has to be done for one case: the item's steps and limits, as they were on its first day.

A plan is part of the case's first event, so that a case ends on the version that it began with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import Annotated

import msgspec

from kiosk.services.calendar import Calendar
from kiosk.services.item import Item, Stage
from kiosk.services.materials import Source
from kiosk.wire import CaseMaterial, CasePayload

CARRY = "carry"  # a helper's handling: the office has still to accept it
NAME_LIMIT = 64
MOST_DAYS = 366  # working days of any limit
LAWFUL_DAYS = 20
_DIGEST = re.compile(r"[0-9a-f]{64}")

Code = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{1,64}\Z")]
Days = Annotated[int, msgspec.Meta(ge=0, le=MOST_DAYS)]
_PLAIN = r"[^\x00-\x1f\x7f]"
Person = Annotated[
    str, msgspec.Meta(max_length=NAME_LIMIT, pattern=rf"^{_PLAIN}*(?!\s){_PLAIN}{_PLAIN}*\Z")
]


class PlanFault(StrEnum):
    """Why no case can be handled by a plan."""

    NO_STEPS = "no_steps"  # or none but the notice
    TWICE = "twice"  # two steps with one code
    UNKNOWN_STEP = "unknown_step"  # waits for a step that there is not
    CYCLE = "cycle"  # steps that wait for each other
    NO_PERSON = "no_person"  # nobody answers for it
    LIMITS = "limits"  # the promise is longer than the law allows


class PlanStep(msgspec.Struct, frozen=True):
    """As in the catalogue. `person`: who answers for it in its department, until one is named."""

    code: Code
    stage: Stage
    person: Person
    after: tuple[Code, ...] = ()
    day: Days = 0
    dept_code: str = ""


class Promised(msgspec.Struct, frozen=True):
    """A material that was promised for later (容缺). `due`: ISO date."""

    material: Code
    due: str


class Committed(msgspec.Struct, frozen=True):
    """告知承诺: a declaration in place of a material; `text`: SHA-256 of its words: the version."""

    material: Code
    text: str


class Plan(msgspec.Struct, frozen=True):
    """`promise` and `legal` are working days, 0: at once. `person`: of first contact (首问责任).

    `carried`: the clock starts when the office accepts the case, not when it arrives. `materials`:
    codes that can be asked for. `fees`: amounts in fen that the catalogue lists; None: whatever
    the citizen pays in. `correction_day`: working days to hand in what a notice asks for.
    """

    case_no: Code
    task_code: str
    task_version: str
    steps: tuple[PlanStep, ...]
    promise: Days
    legal: Days
    person: Person
    carried: bool = False
    materials: tuple[Code, ...] = ()
    promised: tuple[Promised, ...] = ()
    committed: tuple[Committed, ...] = ()
    fees: tuple[int, ...] | None = ()
    correction_day: Days = 10

    def step(self, code: str) -> PlanStep | None:
        return next((step for step in self.steps if step.code == code), None)


class Duty(msgspec.Struct, frozen=True):
    """Who answers where nobody has been named: by department, and everywhere else."""

    default: Person
    departments: Mapping[str, Person] = {}

    def of(self, dept_code: str) -> str:
        return self.departments.get(dept_code, self.default)


# An item whose file names no steps goes through these, one after the other.
USUAL = (Stage.ACCEPTANCE, Stage.REVIEW, Stage.COMPLETION)


def fault(plan: Plan) -> PlanFault | None:
    """None: the plan can be carried out."""
    codes = [step.code for step in plan.steps]
    people = (plan.person, *(step.person for step in plan.steps))
    wrong = {
        PlanFault.NO_STEPS: all(step.stage is Stage.NOTICE for step in plan.steps),
        PlanFault.TWICE: len(set(codes)) < len(codes),
        PlanFault.UNKNOWN_STEP: any(set(step.after) - set(codes) for step in plan.steps),
        PlanFault.NO_PERSON: not all(who.strip() for who in people),
        PlanFault.LIMITS: plan.promise > plan.legal,
        PlanFault.CYCLE: _cycle(plan),
    }
    return next((why for why, so in wrong.items() if so), None)


def _cycle(plan: Plan) -> bool:
    try:
        TopologicalSorter({step.code: step.after for step in plan.steps}).prepare()
    except CycleError:
        return True
    return False


def plan_of(item: Item, case: CasePayload, duty: Duty, today: date, calendar: Calendar) -> Plan:
    """The plan of an application; `today`: the day on which the fleet received it."""
    promised = tuple(_promised(item, one, today, calendar) for one in _given(case, Source.PROMISE))
    committed = tuple(
        Committed(one.code, one.commitment)
        for one in _given(case, Source.COMMITMENT)
        if _DIGEST.fullmatch(one.commitment)
    )
    return Plan(
        case_no=case.case_no,
        task_code=case.task_code,
        task_version=case.task_version,
        steps=_steps(item, duty),
        promise=item.promise_day,
        legal=max(item.anticipate_day, item.promise_day),
        person=duty.of(item.dept_code),
        carried=case.handling == CARRY,
        materials=tuple(one.code for one in item.materials if one.code),
        promised=promised,
        committed=committed,
        fees=_fees(item),
    )


def bare_plan(case_no: str, task_code: str, task_version: str, duty: Duty) -> Plan:
    """Of a case that cannot be read, or of an item that the fleet does not have: the usual steps,
    and the days that the Administrative Licensing Law (art. 42) gives where nothing else is said.
    """
    steps = _usual(duty.default)
    days = LAWFUL_DAYS
    return Plan(case_no, task_code, task_version, steps, days, days, duty.default, fees=None)


def _given(case: CasePayload, source: Source) -> list[CaseMaterial]:
    return [one for one in case.materials if one.source == source]


def _promised(item: Item, given: CaseMaterial, today: date, calendar: Calendar) -> Promised:
    """The day on the signed promise, but never later than the item allows."""
    days = next((one.correction_day for one in item.materials if one.code == given.code), 0)
    latest = calendar.after(today, days).day
    try:
        due = min(date.fromisoformat(given.due), latest)
    except ValueError:
        due = latest
    return Promised(given.code, max(due, today).isoformat())


def _steps(item: Item, duty: Duty) -> tuple[PlanStep, ...]:
    if not item.steps:
        return _usual(duty.of(item.dept_code), item.dept_code)
    return tuple(
        PlanStep(
            step.code, step.stage, duty.of(step.dept_code or item.dept_code),
            step.after, step.day, step.dept_code or item.dept_code,
        )
        for step in item.steps
    )  # fmt: skip


def _usual(person: str, dept_code: str = "") -> tuple[PlanStep, ...]:
    codes = [stage.value for stage in USUAL]
    return tuple(
        PlanStep(stage.value, stage, person, tuple(codes[max(i - 1, 0) : i]), 0, dept_code)
        for i, stage in enumerate(USUAL)
    )


def _fees(item: Item) -> tuple[int, ...] | None:
    """None when a fee is what the citizen chooses to pay."""
    if any(fee.field and not fee.amounts for fee in item.fees):
        return None
    return tuple(amount for fee in item.fees for amount in (fee.amount, *fee.amounts.values()))
