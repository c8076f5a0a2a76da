"""What slips can say: one class for each kind of facts. Names and numbers come masked.

A template of `config/receipts` names these fields in braces; they are checked when it is read.
`time` is local; money is in fen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from kiosk.model import Language, Text
from kiosk.slips.standing import Standing, why


@dataclass(frozen=True, slots=True)
class Given:
    """A material that was handed over. `how`: from the card, scanned now, declared instead."""

    name: Text
    how: Text


@dataclass(frozen=True, slots=True)
class Promised:
    """A material that comes later."""

    name: Text
    due: date


@dataclass(frozen=True, slots=True)
class Missing:
    """A material that has to come, what makes it acceptable, and where it can come from."""

    name: Text
    stand: Text = Text("", "")
    where: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class Place:
    """Which terminal speaks, at which moment."""

    terminal: str
    site: Text
    hotline: str
    time: datetime
    language: Language = Language.ZH
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """A visit's outcome. `reason` is the gateway's code for why a case was refused, or why a
    person looks at it first; `basis` and `remedy` are the law behind a refusal and what can be
    done about it. `refund`: fen that were paid for a refused case, and go back.

    `record_hash` and `seq` are those of the case's record in this terminal's journal: with them
    anybody can show later that the record was not changed. `others`: who else had a part in it,
    masked, under which label.
    """

    terminal: str
    site: Text
    item: Text
    case_no: str
    standing: Standing
    name: str = field(repr=False)
    number: str = field(repr=False)
    time: datetime
    hotline: str
    record_hash: str
    seq: int
    language: Language = Language.ZH
    due: date | None = None
    certificate_no: str = ""
    reason: str = ""
    result: tuple[tuple[Text, str], ...] = field(default=(), repr=False)
    others: tuple[tuple[Text, str], ...] = field(default=(), repr=False)
    demonstration: bool = False
    given: tuple[Given, ...] = ()
    promised: tuple[Promised, ...] = ()
    basis: Text = Text("", "")
    remedy: Text = Text("", "")
    refund: int = 0

    @property
    def why(self) -> Text:
        """A refusal always has a reason; otherwise only what the citizen should know of."""
        return why(self.standing, self.reason)

    @property
    def proof(self) -> str:
        return f"{self.seq} {self.record_hash[:16]}"


@dataclass(frozen=True, slots=True)
class Part:
    """One case of a bundle: of which item, and how far it has come, in words."""

    what: Text
    case_no: str
    state: Text
    due: date | None = None
    certificate_no: str = ""
    why: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class Bundle(Place):
    """一件事一次办: all cases of one visit. `bundle`: the number that they have in common.

    `open`: some are not confirmed yet. `refused`: some are. `proof` as of a `Slip`.
    """

    item: Text = Text("", "")
    bundle: str = ""
    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    others: tuple[tuple[Text, str], ...] = field(default=(), repr=False)
    parts: tuple[Part, ...] = ()
    given: tuple[Given, ...] = ()
    promised: tuple[Promised, ...] = ()
    certificates: int = 0
    open: bool = False
    refused: bool = False
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Notice(Place):
    """The one-time notice (一次性告知): everything that is missing, once. `due`: until when.

    `again`: what was shown here, and has to be shown again, since no case keeps it.
    """

    item: Text = Text("", "")
    case_no: str = ""
    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    missing: tuple[Missing, ...] = ()
    again: tuple[Missing, ...] = ()
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Promise(Place):
    """容缺承诺书. `due`: the earliest of the promised days."""

    item: Text = Text("", "")
    case_no: str = ""
    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    promised: tuple[Promised, ...] = ()
    due: date | None = None
    signed: bool = False  # by hand, on the screen


@dataclass(frozen=True, slots=True)
class Fee:
    """One thing that was paid for."""

    name: Text
    fen: int


@dataclass(frozen=True, slots=True)
class Payment(Place):
    """`payment_no` is ours, `reference` the provider's; `how`: the means of payment."""

    item: Text = Text("", "")
    case_no: str = ""
    name: str = field(default="", repr=False)
    fees: tuple[Fee, ...] = ()
    total: int = 0
    payee: Text = Text("", "")
    how: Text = Text("", "")
    payment_no: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Ticket(Place):
    """The queue's number, such as K012. It names nobody: who holds it shows their card."""

    number: str = ""
    item: Text = Text("", "")
    ahead: str = ""  # how many wait before it, when the queue tells


@dataclass(frozen=True, slots=True)
class TestPrint(Place):
    """For staff: does the printer print, in both scripts and both sizes?"""

    __test__ = False  # no test of pytest's

    staff: str = ""
