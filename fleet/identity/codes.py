"""One-time codes: six digits to the phone on file, once, for five minutes, at three tries."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from fleet.identity import people
from fleet.identity.answers import Answer, Fault, Sent, seconds_until
from fleet.identity.marks import Marks
from fleet.identity.senders import CodeSender, mask_phone
from fleet.platform.contract import Persons
from fleet.store.database import Store
from fleet.store.identity_tables import identity_codes as codes

SECONDS = 300
TRIES = 3
AGAIN = 60  # seconds between two codes to one person
A_DAY = 5  # codes to one person in 24 hours
DIGITS = 6


class Codes:
    """`clock`: epoch seconds. Both calls block; neither tells anything to other terminals."""

    def __init__(
        self,
        store: Store,
        marks: Marks,
        persons: Persons,
        sender: CodeSender,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._marks = marks
        self._persons = persons
        self._sender = sender
        self._clock = clock

    def send(self, terminal: str, number: str) -> Sent | Answer:
        """A new code spoils the one before. Raises `PlatformError`."""
        found = self._persons.find(number)
        if found is None or not found.phone:
            return Answer(Fault.NOT_REGISTERED)
        person, now = self._marks.person(number), self._clock()
        challenge, code = secrets.token_urlsafe(18), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        with self._store.write() as connection:
            known = people.of(connection, person, now)
            allowed = next_code_at(known)
            if allowed > now:
                return Answer(Fault.TOO_SOON, wait=seconds_until(allowed, now))
            digest = self._marks.code(challenge, code)
            _keep(connection, known, now, challenge=challenge, terminal=terminal, digest=digest)
        if not self._sender.send(found.phone, code, SECONDS):
            self._take_back(person, challenge, now)
            return Answer(Fault.UNREACHABLE)
        return Sent(challenge, mask_phone(found.phone), SECONDS, AGAIN)

    def check(self, terminal: str, challenge: str, code: str) -> Answer:
        """The last of two tries at once is one try: the row is locked while it is looked at."""
        now = self._clock()
        with self._store.write() as connection:
            connection.execute(delete(codes).where(codes.c.expires_at <= now))
            query = select(codes).where(codes.c.challenge == challenge).with_for_update()
            row = connection.execute(query).first()
            if row is None or row.terminal != terminal:
                return Answer(Fault.EXPIRED)
            right = hmac.compare_digest(row.digest, self._marks.code(challenge, code))
            if right and row.tries_left:
                connection.execute(delete(codes).where(codes.c.challenge == challenge))
                return Answer()
            return self._wrong(connection, row, now)

    def _wrong(self, connection: Connection, row: Row[Any], now: float) -> Answer:
        """`wait`: until another code may be asked for. A dead one is told as dead until then."""
        allowed = next_code_at(people.of(connection, row.person, now))
        if not row.tries_left and allowed <= now:
            return Answer(Fault.EXPIRED)
        left = max(0, row.tries_left - 1)
        change = update(codes).where(codes.c.challenge == row.challenge)
        connection.execute(change.values(tries_left=left))
        fault = Fault.WRONG if left else Fault.LOCKED
        return Answer(fault, tries_left=left, wait=seconds_until(allowed, now))

    def _take_back(self, person: str, challenge: str, now: float) -> None:
        """Nothing was sent: another may be asked for at once, though it counts for the day."""
        with self._store.write() as connection:
            connection.execute(delete(codes).where(codes.c.challenge == challenge))
            people.change(connection, person, now, sent_at=0.0)


def _keep(connection: Connection, known: Row[Any], now: float, **code: str) -> None:
    """The person's only code: the one before can be used no more."""
    connection.execute(delete(codes).where(codes.c.person == known.person))
    row = {**code, "person": known.person, "tries_left": TRIES, "expires_at": now + SECONDS}
    connection.execute(codes.insert().values(row))
    fresh = known.began + people.DAY <= now
    began, sent = (now, 1) if fresh else (known.began, known.sent + 1)
    people.change(connection, known.person, now, began=began, sent=sent, sent_at=now)


def next_code_at(known: Row[Any]) -> float:
    """When this person may be sent a code again (epoch seconds)."""
    allowed: float = known.sent_at + AGAIN if known.sent_at else 0.0
    return max(allowed, known.began + people.DAY) if known.sent >= A_DAY else allowed
