"""Answers to reset (ISO 7816-3) and what PC/SC readers make up for contactless cards (part 3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import xor

MAX_SIZE = 33
_STORAGE_RID = bytes.fromhex("A000000306")  # the PC/SC workgroup: a memory card, no files


@dataclass(frozen=True, slots=True)
class Atr:
    """`protocols`: the T= numbers that it offers. `contactless`: the reader has made it up."""

    protocols: tuple[int, ...]
    historical: bytes
    contactless: bool

    @property
    def storage_card(self) -> bool:
        """A memory card (a bus ticket, a hotel key): it has no applications to ask for."""
        return self.contactless and _STORAGE_RID in self.historical


def parse(atr: bytes) -> Atr | None:
    """None for bytes that are no answer to reset: too short, too long, or a wrong check byte."""
    if not 2 <= len(atr) <= MAX_SIZE or atr[0] not in (0x3B, 0x3F):
        return None
    protocols, place = _protocols(atr)
    count = atr[1] & 0x0F
    historical = atr[place : place + count]
    rest = atr[place + count :]
    checked = any(protocols)  # TCK is absent when only T=0 is offered
    if len(historical) < count or len(rest) < checked:
        return None
    if checked and reduce(xor, atr[1 : place + count + 1]):
        return None
    contactless = atr[0] == 0x3B and atr[1] >> 4 == 8 and atr[2:4] == b"\x80\x01"
    return Atr(protocols or (0,), historical, contactless)


def _protocols(atr: bytes) -> tuple[tuple[int, ...], int]:
    """What the interface bytes offer, and where the historical bytes start."""
    protocols: list[int] = []
    place, present = 2, atr[1] >> 4
    while True:
        place += present.bit_count()
        if not present & 8 or place > len(atr):
            return tuple(dict.fromkeys(protocols)), place
        follows = atr[place - 1]
        protocols.append(follows & 0x0F)
        present = follows >> 4
