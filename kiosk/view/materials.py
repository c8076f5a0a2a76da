"""Pages on which the materials (材料) of an application are gathered."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.model import PageHint, Text
from kiosk.view.ending import Paper


@dataclass(frozen=True, slots=True)
class MaterialWay:
    """`name`: scan, earlier, promise, commitment: locale keys `material.way.<name>` and, below it,
    `material.way.<name>.hint`. `why_not`: locale key why it can't be gone now, or ''.

    `pages` to scan; `days`: working days in which a promised one comes.
    """

    name: str
    why_not: str = ""
    pages: int = 1
    days: int = 0


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """`source`: how it is given: card, scan, earlier, promise, commitment; '' not yet. `said`: that
    in words. `stand`: what makes it acceptable; `explain`: how to give it."""

    code: str
    name: Text
    main: bool
    source: str = ""
    said: Text = Text("", "")
    stand: Text = Text("", "")
    explain: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class MaterialsBody:
    """`open`: the row whose `ways` are shown instead of the list. `telling`: instead of the list,
    what is missing, all of it. `printer`: that can be had on paper. `later`: they are handed in to
    a case, which waits for what is not given now."""

    item: Text
    rows: tuple[MaterialRow, ...]
    open: MaterialRow | None = None
    ways: tuple[MaterialWay, ...] = ()
    telling: bool = False
    printer: bool = True
    later: bool = False

    @property
    def missing(self) -> tuple[MaterialRow, ...]:
        return tuple(row for row in self.rows if not row.source)

    @property
    def done(self) -> bool:
        return not self.missing

    @property
    def phase(self) -> str:
        """list, ways, telling."""
        return "ways" if self.open else "telling" if self.telling else "list"

    @property
    def page(self) -> str:
        return f"{self.phase} {self.open.code}" if self.open else self.phase


@dataclass(frozen=True, slots=True)
class ScanBody:
    """`phase`: watching (a paper is laid down), review (the page is looked at), turn (the next one,
    or the same anew, has to be laid down first), failed.

    `number` of `total`: which page. `hint`: locale key `scan.hint.<hint>`; `fault`: locale key
    `scan.fault.<fault>`. The picture, live or of the page, is in the frame slot.
    """

    name: Text
    phase: str = "watching"
    number: int = 1
    total: int = 1
    hint: PageHint = PageHint.SEARCHING
    fault: str = ""
    explain: Text = Text("", "")

    @property
    def page(self) -> str:
        return f"{self.phase} {self.number}"


@dataclass(frozen=True, slots=True)
class CommitmentBody:
    """Something to read and to agree to. `kind`: commitment (declared instead: `text`), promise
    (handed in later: `days`, `due`), earlier (taken from an earlier case: `case_no`, `day`)."""

    kind: str
    name: Text
    item: Text
    text: Text = Text("", "")
    days: int = 0
    due: Text = Text("", "")
    case_no: str = field(default="", repr=False)
    day: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class NoticeBody:
    """The one-time notice (一次性告知): everything that is `missing`, on paper and here. `again`:
    what was scanned in vain, and has to be brought again."""

    item: Text
    missing: tuple[MaterialRow, ...]
    paper: Paper
    done: bool = False
    again: tuple[MaterialRow, ...] = ()
