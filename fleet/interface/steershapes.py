"""Orders and rollouts as the interface takes and gives them. Times are epoch seconds."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from fleet.rollouts.desk import LONGEST_REASON, Proposal
from fleet.rollouts.orders import Preview, Wanted
from fleet.rollouts.rows import OrderRow, RolloutRow
from fleet.rollouts.shapes import LONGEST, Group, Shown, Terms, Where
from fleet.shapes import Shape
from kiosk.wire import LONGEST_SECONDS, Operation, PieceKind

PLAIN = r"^[^\x00-\x1f\x7f]*$"
Text = Annotated[str, Field(max_length=LONGEST, pattern=PLAIN)]
Reason = Annotated[str, Field(max_length=LONGEST_REASON, pattern=PLAIN)]
Terminal = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,32}$")]
Terminals = Annotated[list[Terminal], Field(max_length=20_000)]
Counts = dict[str, int]


class Asked(BaseModel):
    """What others send: nothing that is not named here."""

    model_config = ConfigDict(extra="forbid")


class WhereAsked(Asked):
    """Which terminals: all that fit everything that is said. Nothing said: all of them."""

    ids: Terminals = []
    site: Text = Field(default="", description="part of its name")
    software: Text = ""
    state: Shown | None = None
    share: Annotated[float, Field(gt=0, le=1)] = 1.0

    def where(self) -> Where:
        return Where(self.ids, self.site, self.software, self.share, self.state)


class Messages(Asked):
    """On the screen of a terminal that is put out of service."""

    zh: Text = ""
    en: Text = ""


class OrderWish(Asked):
    """`seconds`: how long it may wait for its terminals; 0: as is usual for the operation."""

    operation: Operation
    where: WhereAsked
    arguments: Messages = Messages()
    seconds: Annotated[int, Field(ge=0, le=LONGEST_SECONDS)] = 0
    reason: Text = ""
    seen: Terminals | None = None

    def wanted(self) -> Wanted:
        told = {name: text for name, text in self.arguments.model_dump().items() if text}
        return Wanted(self.operation, self.where.where(), told, self.seconds, self.reason)


class GroupAsked(Asked):
    name: Annotated[str, Field(min_length=1, max_length=64, pattern=PLAIN)]
    where: WhereAsked = WhereAsked()
    approve: bool = False


class RolloutWish(Asked):
    """`observe`: seconds that each group is watched; `visits`: that it must have had by then."""

    kind: PieceKind
    version: Text
    groups: Annotated[list[GroupAsked], Field(min_length=1, max_length=50)]
    observe: Annotated[float, Field(ge=0, le=31 * 86_400)] = Terms().observe
    visits: Annotated[int, Field(ge=0, le=1_000_000)] = Terms().visits
    window: Text = ""

    def proposal(self) -> Proposal:
        groups = [Group(one.name, one.where.where(), one.approve or not number)
                  for number, one in enumerate(self.groups)]  # fmt: skip
        terms = Terms(observe=self.observe, visits=self.visits)
        return Proposal(self.kind, self.version, groups, terms, self.window)


class Turn(Asked):
    """`reason`: of a stop."""

    seen: Text | None = None
    reason: Reason = ""


class WhereShape(Shape):
    ids: list[str]
    site: str
    software: str
    share: float
    state: Shown | None


class OrderShape(Shape):
    """`counts`: state of a terminal's command -> how many."""

    id: int
    operation: str
    state: str = Field(description="approval, sending, refused, withdrawn, ended")
    asked_by: str
    asked_at: float
    answered_by: str
    seconds: int
    reason: str
    where: WhereShape
    arguments: dict[str, str]
    counts: Counts

    @classmethod
    def of(cls, row: OrderRow) -> Self:
        return cls.model_validate(row)


class SentShape(Shape):
    """`brought`: logs, picture, or empty; to be had at `/commands/{command}/attachment`."""

    terminal: str
    command: str
    state: str
    why: str
    changed_at: float
    brought: str


class HitShape(Shape):
    """`visited`: somebody is there; it does it afterwards."""

    terminal: str
    site: str
    online: bool
    visited: bool


class PreviewShape(Shape):
    """`second`: another person has to approve it."""

    terminals: list[HitShape]
    second: bool

    @classmethod
    def of(cls, found: Preview) -> Self:
        return cls.model_validate(found)


class GroupShape(Shape):
    name: str
    where: WhereShape
    approve: bool


class RolloutShape(Shape):
    """`stage`: of its groups, from 0; -1: none has begun. `mark`: for `seen`. `counts`: state of a
    terminal -> how many."""

    id: int
    kind: PieceKind
    version: str
    state: str
    stage: int
    why: str
    asked_by: str
    made_at: float
    changed_at: float
    mark: str
    groups: list[GroupShape]
    observe: float
    visits: int
    window: str
    counts: Counts

    @classmethod
    def of(cls, row: RolloutRow) -> Self:
        plan = row.plan
        own = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        more = {"groups": plan.groups, "window": plan.window}
        return cls.model_validate({**own, **more, "observe": plan.terms.observe,
                                   "visits": plan.terms.visits})  # fmt: skip


class MemberShape(Shape):
    terminal: str
    stage: int
    state: str
    why: str
    changed_at: float


class FareShape(Shape):
    """Visits that ended, those completed, those that a crash ended; papers, and those of which
    nobody knows whether they came out."""

    visits: int
    completed: int
    crashed: int
    papers: int
    unconfirmed: int


class DriftShape(Shape):
    """`rollout`: the newest that has this terminal, or 0; `step`: how far it is there; `why`: what
    it said when it failed."""

    terminal: str
    kind: PieceKind
    has: str
    wanted: str
    since: float
    online: bool
    rollout: int
    step: str
    why: str
