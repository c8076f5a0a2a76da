"""One of several processes that all want the same places."""

from __future__ import annotations

import random
from typing import Any

import structlog

from bookingwork import OWNER, Office
from fleet.booking.book import HOLD_SECONDS
from kiosk.wire import Reservation


def rush(url: str, seed: int, gate: Any) -> None:
    """One of several fleets' worth of terminals, each with its own connection."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    dice, office = random.Random(seed), Office(url)
    gate.wait()
    for serial in range(80):
        person = f"person {dice.randrange(12)}"
        request = f"{seed:016x}{serial:010d}"
        office.now += dice.random() * HOLD_SECONDS / 20
        asked = office.asked(person, dice.choice(["morning", "afternoon"]), "2027-01-18", request)
        told = office.book.hold(asked)
        if isinstance(told, Reservation) and dice.random() < 0.5:
            office.book.confirm(OWNER, request, f"C-{request}")
        if dice.random() < 0.5:
            office.book.release(OWNER, request)
    office.store.close()
