"""How a case stands: what `fold` makes of its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from fleet.handling.clock import Run
from fleet.handling.plan import Plan
from kiosk.services.calendar import Reckoned
from kiosk.services.item import Stage


class Phase(StrEnum):
    """The case as a whole. While several departments work, the stage of the hindmost."""

    ACCEPTANCE = "acceptance"  # 受理
    HANDLING = "handling"  # 承办
    REVIEW = "review"  # 审核
    APPROVAL = "approval"  # 批准
    COMPLETION = "completion"  # 办结
    NOTICE = "notice"  # 告知: the citizen knows the result
    CORRECTION = "correction"  # 补正: waits for the citizen
    NOT_ACCEPTED = "not_accepted"  # 不予受理
    REFUSED = "refused"  # 不予批准


class StepPhase(StrEnum):
    WAITING = "waiting"  # for the steps before it
    READY = "ready"
    CORRECTION = "correction"
    DONE = "done"
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why an event has no effect."""

    MALFORMED = "malformed"  # a field outside its limits
    NOT_OPENED = "not_opened"  # nothing is known of such a case
    OPENED_TWICE = "opened_twice"
    UNKNOWN_STEP = "unknown_step"
    UNKNOWN_MATERIAL = "unknown_material"
    EARLY = "early"  # waits for another event; it takes effect when that one comes
    ALREADY_ENDED = "already_ended"  # what it would end has ended
    ONE_NOTICE = "one_notice"  # a step asks once, and for everything
    NOTHING_ASKED = "nothing_asked"  # these materials are not wanted
    TOO_LATE = "too_late"  # the days of the notice are over
    WITHHELD = "withheld"  # no result before what was promised has come
    CASE_ENDED = "case_ended"


NOT_SUPPLEMENTED = "not_supplemented"  # reason of a case that ended because nothing came
WITHDRAWN = "withdrawn"  # reason of a case that its applicant gave up


@dataclass(frozen=True, slots=True)
class StepState:
    """`person`: who answers for it, or will. `started_at`: since when it can be worked at."""

    code: str
    stage: Stage
    phase: StepPhase
    person: str
    started_at: float | None = None
    ended_at: float | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A one-time notice of `step`. `given`: what of `missing` has come; `due`: the last day."""

    step: str
    missing: tuple[str, ...]
    asked_at: float
    due: Reckoned
    given: frozenset[str] = frozenset()
    answered_at: float | None = None
    lapsed_at: float | None = None

    @property
    def open(self) -> bool:
        return self.answered_at is None and self.lapsed_at is None


@dataclass(frozen=True, slots=True)
class Pending:
    """A promised material. `due`: ISO date."""

    material: str
    due: str
    came_at: float | None = None
    lapsed_at: float | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    name: str
    amount: int
    at: float
    listed: bool


@dataclass(frozen=True, slots=True)
class CaseState:
    """`reason`: why it was refused or not accepted. `accepted_at`: None before an office took it.

    `ended_at`: completed, refused or not accepted. `runs`: of the clock, the last one counts.
    `refused`: events without effect, by id.
    """

    plan: Plan
    phase: Phase
    person: str
    steps: tuple[StepState, ...]
    opened_at: float
    accepted_at: float | None = None
    ended_at: float | None = None
    notified_at: float | None = None
    reason: str = ""
    notices: tuple[Notice, ...] = ()
    promised: tuple[Pending, ...] = ()
    fees: tuple[Fee, ...] = ()
    runs: tuple[Run, ...] = ()
    refused: Mapping[str, Refusal] | None = None

    @property
    def rejected(self) -> bool:
        return self.phase in {Phase.NOT_ACCEPTED, Phase.REFUSED}

    @property
    def missing(self) -> tuple[str, ...]:
        """Codes that the open notices still wait for."""
        return tuple(
            code
            for notice in self.notices
            if notice.open
            for code in notice.missing
            if code not in notice.given
        )

    @property
    def withheld(self) -> bool:
        """Is the result kept back for a promised material?"""
        return any(one.came_at is None for one in self.promised)
