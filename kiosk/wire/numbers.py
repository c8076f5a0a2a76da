"""Numbers of cases and complaints: made by a terminal, brought back by people, typed or read from a
slip's QR code.

Terminal, day, serial, and an ISO 7064 MOD 37,36 check character, which finds every wrong character
and nearly every swapped pair.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

QR_PREFIX = "KIOSK:CASE:"
ORDER_PREFIX = "KIOSK:ORDER:"
BUNDLE = "YJS-"  # 一件事; what follows is the number of its first case
LONGEST = 64
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORDER = re.compile(r"([A-Z]{2}-[0-9A-Z]{1,32}-[0-9]{8}-[0-9]{5,9})-([0-9A-Z])")
_TOGETHER = re.compile(r"YJS-([0-9A-Z]{1,32}-[0-9]{8}-[0-9]{5,9})-([0-9A-Z])")
_NUMBER = re.compile(r"([0-9A-Z]{1,32}-[0-9]{8}-[0-9]{5,9})-([0-9A-Z])")


class NumberFault(StrEnum):
    """Why a text is no case number."""

    EMPTY = "empty"
    SHAPE = "shape"  # other characters, or another length
    CHECK = "check"  # a character is mistyped


def case_number(terminal: str, day: date, serial: int) -> str:
    """Such as KT0001-20261121-00042-N: terminal, day, serial of this terminal, check character.

    Terminals whose ids differ only in case or hyphens would share their numbers.
    """
    return _checked(f"{_letters(terminal)}-{day:%Y%m%d}-{serial:05d}")


def order_number(prefix: str, terminal: str, day: date, serial: int) -> str:
    """Of a complaint that a terminal took: TS-KT0001-20261121-00042-R. `prefix`: two letters."""
    return _checked(f"{prefix}-{_letters(terminal)}-{day:%Y%m%d}-{serial:05d}")


def read_case_number(text: str) -> str | NumberFault:
    """The whole number in capital letters. `text`: typed in any case, or a slip's QR text."""
    return _read(text, QR_PREFIX, _NUMBER)


def read_bundle_number(text: str) -> str | NumberFault:
    """The same of what the cases of a bundle have in common: YJS- and its first case's number."""
    return _read(text, QR_PREFIX, _TOGETHER)


def read_order_number(text: str) -> str | NumberFault:
    """The same of a complaint's number."""
    return _read(text, ORDER_PREFIX, _ORDER)


def _letters(terminal: str) -> str:
    return "".join(c for c in terminal.upper() if c in _ALPHABET)


def _checked(body: str) -> str:
    return f"{body}-{check_character(body)}"


def _read(text: str, prefix: str, shape: re.Pattern[str]) -> str | NumberFault:
    text = text.strip()
    if not text:
        return NumberFault.EMPTY
    if not text.isascii():  # or a letter of elsewhere could become one of ours as a capital
        return NumberFault.SHAPE
    number = text.upper().removeprefix(prefix)
    match = shape.fullmatch(number) if len(number) <= LONGEST else None
    if match is None:
        return NumberFault.SHAPE
    return number if match[2] == check_character(match[1]) else NumberFault.CHECK


def check_character(body: str) -> str:
    """Of a number without its last part (ISO 7064 MOD 37,36)."""
    product = 36
    for character in body.replace("-", ""):
        total = (product + _ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return _ALPHABET[(37 - product) % 36]
