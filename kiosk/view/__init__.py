"""What a screen shows: one frozen View, made by the session, drawn by `screens`.

Words of the program itself are not here: a body holds values and keys, and screens take the
words for them from `config/locales` in the view's language. Texts of the catalogue come as
`Text` in every language, so that switching language needs no new view from the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.model import Language
from kiosk.view.answers import (
    CheckBody,
    CheckRow,
    Choice,
    ListedPerson,
    QuestionBody,
    SignBody,
)
from kiosk.view.appointment import AppointmentAskBody, AppointmentBody
from kiosk.view.browse import (
    AttractBody,
    Elsewhere,
    GuideBody,
    GuideEntry,
    Notice,
    PracticeBody,
    ServicesBody,
    ServiceTile,
    ShelfTile,
)
from kiosk.view.ending import (
    DeviceRow,
    FiledCase,
    OutOfServiceBody,
    Paper,
    PapersBody,
    ProblemBody,
    RatingBody,
    RatingTag,
    StaffBody,
    StillThereBody,
    SubmittingBody,
    ThanksBody,
    TicketBody,
)
from kiosk.view.enquiry import (
    CaseBody,
    CaseGapRow,
    CaseListBody,
    CaseRow,
    CasesBody,
    CaseStepRow,
    HotlineBody,
    LodgedBody,
    LookupBody,
    SlipBody,
)
from kiosk.view.identity import (
    CardBody,
    ConsentBody,
    FaceBody,
    PinBody,
    Way,
    WaysBody,
    WitnessBody,
)
from kiosk.view.information import (
    ArticleBody,
    ArticleRow,
    Block,
    BlockKind,
    InformationBody,
    InformationShelf,
)
from kiosk.view.materials import (
    CommitmentBody,
    MaterialRow,
    MaterialsBody,
    MaterialWay,
    NoticeBody,
    ScanBody,
)
from kiosk.view.payment import PaymentBody
from kiosk.view.states import (
    State,
)

__all__ = [
    "AppointmentAskBody",
    "AppointmentBody",
    "ArticleBody",
    "ArticleRow",
    "AttractBody",
    "Block",
    "BlockKind",
    "Body",
    "CardBody",
    "CaseBody",
    "CaseGapRow",
    "CaseListBody",
    "CaseRow",
    "CaseStepRow",
    "CasesBody",
    "CheckBody",
    "CheckRow",
    "Choice",
    "CommitmentBody",
    "ConsentBody",
    "DeviceRow",
    "Elsewhere",
    "FaceBody",
    "FiledCase",
    "GuideBody",
    "GuideEntry",
    "HotlineBody",
    "InformationBody",
    "InformationShelf",
    "ListedPerson",
    "LodgedBody",
    "LookupBody",
    "MaterialRow",
    "MaterialWay",
    "MaterialsBody",
    "Notice",
    "NoticeBody",
    "OutOfServiceBody",
    "Paper",
    "PapersBody",
    "PaymentBody",
    "PinBody",
    "PracticeBody",
    "ProblemBody",
    "Progress",
    "QuestionBody",
    "RatingBody",
    "RatingTag",
    "ScanBody",
    "ServiceTile",
    "ServicesBody",
    "ShelfTile",
    "SignBody",
    "SlipBody",
    "StaffBody",
    "State",
    "StillThereBody",
    "SubmittingBody",
    "ThanksBody",
    "TicketBody",
    "View",
    "Way",
    "WaysBody",
    "WitnessBody",
]

Body = (
    AttractBody
    | PracticeBody
    | ServicesBody
    | GuideBody
    | CardBody
    | ConsentBody
    | FaceBody
    | WaysBody
    | PinBody
    | WitnessBody
    | QuestionBody
    | MaterialsBody
    | ScanBody
    | CommitmentBody
    | NoticeBody
    | CheckBody
    | SignBody
    | PaymentBody
    | SubmittingBody
    | PapersBody
    | TicketBody
    | RatingBody
    | ThanksBody
    | ProblemBody
    | StillThereBody
    | AppointmentBody
    | AppointmentAskBody
    | CaseBody
    | CaseListBody
    | CasesBody
    | HotlineBody
    | LodgedBody
    | LookupBody
    | SlipBody
    | InformationBody
    | ArticleBody
    | OutOfServiceBody
    | StaffBody
)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where in the visit: `steps` are locale keys `step.<name>`, `index` counts from 0."""

    steps: tuple[str, ...]
    index: int


@dataclass(frozen=True, slots=True)
class View:
    state: State
    language: Language
    body: Body
    serial: int = 0  # grows with every view: later views win
    progress: Progress | None = None
    can_go_back: bool = False
    can_leave: bool = False
    ribbon: str = ""  # what each page says above: sample data, practice; a locale key
