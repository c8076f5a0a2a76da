"""A case while its events are taken, one after the other: what the rules of `fold` write on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from fleet.handling.events import Opened
from fleet.handling.plan import Plan, PlanStep
from fleet.handling.states import Fee, Notice, Pending, Phase, Refusal
from kiosk.services.calendar import Calendar
from kiosk.services.item import Stage


@dataclass(slots=True)
class Draft:
    """`ends`: step -> when it was done. `rejected`: how the case ended, if not well."""

    plan: Plan
    calendar: Calendar
    opened_at: float
    person: str
    persons: dict[str, str]
    promised: dict[str, Pending]
    accepted_at: float | None = None
    ended_at: float | None = None
    notified_at: float | None = None
    rejected: Phase | None = None
    refused_step: str = ""
    reason: str = ""
    ends: dict[str, float] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    pauses: dict[str, tuple[float, float | None]] = field(default_factory=dict)
    fees: dict[str, Fee] = field(default_factory=dict)

    @property
    def acceptance(self) -> list[PlanStep]:
        return [step for step in self.plan.steps if step.stage is Stage.ACCEPTANCE]

    @property
    def kept_back(self) -> bool:
        """Is there a result that must not be handed out yet?"""
        unkept = any(one.came_at is None for one in self.promised.values())
        return unkept and self.rejected is None

    def ready_at(self, step: PlanStep) -> float | None:
        """Since when it can be worked at; None while a step before it is not done."""
        if any(code not in self.ends for code in step.after):
            return None
        return max([self.opened_at, *(self.ends[code] for code in step.after)])

    def startable(self, code: str) -> PlanStep | Refusal:
        """The step, if it can end now. Notices may be given after the end."""
        step = self.plan.step(code)
        if step is None:
            return Refusal.UNKNOWN_STEP
        if code in self.ends:
            return Refusal.ALREADY_ENDED
        if self.ended_at is not None:
            return step if step.stage is Stage.NOTICE else Refusal.CASE_ENDED
        return step if self.ready_at(step) is not None else Refusal.EARLY

    def effective(self, step: PlanStep, at: float) -> float:
        """Departments' clocks need not agree: nothing ends before it could begin."""
        return max(at, self.ready_at(step) or at)

    def done(self, step: PlanStep, at: float) -> None:
        at = self.effective(step, at)
        self.ends[step.code] = at
        self.answer(step.code, at)
        if self.accepted_at is None and all(one.code in self.ends for one in self.acceptance):
            self.accepted_at = max(self.ends[one.code] for one in self.acceptance)
            self.person = self.persons[step.code]  # 首办: who accepted it answers for it
        work = [one.code for one in self.plan.steps if one.stage is not Stage.NOTICE]
        if self.ended_at is None and all(code in self.ends for code in work):
            self.ended_at = max(self.ends[code] for code in work)
        if step.stage is Stage.NOTICE and self.ended_at is not None and self.notified_at is None:
            self.notified_at = max(at, self.ended_at)

    def reject(self, at: float, reason: str) -> None:
        """Before an office has taken it on, it is not accepted; after that, refused."""
        self.rejected = Phase.NOT_ACCEPTED if self.accepted_at is None else Phase.REFUSED
        self.reason = reason
        known = [notice.answered_at or notice.asked_at for notice in self.notices.values()]
        self.ended_at = max([at, self.opened_at, *self.ends.values(), *known])

    def answer(self, step: str, at: float) -> None:
        """Whoever goes on with a step has what was missing."""
        notice = self.notices.get(step)
        if notice is not None and notice.open:
            self.notices[step] = replace(notice, answered_at=max(at, notice.asked_at))


def begin(opening: Opened, calendar: Calendar) -> Draft:
    plan = opening.plan
    draft = Draft(
        plan=plan,
        calendar=calendar,
        opened_at=opening.at,
        person=plan.person,
        persons={step.code: step.person for step in plan.steps},
        promised={one.material: Pending(one.material, one.due) for one in plan.promised},
    )
    if not draft.acceptance:
        draft.accepted_at = opening.at
    return draft
