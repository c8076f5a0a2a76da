"""Makes what a visit makes of one person, frees it, and waits, so that its memory can be searched.

    python freeing.py NUMBER

Prints `full`, waits for a line, frees, prints `empty`, waits for another.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

import canarypictures
from canaries import Person
from kiosk import hygiene


def visit(number: int) -> list[Any]:
    """Strings of any size, pieces that grew, and pictures, small and large."""
    person = Person(number)
    grown = bytearray()
    for character in person.address * 50:
        grown += character.encode()
    ring: list[Any] = [person.name + person.address * 30]
    ring.append(ring)  # freed by the garbage collector alone
    return [
        person.name, person.number.encode(), person.address.encode("gb18030"), person.unit,
        person.phone.encode("utf-16-le"), person.pin, grown, ring,
        "".join([person.address] * 4000),
        canarypictures.marked(np.full((480, 854, 3), 9, np.uint8), number),
        canarypictures.marked(np.full((20, 120, 3), 9, np.uint8), number).tobytes(),
    ]  # fmt: skip


def main(number: int) -> None:
    print("overwrites" if hygiene.overwrites() else "keeps", flush=True)
    here = visit(number)
    print("full", flush=True)
    sys.stdin.readline()
    del here
    hygiene.forget()
    hygiene.rinse()
    print("empty", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main(int(sys.argv[1]))
