"""Numbers of people: are they well formed, and how they are shown without being told.

GB 11643 (ISO 7064 MOD 11-2) numbers have 18 characters and one layout: six digits of region
(81, 82, 83 for Hong Kong, Macao and Taiwan; 9 + province + nationality for foreigners since
2023), eight of birth, three of sequence, one check character. Cards of the 2017 layout for
foreigners carry 15 characters instead: nationality (three letters), region (4), birth (yymmdd),
one digit, and a check digit by the 7-3-1 weights of ICAO 9303.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from kiosk.identity.codes import Sex
from kiosk.identity.regions import FOREIGNERS, PROVINCES

_RESIDENT = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_MOBILE = re.compile(r"1[0-9]{10}", re.ASCII)
_FOREIGN_2017 = re.compile(r"[A-Z]{3}[0-9]{12}", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_ICAO_WEIGHTS = (7, 3, 1)
_SHOWN = {18: (6, 4), 15: (3, 2)}  # length of a number: characters shown at its start and end
_END_OF_LATIN = "\u0250"


class NumberFault(StrEnum):
    """The first thing that is wrong with a number."""

    LENGTH = "length"
    CHARACTERS = "characters"
    REGION = "region"
    BIRTH_DATE = "birth_date"
    CHECK_DIGIT = "check_digit"


def resident_check(first17: str) -> str:
    """The check character that belongs to 17 digits (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def foreign_check(first14: str) -> str:
    """The check digit that belongs to 14 letters and digits (ICAO 9303; A is 10)."""
    total = sum(
        int(character, 36) * _ICAO_WEIGHTS[place % 3] for place, character in enumerate(first14)
    )
    return str(total % 10)


def check_resident_number(number: str) -> NumberFault | None:
    """Check a number of 18 characters, of a citizen or a foreigner; None when it is right."""
    if len(number) != 18:
        return NumberFault.LENGTH
    if not _RESIDENT.fullmatch(number):
        return NumberFault.CHARACTERS
    if number[0] != FOREIGNERS and number[:2] not in PROVINCES:
        return NumberFault.REGION
    if _day(number[6:14]) is None:
        return NumberFault.BIRTH_DATE
    if resident_check(number[:17]) != number[17]:
        return NumberFault.CHECK_DIGIT
    return None


def check_foreign_number(number: str) -> NumberFault | None:
    """Check the 15 characters of a foreigner's card of 2017; None when they are right."""
    if len(number) != 15:
        return NumberFault.LENGTH
    if not _FOREIGN_2017.fullmatch(number):
        return NumberFault.CHARACTERS
    if not any(_day(century + number[7:13]) for century in ("19", "20")):
        return NumberFault.BIRTH_DATE
    if foreign_check(number[:14]) != number[14]:
        return NumberFault.CHECK_DIGIT
    return None


def birth_of(number: str) -> date | None:
    """The day that a number of 18 characters tells; None when the number is not right.

    The 15 characters of 2017 tell no century.
    """
    return None if check_resident_number(number) else _day(number[6:14])


def sex_of(number: str) -> Sex:
    """By the 17th digit, odd for men; `UNKNOWN` when the number is not right."""
    if check_resident_number(number):
        return Sex.UNKNOWN
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def mask_number(number: str) -> str:
    """`110105********002X`. A number of unknown length is masked whole."""
    return _mask(number, *_SHOWN.get(len(number), (0, 0)))


def mask_phone(number: str) -> str:
    """`138****8000`. What is no number of a mobile phone is masked whole."""
    return _mask(number, *((3, 4) if _MOBILE.fullmatch(number) else (0, 0)))


def mask_name(name: str) -> str:
    """`张**`; a Latin name keeps the first letter of each word: `A*** B****`."""
    if all(character < _END_OF_LATIN for character in name):
        return " ".join(word[:1] + "*" * (len(word) - 1) for word in name.split(" "))
    return name[:1] + "*" * (len(name) - 1)


def _mask(number: str, head: int, tail: int) -> str:
    hidden = len(number) - head - tail
    return number[:head] + "*" * hidden + number[len(number) - tail :]


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
