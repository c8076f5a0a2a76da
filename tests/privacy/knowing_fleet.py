"""The fleet, with an identity service that knows all `canaries`; same options as `fleet`."""

from __future__ import annotations

import sys

import canaries
from fleet import __main__ as program
from fleet import wiring
from fleet.platform.contract import Person


class Canaries:
    """Implements `fleet.platform.contract.Persons`."""

    def find(self, number: str) -> Person | None:
        return Person(_of(number).phone, pin=True)

    def pin_holds(self, number: str, pin: str) -> bool:
        return pin == _of(number).pin


def _of(number: str) -> canaries.Person:
    return canaries.Person(int(number[14:17]))


if __name__ == "__main__":
    wiring.SamplePersons = Canaries  # type: ignore[assignment, misc]
    sys.exit(program.main())
