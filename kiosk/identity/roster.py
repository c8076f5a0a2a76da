"""Who works at this terminal: their cards, and the PINs that go with them.

The file is read anew by every call, so what `kiosk staff` changes holds at once; every call may
raise `RosterError`, and none trusts memory. Calls from any threads and processes mix.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from kiosk.errors import KioskError
from kiosk.identity.lockout import Clock, Lockout, uptime
from kiosk.identity.numbers import check_foreign_number, check_resident_number
from kiosk.identity.pins import KeptPin, PinFault, pin_problem
from kiosk.identity.rosterfile import Content, Entry, RosterFile
from kiosk.model import Level, Member, SecretAnswer, SecretFault, StaffRole

_LONGEST_NAME = 60
_LETTERS: Mapping[StaffRole, str] = MappingProxyType(
    {StaffRole.HELPER: "H", StaffRole.OPERATOR: "O", StaffRole.ADMINISTRATOR: "A"}
)


class StaffFault(StrEnum):
    """Why the roster was not changed."""

    BAD_NAME = "bad_name"  # empty, too long, or not printable
    BAD_NUMBER = "bad_number"  # of the card: a check digit does not match, or so
    CARD_KNOWN = "card_known"  # somebody on the roster has this card
    OTHER_CARD = "other_card"  # this is not the card of that member
    UNKNOWN_ID = "unknown_id"


class StaffRefusedError(KioskError):
    """The roster stays as it was. `fault` says why."""

    def __init__(self, fault: StaffFault | PinFault) -> None:
        super().__init__(f"the roster was not changed: {fault}")
        self.fault = fault


class Roster:
    """Get it from `Roster.load`."""

    def __init__(self, file: RosterFile, clock: Clock) -> None:
        self._file = file
        self._clock = clock

    @classmethod
    def load(cls, path: Path, clock: Clock = uptime) -> Roster:
        """No file: nobody yet. Raises `RosterError` for one that can't be trusted."""
        roster = cls(RosterFile(path), clock)
        roster.members()
        return roster

    @property
    def empty(self) -> bool:
        return not self.members()

    def members(self) -> tuple[Member, ...]:
        return tuple(_member(entry) for entry in self._file.read().content.entries)

    def find(self, card_number: str) -> Member | None:
        """Whose card it is. Takes the same time for each card, although the answer tells anyway."""
        opened = self._file.read()
        wanted = _card(card_number, opened.key)
        found = [one for one in opened.content.entries if hmac.compare_digest(one.card, wanted)]
        return _member(found[0]) if found else None

    def check(self, member: Member, pin: str) -> SecretAnswer:
        """Blocks for about 100 ms. During a lock no PIN is looked at: each gets the same answer.

        A try is on disk as a failure before the PIN is compared, so that neither a pulled plug
        nor a full disk gives a free one. That a lock answers sooner tells nothing: it says so.
        """
        with self._file.changing() as opened:
            entry = _by_id(opened.content, member.id)
            if entry is None:
                return SecretAnswer(SecretFault.NOT_REGISTERED)
            now = self._clock()
            if wait := entry.lockout.wait(now):
                return SecretAnswer(SecretFault.LOCKED, 0, wait)
            lockout = entry.lockout.failed(now)
            self._file.write(opened.key, _with(opened.content, replace(entry, lockout=lockout)))
            if entry.pin.matches(pin, opened.key):
                fresh = replace(entry, lockout=Lockout())
                self._file.write(opened.key, _with(opened.content, fresh))
                return SecretAnswer()
        wait = lockout.wait(now)
        return SecretAnswer(
            SecretFault.LOCKED if wait else SecretFault.WRONG, lockout.tries_left, wait
        )

    def add(self, name: str, card_number: str, role: StaffRole, level: Level, pin: str) -> Member:
        """Raises `StaffRefusedError`. An id is never given out again, for records hold it."""
        number = _plain(card_number)
        if not (name.strip() and name.isprintable() and len(name) <= _LONGEST_NAME):
            raise StaffRefusedError(StaffFault.BAD_NAME)
        if check_resident_number(number) and check_foreign_number(number):
            raise StaffRefusedError(StaffFault.BAD_NUMBER)
        _refuse_weak(pin, number)
        with self._file.changing() as opened:
            card, content = _card(number, opened.key), opened.content
            if any(hmac.compare_digest(one.card, card) for one in content.entries):
                raise StaffRefusedError(StaffFault.CARD_KNOWN)
            issued = content.issued.get(role, 0) + 1
            entry = Entry(
                id=f"{_LETTERS[role]}-{issued:02d}",
                name=name.strip(),
                role=role,
                level=level,
                card=card,
                pin=KeptPin.of(pin, opened.key),
            )
            changed = Content((*content.entries, entry), {**content.issued, role: issued})
            self._file.write(opened.key, changed)
        return _member(entry)

    def remove(self, member_id: str) -> None:
        """Raises `StaffRefusedError`."""
        with self._file.changing() as opened:
            gone = _known(opened.content, member_id)
            left = tuple(one for one in opened.content.entries if one is not gone)
            self._file.write(opened.key, replace(opened.content, entries=left))

    def set_pin(self, member_id: str, pin: str, card_number: str) -> None:
        """Ends a lock, too. Raises `StaffRefusedError`.

        The member's card is asked for, because its number is not kept and a PIN must not be in it.
        """
        number = _plain(card_number)
        with self._file.changing() as opened:
            entry = _known(opened.content, member_id)
            if not hmac.compare_digest(entry.card, _card(number, opened.key)):
                raise StaffRefusedError(StaffFault.OTHER_CARD)
            _refuse_weak(pin, number)
            fresh = replace(entry, pin=KeptPin.of(pin, opened.key), lockout=Lockout())
            self._file.write(opened.key, _with(opened.content, fresh))


def _plain(card_number: str) -> str:
    return card_number.strip().upper()


def _card(number: str, key: bytes) -> bytes:
    said = _plain(number).encode("utf-8", "surrogatepass")
    return hmac.digest(key, b"card\0" + said, "sha256")


def _refuse_weak(pin: str, number: str) -> None:
    if fault := pin_problem(pin, number):
        raise StaffRefusedError(fault)


def _member(entry: Entry) -> Member:
    return Member(entry.id, entry.name, entry.role, entry.level)


def _by_id(content: Content, member_id: str) -> Entry | None:
    return next((one for one in content.entries if one.id == member_id), None)


def _known(content: Content, member_id: str) -> Entry:
    entry = _by_id(content, member_id)
    if entry is None:
        raise StaffRefusedError(StaffFault.UNKNOWN_ID)
    return entry


def _with(content: Content, changed: Entry) -> Content:
    entries = tuple(changed if one.id == changed.id else one for one in content.entries)
    return replace(content, entries=entries)
