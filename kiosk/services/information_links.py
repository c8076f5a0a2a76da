"""The rules that a page of public information must keep among all pages, items and days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kiosk.services.information import Entries, Kind
from kiosk.services.item import Item
from kiosk.services.lint_plain import READING, Readable
from kiosk.services.lint_rules import Finding

SOON = 14  # days before the last one, from which an office is reminded
OLD = 366  # days after which what has no last day is looked through again


@dataclass(frozen=True, slots=True)
class Around:
    """What a page is held against: all pages, all items, and the day."""

    entries: Entries
    items: Mapping[str, Item]
    day: date


@dataclass(frozen=True, slots=True)
class LinkRule:
    """As `PageRule`, of one page among all; `warns`: it is told, and keeps nothing back."""

    name: str
    says: str
    check: Callable[[str, Around], Iterator[Finding]]
    warns: bool = False


def _links(name: str, around: Around) -> Iterator[Finding]:
    one = around.entries[name]
    for index, code in enumerate(one.items):
        if code not in around.items:
            yield ("items", index), f"there is no item {code}"
    for index, other in enumerate(one.see):
        if other == name:
            yield ("see", index), "is this page itself"
        elif other not in around.entries:
            yield ("see", index), f"there is no page {other}.toml"


def _places(name: str, around: Around) -> Iterator[Finding]:
    """A terminal stands in one place."""
    for index, terminal in enumerate(around.entries[name].here):
        for other, entry in around.entries.items():
            if other < name and terminal in entry.here:
                yield ("here", index), f"{terminal} stands in {other}.toml already"


def _over(name: str, around: Around) -> Iterator[Finding]:
    last = around.entries[name].valid_until
    if last is None:
        return
    left = (last - around.day).days
    if left < 0:
        yield ("valid_until",), f"{last} is past: it is not shown any more; remove it or renew it"
    elif left <= SOON:
        yield ("valid_until",), f"is shown for {left} more days only, until {last}"


def _old(name: str, around: Around) -> Iterator[Finding]:
    one = around.entries[name]
    age = (around.day - one.published).days
    if one.valid_until is None and age > OLD:
        yield ("published",), f"is {age} days ago: is it still right? Then write today's day"


def _reading(check: Readable) -> Callable[[str, Around], Iterator[Finding]]:
    return lambda name, around: check(around.entries[name])


LINKS: Sequence[LinkRule] = (
    LinkRule("page-link", "Every item and every page that is named is there.", _links),
    LinkRule("place-twice", "A terminal stands in one place.", _places),
    LinkRule("page-over", "Its last day is past, or near.", _over, warns=True),
    LinkRule("page-old", "It has no last day, and was published more than a year ago.", _old,
             warns=True),
    *(LinkRule(name, says, _reading(check), warns=True) for name, says, check in READING),
)  # fmt: skip
FEE_UNLISTED = "fee-unlisted"
FEE_UNLISTED_SAYS = "An item that charges stands on no fee page."


def unlisted(entries: Entries, items: Sequence[Item]) -> Iterator[Item]:
    """Items that charge, of which no fee page tells; none where there is no fee page at all."""
    pages = [entry for entry in entries.values() if entry.kind is Kind.FEE]
    told = {code for entry in pages for code in entry.items}
    return (one for one in items if pages and charges(one) and one.task_code not in told)


def charges(one: Item) -> bool:
    """Also what is paid elsewhere, of which only the standard tells."""
    return any(fee.amount or fee.field or "不收费" not in fee.fee_stand.zh for fee in one.fees)
