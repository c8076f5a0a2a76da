"""The roster as the session sees it: one that can't be trusted is nobody's, and is told of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import structlog

from kiosk.errors import RosterError
from kiosk.identity.roster import Roster
from kiosk.model import Member, SecretAnswer, SecretFault

log = structlog.get_logger("session")
T = TypeVar("T")


class GuardedRoster:
    """Implements `ports.StaffRoster` over a file that is read anew by each call."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told = ""

    def members(self) -> tuple[Member, ...]:
        return self._ask(Roster.members, ())

    def find(self, card_number: str) -> Member | None:
        return self._ask(lambda roster: roster.find(card_number), None)

    def check(self, member: Member, pin: str) -> SecretAnswer:
        unreachable = SecretAnswer(SecretFault.UNREACHABLE)
        return self._ask(lambda roster: roster.check(member, pin), unreachable)

    def _ask(self, question: Callable[[Roster], T], otherwise: T) -> T:
        try:
            answer = question(Roster.load(self._path))
        except RosterError as error:
            if str(error) != self._told:
                self._told = str(error)
                log.error("roster_refused", reason=self._told)
            return otherwise
        self._told = ""
        return answer
