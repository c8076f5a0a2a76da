"""What an alarm of a group is about: a site, a terminal, or the whole fleet ('')."""

from __future__ import annotations

from fleet.alarms.rules import Group
from fleet.rows import TerminalRow

MOST = 200


def place_of(group: Group, terminal: str, row: TerminalRow | None) -> str:
    """A terminal whose site nobody knows is a site of its own. What comes from names that nobody
    knows (`row` None) is the fleet's own matter: anybody could make up thousands of them."""
    if group is Group.FLEET or row is None:
        return ""
    site = row.site[:MOST] if group is Group.SITE else ""
    return site or terminal
