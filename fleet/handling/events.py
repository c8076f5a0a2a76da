"""What happens to a case: the list of these is the truth, and only ever grows.

Events hold codes, days and the names of officials, never a citizen's data; an office's words for
the citizen are kept sealed beside them (`book`). `at`: epoch seconds by whoever reports it.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Annotated

import msgspec

from fleet.handling.plan import Code, Days, Person, Plan
from fleet.platform.contract import Standing, StepEnd, StepReport

EARLIEST, LATEST = 946_684_800.0, 4_102_444_800.0  # 2000 to 2100: a clock outside is broken

Moment = Annotated[float, msgspec.Meta(ge=EARLIEST, le=LATEST)]
Fen = Annotated[int, msgspec.Meta(ge=0, le=10**12)]


class Procedure(StrEnum):
    """特别程序: what may stop the clock besides corrections."""

    HEARING = "hearing"  # 听证
    EXPERT_REVIEW = "expert_review"  # 专家评审
    INSPECTION = "inspection"  # 检验、检测、勘验
    PUBLIC_NOTICE = "public_notice"  # 公示


class Told(StrEnum):
    """How the citizen came to know the result."""

    COLLECTED = "collected"
    PRINTED = "printed"
    MESSAGE = "message"
    POST = "post"


class _Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    at: Moment


class Opened(_Event, frozen=True, kw_only=True, tag="opened"):
    """收件: the fleet received it. A case has one, which everything else needs."""

    plan: Plan


class StepEnded(_Event, frozen=True, kw_only=True, tag="step_ended"):
    step: Code
    person: Person
    refused: bool = False


class Asked(_Event, frozen=True, kw_only=True, tag="asked"):
    """一次性告知: the complete list of what is missing. `days`: to hand it in; 0: the plan's."""

    step: Code
    person: Person
    missing: Annotated[tuple[Code, ...], msgspec.Meta(min_length=1, max_length=100)]
    days: Days = 0


class Supplemented(_Event, frozen=True, kw_only=True, tag="supplemented"):
    """Materials came: to answer the notice of `step`, or, with "", promised ones."""

    materials: Annotated[tuple[Code, ...], msgspec.Meta(min_length=1, max_length=100)]
    step: str = ""


class CorrectionLapsed(_Event, frozen=True, kw_only=True, tag="correction_lapsed"):
    """The days of a notice are over; by the fleet's clock."""

    step: Code


class PromiseLapsed(_Event, frozen=True, kw_only=True, tag="promise_lapsed"):
    """A promised material did not come; by the fleet's clock."""

    material: Code


class Paused(_Event, frozen=True, kw_only=True, tag="paused"):
    """`name`: of this one occasion, to resume by."""

    name: Code
    procedure: Procedure
    person: Person


class Resumed(_Event, frozen=True, kw_only=True, tag="resumed"):
    name: Code


class Assigned(_Event, frozen=True, kw_only=True, tag="assigned"):
    """Somebody else answers for it now. `step` "": for the case."""

    person: Person
    step: str = ""


class Decided(_Event, frozen=True, kw_only=True, tag="decided"):
    """A platform that decides in one go. `reason`: a code of `contract.Reason`."""

    standing: Standing
    person: Person
    reason: str = ""


class FeeTaken(_Event, frozen=True, kw_only=True, tag="fee_taken"):
    """`name`: number of the payment."""

    name: Code
    amount: Fen


class Notified(_Event, frozen=True, kw_only=True, tag="notified"):
    how: Told


Event = (
    Opened | StepEnded | Asked | Supplemented | CorrectionLapsed | PromiseLapsed | Paused
    | Resumed | Assigned | Decided | FeeTaken | Notified
)  # fmt: skip


def encode(event: Event) -> bytes:
    """The same event always gives the same bytes."""
    return msgspec.json.encode(event, order="deterministic")


def decode(data: bytes | str) -> Event:
    """Raises `msgspec.DecodeError`."""
    event: Event = _DECODER.decode(data)
    return event


def event_id(event: Event) -> str:
    """Its place in the case's list: an event that comes again has the same."""
    if isinstance(event, Opened):
        return "opened"
    return hashlib.sha256(encode(event)).hexdigest()[:32]


def valid(event: Event) -> bool:
    """Does it keep the types' own limits? For one that was not decoded."""
    try:
        decode(encode(event))
    except (msgspec.DecodeError, UnicodeEncodeError):
        return False
    return True


def from_report(report: StepReport, at: float) -> StepEnded | Asked:
    """`at`: its time in epoch seconds. Not checked: see `valid`."""
    if report.end is StepEnd.SENT_BACK:
        return Asked(at=at, step=report.step, person=report.person, missing=report.missing)
    refused = report.end is StepEnd.REFUSED
    return StepEnded(at=at, step=report.step, person=report.person, refused=refused)


_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
