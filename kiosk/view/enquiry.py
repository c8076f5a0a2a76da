"""Pages about cases that were submitted, about complaints, and what is wished for on paper."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.model import Text
from kiosk.view.ending import NOTHING, Paper


@dataclass(frozen=True, slots=True)
class CasesBody:
    """Ways to find a case. `scanner`: a code can be held to it now; the others say why they can't
    be gone, or ''. `error`: locale key or ''; `wait`: minutes that it names."""

    scanner: bool = True
    number_why_not: str = ""
    card_why_not: str = ""
    error: str = ""
    wait: int = 0


@dataclass(frozen=True, slots=True)
class LookupBody:
    """`what` is asked for: cases, result: locale keys `lookup.<what>`."""

    what: str = "cases"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """`phase`: locale key `case.phase.<phase>`. `wants`: something is missing; `ready`: there is
    a paper to collect."""

    case_no: str
    item: Text = field(repr=False)
    phase: str = ""
    due: Text = NOTHING
    wants: bool = False
    ready: bool = False


@dataclass(frozen=True, slots=True)
class CaseListBody:
    """`bundle`: the number that all of them have in common, where they were found by that."""

    rows: tuple[CaseRow, ...] = field(repr=False)
    name_masked: str = field(default="", repr=False)
    bundle: str = ""


@dataclass(frozen=True, slots=True)
class CaseGapRow:
    """What still has to come, and until when; `coming`: it was handed in, and is on its way."""

    name: Text
    due: Text = NOTHING
    promised: bool = False
    lapsed: bool = False
    coming: bool = False


@dataclass(frozen=True, slots=True)
class CaseStepRow:
    """`phase`: locale key `case.step.<phase>`; `day`: since when, or when it ended."""

    name: Text
    phase: str
    day: Text = NOTHING


@dataclass(frozen=True, slots=True)
class CaseBody:
    """`phase`: locale keys `case.phase.<phase>` and `case.next.<phase>`. `known`: a card shows
    whose case it is, so that more may be told. `wanted`: how many things are missing. `collect`
    (the result), `supplement` (handing in what is missing): '' nothing, `ready`, or why it can't
    be done now. `appointment`: when and where, what to bring; `change`: as `collect`, of the page
    about it. `card_why_not`: as for a way."""

    case_no: str
    phase: str
    due: Text = NOTHING
    late: bool = False
    standing: bool = False  # the clock stands still
    ended: bool = False
    wanted: int = 0
    known: bool = False
    item: Text = field(default=NOTHING, repr=False)
    missing: tuple[CaseGapRow, ...] = field(default=(), repr=False)
    steps: tuple[CaseStepRow, ...] = field(default=(), repr=False)
    words: tuple[Text, ...] = field(default=(), repr=False)
    appointment: tuple[Text, ...] = field(default=(), repr=False)
    change: str = ""
    collect: str = ""
    supplement: str = ""
    rate: bool = False
    card_why_not: str = ""
    slip: bool = False


@dataclass(frozen=True, slots=True)
class HotlineBody:
    """`case_no`: which case a complaint would be about, or ''."""

    hotline: str
    case_no: str = ""


@dataclass(frozen=True, slots=True)
class LodgedBody:
    """A complaint has its number. `due`: the last day for an answer. `slip`: it can be printed."""

    number: str
    due: Text = NOTHING
    slip: bool = True


@dataclass(frozen=True, slots=True)
class SlipBody:
    """`kind`: complaint, progress."""

    kind: str
    number: str
    paper: Paper
    done: bool = False
    told: tuple[Text, ...] = field(default=(), repr=False)
