"""PINs of staff: which may be chosen, and how they are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

SHORTEST, LONGEST = 6, 12
_COST = 2**14  # scrypt's N; with r = 8 and p = 1: 16 MB, and about 50 ms on a small PC


class PinFault(StrEnum):
    """Why a PIN may not be chosen: somebody who stands beside would guess it."""

    LENGTH = "length"
    DIGITS = "digits"  # something else than 0 to 9
    SAME_DIGIT = "same_digit"  # 777777
    RUN = "run"  # always as much further: 123456, 987654, 890123, 246802
    REPEATED = "repeated"  # 121212, 123123
    CARD_NUMBER = "card_number"  # six digits in a row of the card's number, or its birth date


def pin_problem(pin: str, card_number: str) -> PinFault | None:
    """The first thing that speaks against a PIN; None when it may be chosen."""
    if not SHORTEST <= len(pin) <= LONGEST:
        return PinFault.LENGTH
    if not (pin.isascii() and pin.isdigit()):
        return PinFault.DIGITS
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1:
        return PinFault.SAME_DIGIT if steps == {0} else PinFault.RUN
    if any(_repeats(pin, period) for period in range(2, len(pin) // 2 + 1)):
        return PinFault.REPEATED
    known = tuple(_known(card_number))
    parts = (pin[at : at + SHORTEST] for at in range(len(pin) - SHORTEST + 1))
    return PinFault.CARD_NUMBER if any(part in text for part in parts for text in known) else None


def _repeats(pin: str, period: int) -> bool:
    return pin == (pin[:period] * len(pin))[: len(pin)]


def _known(number: str) -> Iterator[str]:
    """What a card's number tells, in every order in which a birth date is written."""
    yield "".join(character for character in number if character.isdigit())
    if len(number) == 18:
        year, month, day = number[6:10], number[10:12], number[12:14]
        yield from (month + day + year, day + month + year)
        yield from (month + day + year[2:], day + month + year[2:])


@dataclass(frozen=True, slots=True)
class KeptPin:
    """A PIN that can be recognised and not read. `cost` is scrypt's N."""

    salt: bytes = field(repr=False)
    hash: bytes = field(repr=False)
    cost: int = _COST

    @classmethod
    def of(cls, pin: str, key: bytes) -> KeptPin:
        salt = secrets.token_bytes(16)
        return cls(salt, _hash(pin, key, salt, _COST))

    def matches(self, pin: str, key: bytes) -> bool:
        """Takes as long for a wrong PIN as for the right one."""
        return hmac.compare_digest(_hash(pin, key, self.salt, self.cost), self.hash)


def _hash(pin: str, key: bytes, salt: bytes, cost: int) -> bytes:
    """Keyed, so that whoever has the roster without its key can't try a million PINs at home."""
    keyed = hmac.digest(key, b"pin\0" + pin.encode("utf-8", "surrogatepass"), "sha256")
    return hashlib.scrypt(keyed, salt=salt, n=cost, r=8, p=1, dklen=32)
