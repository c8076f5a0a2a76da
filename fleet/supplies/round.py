"""What to bring where: supplies that end by a day, by site, those that hurt most first."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from fleet.supplies.book import Outlook, SupplyRow
from fleet.supplies.forecast import LOW, ONE, OUT, missed

SPANS = {"tomorrow": 1, "week": 7}  # days from tomorrow on
Item = tuple[str, str]  # device, source
DANGER = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would reckon with these


@dataclass(frozen=True, slots=True)
class Due:
    """`missed`: visits that it costs in these days if nobody comes."""

    row: SupplyRow
    missed: float


@dataclass(frozen=True, slots=True)
class Stop:
    """One site of a round. `bring`: item -> how many terminals need it."""

    site: str
    dues: tuple[Due, ...]

    @property
    def missed(self) -> float:
        return sum(due.missed for due in self.dues)

    @property
    def bring(self) -> dict[Item, int]:
        return dict(Counter((due.row.device, due.row.source) for due in self.dues))

    @property
    def first(self) -> date:
        """The day on which the first of it ends; the last of all days where nobody knows."""
        return min((due.row.told.out_on or date.max for due in self.dues), default=date.max)


def plan(outlook: Outlook, days: int) -> tuple[Stop, ...]:
    """`days`: from tomorrow on. What is low or out by now is always among it."""
    first, last = outlook.today + ONE, outlook.today + days * ONE
    stops = defaultdict[str, list[Due]](list)
    for row in (row for rows in outlook.rows.values() for row in rows):
        told = row.told
        if told.level in (LOW, OUT) or (told.out_on is not None and told.out_on <= last):
            cost = missed(row.visits, told.out_on, first, last, outlook.is_workday)
            stops[row.site].append(Due(row, cost))
    found = [Stop(site, tuple(sorted(dues, key=_urgency))) for site, dues in stops.items()]
    return tuple(sorted(found, key=lambda stop: (-stop.missed, stop.first, stop.site)))


def _urgency(due: Due) -> tuple[float, date, str, str]:
    row = due.row
    return -due.missed, row.told.out_on or date.max, row.terminal, row.source


def table(
    stops: Iterable[Stop], heads: Iterable[str], line: Callable[[Due], Iterable[str]]
) -> bytes:
    """As CSV with a byte order mark, so that spreadsheets read the Chinese."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(heads)
    for stop in stops:
        for due in stop.dues:
            writer.writerow([_plain(cell) for cell in line(due)])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _plain(cell: str) -> str:
    """Names come from terminals: none of them is a formula."""
    return f"'{cell}" if cell.startswith(DANGER) else cell
