"""What a screen shows: one frozen View, made by the session, drawn by `screens`.

Words of the program itself are not here: a body holds values and keys, and screens take the
words for them from `config/locales` in the view's language. Texts of the catalogue come as
`Text` in every language, so that switching language needs no new view from the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.model import FaceHint, Language, Rung, Text


class State(StrEnum):
    """Where a visit is. Each state has one screen."""

    ATTRACT = "attract"
    SERVICES = "services"
    GUIDE = "guide"
    CARD = "card"
    CONSENT = "consent"
    FACE = "face"
    QUESTION = "question"
    CHECK = "check"
    SUBMITTING = "submitting"
    PAPERS = "papers"
    RATING = "rating"
    THANKS = "thanks"
    PROBLEM = "problem"
    STILL_THERE = "still_there"
    OUT_OF_SERVICE = "out_of_service"


@dataclass(frozen=True, slots=True)
class ServiceTile:
    """One item on the service list. `why_not` is a locale key when it can't be had now."""

    task_code: str
    name: Text
    department: Text
    icon: str
    kind: str  # instant | promise | query
    promise_days: int = 0
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class AttractBody:
    """`notices` are locale keys of limits today (for example `notice.no_certificates`)."""

    services: tuple[ServiceTile, ...]
    site: Text
    hotline: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServicesBody:
    tiles: tuple[ServiceTile, ...]


@dataclass(frozen=True, slots=True)
class GuideEntry:
    """One of the guide's eleven elements: locale key `guide.<element>` and its text."""

    element: str
    text: Text


@dataclass(frozen=True, slots=True)
class GuideBody:
    name: Text
    kind: str
    summary: tuple[GuideEntry, ...]  # what you need, how long, what it costs, what you get
    details: tuple[GuideEntry, ...]  # the other elements
    questions: int = 0
    minutes: int = 3


@dataclass(frozen=True, slots=True)
class CardBody:
    """`phase`: waiting (put it down) or reading (leave it there)."""

    phase: str = "waiting"


@dataclass(frozen=True, slots=True)
class ConsentBody:
    """`name_masked` greets without showing everything: 张*."""

    name_masked: str = field(default="", repr=False)
    purpose: Text = Text("", "")
    matching: bool = False  # False: no model pack, the face is framed but not compared


@dataclass(frozen=True, slots=True)
class FaceBody:
    hint: FaceHint = FaceHint.SEARCHING
    seconds_left: int = 30


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class QuestionBody:
    """One question. `kind`: text | choice | date | number. `error` is a locale key or ''."""

    name: str
    kind: str
    label: Text
    hint: Text
    number: int
    total: int
    choices: tuple[Choice, ...] = ()
    value: str = field(default="", repr=False)
    error: str = ""
    unit: Text = Text("", "")
    max_length: int = 40
    optional: bool = False


@dataclass(frozen=True, slots=True)
class CheckRow:
    """`field` empty: from the card, can't be changed here."""

    label: Text
    value: Text = field(repr=False)
    field: str = ""


@dataclass(frozen=True, slots=True)
class CheckBody:
    name: Text
    rows: tuple[CheckRow, ...] = field(repr=False)
    declaration: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class SubmittingBody:
    """`stage`: saved (safe on this terminal) → sent → accepted (fleet has it) → deciding."""

    stage: str = "saved"
    instant: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """`name`: receipt or certificate. `trouble` is a locale key once it can't go on."""

    name: str
    rung: Rung = Rung.QUEUED
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class PapersBody:
    """`standing`: decided | accepted | provisional | refused; `done`: no paper still moves."""

    case_no: str
    standing: str
    papers: tuple[Paper, ...]
    done: bool = False
    due_date: str = ""
    result: tuple[tuple[Text, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class RatingBody:
    seconds_left: int = 30


@dataclass(frozen=True, slots=True)
class ThanksBody:
    """`take`: what must not be left behind: card, receipt, certificate."""

    take: tuple[str, ...] = ()
    seconds_left: int = 8


@dataclass(frozen=True, slots=True)
class ProblemBody:
    """One sentence and one way out. Locale keys `problem.<code>` and `way_out.<way_out>`."""

    code: str
    way_out: str
    case_no: str = ""
    seconds_left: int = 0


@dataclass(frozen=True, slots=True)
class StillThereBody:
    seconds_left: int = 15


@dataclass(frozen=True, slots=True)
class OutOfServiceBody:
    """`code`: locale key `out_of_service.<code>`."""

    code: str
    site: Text
    hotline: str


Body = (
    AttractBody
    | ServicesBody
    | GuideBody
    | CardBody
    | ConsentBody
    | FaceBody
    | QuestionBody
    | CheckBody
    | SubmittingBody
    | PapersBody
    | RatingBody
    | ThanksBody
    | ProblemBody
    | StillThereBody
    | OutOfServiceBody
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
    demonstration: bool = False  # sample data: the screen says so
