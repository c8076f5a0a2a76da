"""Service PINs: three tries, then a wait that doubles until the right one comes."""

from __future__ import annotations

import time
from collections.abc import Callable

from fleet.identity import people
from fleet.identity.answers import Answer, Fault, seconds_until
from fleet.identity.marks import Marks
from fleet.platform.contract import Persons
from fleet.store.database import Store

TRIES = 3
FIRST_WAIT, LONGEST_WAIT = 30.0, 3600.0
MOST_LOCKS = 20  # counted: the wait is at its longest well before


class Pins:
    """`clock`: epoch seconds. Blocks for as long as the PIN's hash takes."""

    def __init__(
        self,
        store: Store,
        marks: Marks,
        persons: Persons,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._marks = marks
        self._persons = persons
        self._clock = clock

    def check(self, number: str, pin: str) -> Answer:
        """Raises `PlatformError`; the try counts all the same."""
        found = self._persons.find(number)
        if found is None or not found.pin:
            return Answer(Fault.NOT_REGISTERED)
        person = self._marks.person(number)
        may, otherwise = self._try(person)
        if not may or not self._persons.pin_holds(number, pin):
            return otherwise
        with self._store.write() as connection:
            people.change(connection, person, self._clock(), wrong=0, locks=0, locked_until=0.0)
        return Answer()

    def _try(self, person: str) -> tuple[bool, Answer]:
        """Count a try before it is made, so that many at once are not more than three.

        May it be made, and what to answer unless it is right.
        """
        now = self._clock()
        with self._store.write() as connection:
            known = people.of(connection, person, now)
            if known.locked_until > now:
                wait = seconds_until(known.locked_until, now)
                return False, Answer(Fault.LOCKED, tries_left=0, wait=wait)
            wrong = known.wrong + 1
            if wrong < TRIES:
                people.change(connection, person, now, wrong=wrong)
                return True, Answer(Fault.WRONG, tries_left=TRIES - wrong)
            until = now + min(FIRST_WAIT * 2.0**known.locks, LONGEST_WAIT)
            locks = min(known.locks + 1, MOST_LOCKS)
            people.change(connection, person, now, wrong=0, locks=locks, locked_until=until)
            wait = seconds_until(until, now)
            return True, Answer(Fault.LOCKED, tries_left=0, wait=wait)
