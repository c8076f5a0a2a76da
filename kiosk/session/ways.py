"""The other ways to be identified, which of them can be gone now, and why not the others."""

from __future__ import annotations

from collections.abc import Callable

from kiosk import view as v
from kiosk.model import StaffRole, Text
from kiosk.services.item import Assurance, Item
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit

Obstacle = Callable[[Terminal, Visit], str]


def ways(terminal: Terminal, visit: Visit) -> tuple[v.Way, ...]:
    """All of them, always in the same order."""
    return tuple(v.Way(name, _key(obstacle(terminal, visit))) for name, obstacle in _WAYS.items())


def still_possible(terminal: Terminal) -> tuple[Text, ...]:
    """Services that can be had with a card whose validity has ended, or without a card."""
    return tuple(
        Text(item.task_name.zh, item.task_name.en)
        for item in terminal.examples()
        if _without_valid_card(item) and not terminal.condition.why_not(item)
    )


def _without_valid_card(item: Item) -> bool:
    return item.expired_card or item.assurance is Assurance.NONE


def _face(_terminal: Terminal, visit: Visit) -> str:
    return visit.subject.no_face


def _code(terminal: Terminal, visit: Visit) -> str:
    return _remote(terminal, visit, "code")


def _pin(terminal: Terminal, visit: Visit) -> str:
    return _remote(terminal, visit, "pin")


def _remote(terminal: Terminal, visit: Visit, way: str) -> str:
    if not terminal.condition.online:
        return "offline"
    return "not_registered" if way in visit.subject.not_registered else ""


def _helper(terminal: Terminal, _visit: Visit) -> str:
    known = (member.role for member in terminal.roster.members())
    return "" if StaffRole.HELPER in known else "no_helper"


def _desk(_terminal: Terminal, _visit: Visit) -> str:
    """Always: without a printer the number is at least shown."""
    return ""


def _key(reason: str) -> str:
    return f"why_not.{reason}" if reason else ""


_WAYS: dict[str, Obstacle] = {
    "face": _face,
    "code": _code,
    "pin": _pin,
    "helper": _helper,
    "desk": _desk,
}
