"""What somebody wants who does not apply for anything: about a case, its result, a complaint."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.ports import FreeSlot
from kiosk.session.supplement import Supplement
from kiosk.wire import Record


class Purpose(StrEnum):
    """What the visit is for, just now."""

    APPLY = "apply"  # for a service
    ENQUIRE = "enquire"  # how does my case stand?
    COLLECT = "collect"  # the result of one
    COMPLAIN = "complain"
    SUPPLEMENT = "supplement"  # what a case waits for is handed in
    READ = "read"  # what is made public
    PRACTISE = "practise"  # how a visit goes; nothing comes of it


class How(StrEnum):
    """By what a case is looked for."""

    CODE = "code"  # the receipt's QR code
    NUMBER = "number"
    CARD = "card"


@dataclass(slots=True)
class Enquiry:
    """Where somebody is who asks for a case. `how`: '' before anything was tried; `error`: locale
    key or ''; `case_no`: looked for, or shown; `bundle`: the number of several that are looked for;
    `listed`: it was chosen from a list."""

    how: str = ""
    error: str = ""
    case_no: str = ""
    listed: bool = False
    bundle: str = ""
    wait: int = 0  # seconds, if too many were looked up


@dataclass(slots=True)
class Complaint:
    """A complaint between its first question and its number. `asking`: index of the question.
    `about_case`: number of the case that it is about, or ''; `changing`: one answer is changed.

    What was said is in the vault.
    """

    asking: int = 0
    about_case: str = ""
    changing: bool = False
    about: str = ""  # the kind that was chosen, for the slip
    order_no: str = ""
    due: str = ""  # ISO date


@dataclass(slots=True)
class Reading:
    """Of what is made public: the open shelf and article, '' for none. `choosing`: one of the
    services that the article is about."""

    shelf: str = ""
    article: str = ""
    choosing: bool = False


@dataclass(slots=True)
class Changing:
    """An appointment that is being changed. `act`: move, cancel, or '' while it is looked at.
    `questions`: names of the item's fields of the place, `asking` the index of one; `agreed`: it
    is to be done; `again`: it was agreed to once; `done`: the fleet has committed it."""

    act: str = ""
    questions: tuple[str, ...] = ()
    asking: int = 0
    office: str = ""
    day: str = ""  # ISO date
    slot: str = ""
    again: bool = False
    agreed: bool = False
    done: bool = False

    @property
    def question(self) -> str:
        """'' when every one is answered."""
        return self.questions[self.asking] if 0 <= self.asking < len(self.questions) else ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A place between its intent and its case. `case_no`: that the case will have."""

    request_no: str
    case_no: str
    intent: Record = field(repr=False)
    data: dict[str, str] = field(repr=False)


# What is told before anything is tried: locale keys `practice.<page>`, and which step of a visit it
# is about.
TOLD = {"begin": 0, "card": 1, "face": 1}


@dataclass(slots=True)
class Practice:
    """`told`: index into `TOLD`; `asking`: of the question; `changing`: one answer is changed."""

    told: int = 0
    asking: int = 0
    changing: bool = False


@dataclass(slots=True)
class Around:
    """All of it, in one place of the visit."""

    purpose: Purpose = Purpose.APPLY
    enquiry: Enquiry = field(default_factory=Enquiry)
    complaint: Complaint = field(default_factory=Complaint)
    reading: Reading = field(default_factory=Reading)
    practice: Practice = field(default_factory=Practice)
    level: int = 0  # of the rating that is being given
    copy: int = 0  # of the result that was collected; 0: the original
    job: str = ""  # of the print of a collected result
    places: tuple[FreeSlot, ...] | None = None  # that are free; None: not asked, or nobody tells
    places_told: bool = False  # they were asked for, whatever came of it
    kept: Kept | None = None
    changing: Changing = field(default_factory=Changing)
    supplement: Supplement | None = None  # while it is handed in
    slip: str = ""  # what a slip is wanted of: complaint, progress, information
