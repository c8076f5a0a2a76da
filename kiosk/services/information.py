"""What an office makes public: one page of it for each TOML file of `config/information`.

A page is named by its file. It is shown from `published` to `valid_until`, both days included.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

from kiosk.services.fields import Words

NOTHING = Words("", "")


class Kind(StrEnum):
    """The shelves, in the order in which they are shown."""

    NOTICE = "notice"  # 通知公告
    LIST = "list"  # 公示: who is to have something, or has it
    PLACE = "place"  # 办事地点
    DEPARTMENT = "department"  # 部门窗口
    POLICY = "policy"  # 政策
    FEE = "fee"  # 收费标准


class Decision(StrEnum):
    """When a list of results is shown."""

    BEFORE = "before"  # 审批前公示: anybody may object
    AFTER = "after"  # 审批后公告


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Some paragraphs under a heading; a paragraph ends with the line."""

    heading: Words
    text: Words


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A counter, an office or a telephone: where, when, which number."""

    name: Words
    address: Words = NOTHING
    hours: Words = NOTHING
    phone: str = ""


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a list of results. `name` and `number` are masked, but for an organisation's
    name. `what`: what is decided, and for where."""

    name: str
    what: Words
    number: str = ""
    organisation: bool = False


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page. `valid_until`: the last day; without it, until the file is taken away.

    `items`: task codes of the services it is about; of a fee page, those whose fees it shows.
    `see`: names of other pages. `terminals`: where it is shown; empty: everywhere. `here`: the
    terminals that stand in this place.
    """

    kind: Kind
    title: Words
    summary: Words
    issuer: Words
    published: date
    valid_until: date | None = None
    source: Words = NOTHING
    document_no: str = ""
    sections: tuple[Section, ...] = ()
    contacts: tuple[Contact, ...] = ()
    decision: Decision | None = None
    rows: tuple[Row, ...] = ()
    items: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    terminals: tuple[str, ...] = ()


Entries = Mapping[str, Entry]  # by name


def current(entry: Entry, day: date, terminal: str) -> bool:
    """Is it shown on this day, at this terminal?"""
    over = entry.valid_until is not None and entry.valid_until < day
    elsewhere = bool(entry.terminals) and terminal not in entry.terminals
    return entry.published <= day and not over and not elsewhere


def shelf(entries: Entries, kind: Kind, day: date, terminal: str) -> list[str]:
    """Names of what stands there now. Notices and lists: the newest first. Places: this one, then
    those it names, then the others."""
    names = [
        name
        for name, entry in sorted(entries.items())
        if entry.kind is kind and current(entry, day, terminal)
    ]
    if kind in (Kind.NOTICE, Kind.LIST):
        return sorted(names, key=lambda name: entries[name].published, reverse=True)
    if kind is Kind.PLACE:
        near = _near(entries, names, terminal)
        return sorted(names, key=lambda name: near.get(name, len(near)))
    return names


def _near(entries: Entries, names: list[str], terminal: str) -> dict[str, int]:
    """Name → how near, where that is known."""
    here = next((name for name in names if terminal in entries[name].here), "")
    order = [here, *entries[here].see] if here else []
    return {name: place for place, name in enumerate(dict.fromkeys(order))}
