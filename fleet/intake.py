"""One message of a terminal into the tables of what is known of it.

Rules (after Sparkplug): a session number tells a late will from a new one; a retained message
says what was, and never that a terminal is alive; the fleet's own clock stamps everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select

from fleet.incidents import AlarmKind, Reason, alarm
from fleet.records import LARGEST, NAME, NOT_JSON
from fleet.register import Known, Register
from fleet.store.tables import chains, records
from kiosk import wire
from kiosk.wire.topics import UP

LEAVES = {name: leaf.message for name, leaf in UP.items()}
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
        return Reason.UNDECODABLE if wire.understood(_spoken(payload)) else Reason.VERSION
    wrong = next((reason for reason, is_so in _WRONG if is_so(terminal, leaf, message)), None)
    return wrong or Letter(topic, leaf, message, retained)


class _Spoken(wire.Message, frozen=True):
    protocol: str = "1.0"


def _spoken(payload: bytes) -> str:
    """What a message that cannot be read says of its version, if so much can be read."""
    try:
        return msgspec.json.decode(payload, type=_Spoken).protocol
    except NOT_JSON:
        return _Spoken().protocol


def note(register: Register, letter: Letter, now: float) -> bool:
    """Remember what a terminal says of itself; False when the message is out of date."""
    message = letter.message
    known = register[message.terminal]
    if not isinstance(message, wire.Events) and not _is_newer(letter, known):
        return False
    if isinstance(message, wire.Health):
        _look_at_the_journal(register, message, known, now)
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
        if not letter.retained:
            _look_for_a_second(register, message, known, now)
        values |= {"boot": message.boot, "journal": message.journal}
        values |= {} if letter.retained else {"online": True}
    known.change(values)
    return True


def _look_for_a_second(register: Register, birth: wire.Birth, known: Known, now: float) -> None:
    """A new journal is a new disk. One that comes back is another machine, or a disk put back."""
    if birth.journal == known.journal or not known.journal:
        return
    if _came_before(register, birth, now):
        kind = AlarmKind.SECOND_TERMINAL
        alarm(register.connection, now, kind, birth.terminal, journal=birth.journal)


def _came_before(register: Register, birth: wire.Birth, now: float) -> bool:
    """With several workers, a new journal's first records may overtake its birth."""
    query = select(chains.c.journal).filter_by(terminal=birth.terminal, journal=birth.journal)
    if register.connection.execute(query).first() is None:
        return False
    first = select(records.c.received_at).filter_by(terminal=birth.terminal, journal=birth.journal)
    at = register.connection.scalar(first.order_by(records.c.seq).limit(1))
    return at is None or now - at >= register.patience


def _look_at_the_journal(register: Register, health: wire.Health, known: Known, now: float) -> None:
    """An alarm for each connection on which it is told."""
    before = _last_health(known)
    told = before is not None and before.journal_fault and before.session == health.session
    if health.journal_fault and not told:
        kind = AlarmKind.JOURNAL_OLD_COPY
        alarm(register.connection, now, kind, health.terminal, journal=known.journal)


def _last_health(known: Known) -> wire.Health | None:
    return msgspec.json.decode(known.health, type=wire.Health) if known.health else None


def _is_newer(letter: Letter, known: Known) -> bool:
    message = letter.message
    assert not isinstance(message, wire.Events)
    if isinstance(message, wire.Birth) and not letter.retained and message.journal != known.journal:
        return True  # a new journal, such as a new disk: its sessions count from one again
    # A broker that lost its last second may still hold a finished session's state.
    finished = letter.retained and message.session == known.ended
    if finished and isinstance(message, wire.State) and message.online:
        return False
    if isinstance(message, wire.Health) and message.session == known.session:
        last = _last_health(known)  # which another worker may have taken before its turn
        if last is not None and last.session == message.session:
            return message.uptime_s >= last.uptime_s
    return message.session >= known.session


def _is_alive(letter: Letter) -> bool:
    offline = isinstance(letter.message, wire.State) and not letter.message.online
    return not letter.retained and not offline


def _out_of_range(message: wire.Incoming) -> bool:
    if isinstance(message, wire.Events):
        return False
    numbers = [message.session, getattr(message, "boot", 0), getattr(message, "last_seq", 0)]
    named = NAME.fullmatch(message.journal) if isinstance(message, wire.Birth) else True
    return not (named and all(0 <= number <= LARGEST for number in numbers))


def _other_version(message: wire.Incoming) -> bool:
    if not isinstance(message, wire.State | wire.Birth):
        return False
    return not wire.understood(message.protocol)


# What may be wrong with a message of (terminal, leaf), the gravest first.
_WRONG: tuple[tuple[Reason, Callable[[str, str, wire.Incoming], bool]], ...] = (
    (Reason.VERSION, lambda _terminal, _leaf, message: _other_version(message)),
    (Reason.LEAF, lambda _terminal, leaf, message: not isinstance(message, LEAVES[leaf])),
    (
        Reason.TERMINAL,
        lambda terminal, _leaf, message: message.terminal != terminal or terminal == HOST,
    ),
    (Reason.RANGE, lambda _terminal, _leaf, message: _out_of_range(message)),
)
