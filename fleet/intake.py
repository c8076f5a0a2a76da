"""One message of a terminal into the tables of what is known of it.

Rules (after Sparkplug): a session number tells a late will from a new one; a retained message
says what was, and never that a terminal is alive; the fleet's own clock stamps everything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from fleet.incidents import Reason
from fleet.records import LARGEST, NAME, NOT_JSON
from fleet.store.database import put
from fleet.store.tables import terminals
from kiosk import wire

LEAVES: dict[str, type[wire.Incoming]] = {
    "state": wire.State,
    "birth": wire.Birth,
    "health": wire.Health,
    "services": wire.Services,
    "events": wire.Events,
}
TERMINAL = re.compile(r"[A-Za-z0-9-]{1,32}")
HOST = "fleet"  # the fleet's own place among the terminals' topics


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that keeps the contract, with what the broker says about it."""

    topic: str
    leaf: str
    message: wire.Incoming
    retained: bool


def read(tenant: str, topic: str, payload: bytes, retained: bool) -> Letter | Reason:
    """Decode a message, or say why it is none."""
    head = f"{wire.PREFIX}/{tenant}/"
    terminal, _, leaf = topic.removeprefix(head).partition("/")
    if not (topic.startswith(head) and leaf in LEAVES and TERMINAL.fullmatch(terminal)):
        return Reason.TOPIC
    try:
        message = wire.decode_incoming(payload)
    except NOT_JSON:
        return Reason.UNDECODABLE
    if not isinstance(message, LEAVES[leaf]):
        return Reason.LEAF
    if message.terminal != terminal or terminal == HOST:
        return Reason.TERMINAL
    if not isinstance(message, wire.Events) and not _in_range(message):
        return Reason.RANGE
    return Letter(topic, leaf, message, retained)


def note(connection: Connection, letter: Letter, now: float) -> bool:
    """Remember what a terminal says of itself; False when the message is out of date."""
    message = letter.message
    known = _row(connection, message.terminal, now)
    if not isinstance(message, wire.Events) and not _is_newer(letter, known):
        return False
    values: dict[str, Any] = {}
    if _is_alive(letter):
        values["heard_at"] = now
    if not isinstance(message, wire.Events):
        text = wire.encode(message).decode()
        values |= {letter.leaf: text, f"{letter.leaf}_at": now, "session": message.session}
    if isinstance(message, wire.State):
        values |= {"online": message.online, "boot": message.boot}
        values |= {} if message.online else {"ended": message.session}
    if isinstance(message, wire.Birth):
        values |= {"boot": message.boot, "journal": message.journal}
        values |= {} if letter.retained else {"online": True}
    if values:
        change = update(terminals).where(terminals.c.terminal == message.terminal)
        connection.execute(change.values(values))
    return True


def _is_newer(letter: Letter, known: Row[Any]) -> bool:
    message = letter.message
    assert not isinstance(message, wire.Events)
    if isinstance(message, wire.Birth) and not letter.retained and message.journal != known.journal:
        return True  # a new journal, such as a new disk: its sessions count from one again
    # A broker that lost its last second may still hold a finished session's state.
    finished = letter.retained and message.session == known.ended
    if finished and isinstance(message, wire.State) and message.online:
        return False
    return bool(message.session >= known.session)


def _is_alive(letter: Letter) -> bool:
    offline = isinstance(letter.message, wire.State) and not letter.message.online
    return not letter.retained and not offline


def _row(connection: Connection, terminal: str, now: float) -> Row[Any]:
    query = select(terminals).where(terminals.c.terminal == terminal).with_for_update()
    row = connection.execute(query).first()
    if row is None:
        put(connection, terminals, {"terminal": terminal, "seen_at": now}, ("terminal",))
        row = connection.execute(query).one()
    return row


def _in_range(message: wire.State | wire.Birth | wire.Health | wire.Services) -> bool:
    numbers = [message.session, getattr(message, "boot", 0), getattr(message, "last_seq", 0)]
    named = NAME.fullmatch(message.journal) if isinstance(message, wire.Birth) else True
    return bool(named) and all(0 <= number <= LARGEST for number in numbers)
