"""As `facts`: what slips around a service can say, of cases on their way and of errands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kiosk.model import Text
from kiosk.slips.facts import Given, Place, Promised


@dataclass(frozen=True, slots=True)
class Supplement(Place):
    """What was handed in later (补交材料). `state` in words, `why` if it was not taken. `missing`:
    what the case still waits for. One of `saved` (nobody has confirmed it), `received`, `taken`,
    `part` (taken, and more is missing); none of them when it was refused. `proof` as of a `Slip`.
    """

    item: Text = Text("", "")
    case_no: str = ""
    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    state: Text = Text("", "")
    why: Text = Text("", "")
    given: tuple[Given, ...] = ()
    missing: tuple[Promised, ...] = ()
    saved: bool = False
    received: bool = False
    taken: bool = False
    part: bool = False
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the handling, how it stands, and until or since when."""

    name: Text
    state: Text
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Progress(Place):
    """Where a case stands. `state` in words."""

    item: Text = Text("", "")
    case_no: str = ""
    state: Text = Text("", "")
    stages: tuple[Stage, ...] = ()
    due: date | None = None
    person: str = ""  # who answers for it, as the office names them


@dataclass(frozen=True, slots=True)
class Appointment(Place):
    """What holds now of a case's appointment. `when`: day and time in words, of a cancelled one
    too; `late`: minutes after which one counts as not come, or ''. `hold`: it stands; `moved`,
    `cancelled`: by this visit or before; `withdrawn`: the case with it."""

    item: Text = Text("", "")
    case_no: str = ""
    when: Text = Text("", "")
    office: Text = Text("", "")
    address: Text = Text("", "")
    bring: Text = Text("", "")
    late: str = ""
    hold: bool = True
    moved: bool = False
    cancelled: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Complaint(Place):
    """A work order of the hotline (工单). `about` is empty, or the case that it is about."""

    order_no: str = ""
    kind: Text = Text("", "")
    about: str = ""
    department: Text = Text("", "")
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Of a page of public information: a heading, a paragraph, or a name with what belongs to
    it. Each is empty, or what its name says."""

    head: Text = Text("", "")
    said: Text = Text("", "")
    label: Text = Text("", "")
    value: Text = Text("", "")
    below: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class Information(Place):
    """A page of what is made public; or the blank form of an item, as `summary` says whose."""

    title: Text = Text("", "")
    summary: Text = Text("", "")
    lines: tuple[Line, ...] = ()
    published: date | None = None
    until: date | None = None
