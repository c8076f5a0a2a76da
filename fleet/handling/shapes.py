"""What terminals send and are told about the life of a case."""

from __future__ import annotations

from pydantic import Field

from fleet.handling.collection import CollectFault
from fleet.handling.orders import OrderFault, OrderKind, OrderState
from fleet.handling.states import Phase, StepPhase
from fleet.handling.supplements import Outcome
from fleet.shapes import Shape
from kiosk.services.item import Stage
from kiosk.wire import NumberFault


class LongSealedShape(Shape):
    """A `kiosk.wire.IdentityRequest`, sealed to the fleet's case key for one purpose."""

    sealed: str = Field(max_length=16_384)


class StepShape(Shape):
    """One step of the handling. Times are ISO 8601, empty for not yet."""

    code: str
    stage: Stage
    phase: StepPhase
    dept_code: str
    person: str = Field(description="who answers for it; never empty")
    started: str
    ended: str


class MissingShape(Shape):
    """A material that still has to come."""

    material: str
    due_date: str
    promised: bool = Field(description="by the applicant, not asked for by the office")
    lapsed: bool
    coming: bool = Field(False, description="handed in; its pages are on their way")


class ProgressShape(Shape):
    """How a case stands. `words`: the office's own, only in answers to a person's number."""

    case_no: str
    task_code: str
    phase: Phase
    person: str = Field(description="who answers for the case; never empty")
    opened: str
    accepted: str
    ended: str
    due_date: str
    days_left: int | None = Field(description="working days; negative: late; null: no clock runs")
    standing: bool = Field(description="the clock stands still")
    provisional: bool = Field(description="reckoned without the holidays of a later year")
    withheld: bool = Field(description="no result before what was promised has come")
    certificate: bool = Field(description="there is a sealed result, and it may be collected")
    rated: bool = Field(description="somebody has rated it")
    own: bool = Field(False, description="whoever asks applied for it, in answers to a number")
    reason: str
    steps: list[StepShape]
    missing: list[MissingShape]
    words: list[tuple[str, str]]


class FoundShape(Shape):
    """The newest cases of one person, or those of a bundle."""

    cases: list[ProgressShape]


class SupplementShape(Shape):
    """What has become of what was handed in later."""

    outcome: Outcome


class NumberFaultShape(Shape):
    fault: NumberFault


class CollectedShape(Shape):
    """A sealed certificate, once more. `fault` null: here it is."""

    fault: CollectFault | None
    certificate_no: str = ""
    copy_no: int = Field(0, description="0: this is the original; else the number of the copy")
    pdf: str = Field("", description="base64")


class OrderShape(Shape):
    """A complaint that was entered. `fault` null: it has a number and a day."""

    fault: OrderFault | None
    number: str = ""
    kind: OrderKind | None = None
    state: OrderState | None = None
    due_date: str = Field("", description="the last day for an answer")
