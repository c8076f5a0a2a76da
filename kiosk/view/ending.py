"""Pages from submitting to the end, and those beside the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.model import Rung, Text
from kiosk.view.browse import Elsewhere, Notice

NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class SubmittingBody:
    """`stage`: saved (safe on this terminal) → sent → accepted (fleet has it) → deciding."""

    stage: str = "saved"
    instant: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """`name`: receipt or certificate. `trouble` is a locale key once it can't go on. `number` is
    its turn among `count` of the same name, which come one after the other."""

    name: str
    rung: Rung = Rung.QUEUED
    trouble: str = ""
    number: int = 1
    count: int = 1


@dataclass(frozen=True, slots=True)
class FiledCase:
    """One case of a bundle. `standing` as of `PapersBody`."""

    item: Text
    case_no: str
    standing: str
    due: Text = NOTHING


@dataclass(frozen=True, slots=True)
class PapersBody:
    """`standing`: decided | accepted | provisional | carried | refused; `done`: no paper still
    moves. `carried`: a helper hands it on; it counts as accepted when the office accepts it.

    `cases`: those of a bundle; `case_no` is then their common number, and `standing` is several
    where they don't stand alike.
    """

    case_no: str
    standing: str
    papers: tuple[Paper, ...]
    done: bool = False
    due: Text = NOTHING
    result: tuple[tuple[Text, str], ...] = field(default=(), repr=False)
    cases: tuple[FiledCase, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketBody:
    """`number`: of the queue ticket, such as K012; `paper`: the ticket itself."""

    number: str
    paper: Paper
    item: Text
    done: bool = False


@dataclass(frozen=True, slots=True)
class RatingTag:
    """What may be said with a level; `code` goes into the record."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class RatingBody:
    """`cases`: how many are rated together. `level`: that was chosen, 0 before; `tags`: what may be
    said with it."""

    seconds_left: int = 30
    cases: int = 1
    level: int = 0
    tags: tuple[RatingTag, ...] = ()


@dataclass(frozen=True, slots=True)
class ThanksBody:
    """`take`: what must not be left behind: card, receipt, certificate, ticket; or certificates,
    of which there are `certificates`.

    `again`: another service can be had without being identified again. `next_citizen`: a helper
    is signed in, and may serve somebody else.
    """

    take: tuple[str, ...] = ()
    seconds_left: int = 20
    again: bool = False
    next_citizen: bool = False
    certificates: int = 0


@dataclass(frozen=True, slots=True)
class ProblemBody:
    """One sentence and a way out. Locale keys `problem.<code>` and `way_out.<way_out>`.

    `other_ways`: a second button leads to the other ways to be identified. `tries_left` None: not
    counted. `still`: services that can be had all the same.
    """

    code: str
    way_out: str
    case_no: str = ""
    seconds_left: int = 0
    other_ways: bool = False
    tries_left: int | None = None
    still: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class StillThereBody:
    """`overdue`: it is not that nobody moved, but the whole visit has lasted long."""

    seconds_left: int = 15
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class OutOfServiceBody:
    """`code`: locale key `out_of_service.<code>`. `notices`: for the staff who come to mend it.

    `staff`: somebody is enrolled who can sign in. `message`: of the fleet, instead of the code's
    sentence. `terminal`: its id, in large type, when somebody looks for it; `flash`: brightly.
    `elsewhere`: the next terminal.
    """

    code: str
    site: Text
    hotline: str
    notices: tuple[Notice, ...] = ()
    staff: bool = False
    message: Text | None = None
    terminal: str = ""
    flash: bool = False
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One device as staff see it: `device.<device>`, `device.state.<state>`, `fault.<fault>`,
    `action.<action>`; `supplies`: (`supply.<name>`, `supply.level.<level>`)."""

    device: str
    state: str
    fault: str = ""
    action: str = ""
    supplies: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StaffBody:
    """`acts`: what may be done, locale keys `staff.act.<act>`: test_slip, close_service,
    open_service. `said`: how the last act came out, locale key or ''.

    `waiting`: records that the fleet has not acknowledged.
    """

    name: str = field(repr=False)
    role: str
    closed: bool
    online: bool
    waiting: int
    version: str
    devices: tuple[DeviceRow, ...]
    acts: tuple[str, ...]
    said: str = ""
    busy: bool = False
