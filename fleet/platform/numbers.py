"""What the sample platform knows of identity numbers: their check digit and birth date."""

from __future__ import annotations

import re
from datetime import date

_CHECK = "10X98765432"  # by remainder modulo 11 (GB 11643)
_RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
_FOREIGN_2017 = re.compile(r"[A-Z]{3}[0-9]{12}")


def possible(number: str) -> bool:
    """18 digits whose check digit holds and whose date exists, or the older foreign form."""
    if _FOREIGN_2017.fullmatch(number):
        return True
    if not _RESIDENT.fullmatch(number):
        return False
    total = sum(int(digit) * pow(2, 17 - i, 11) for i, digit in enumerate(number[:17]))
    return _CHECK[total % 11] == number[17] and birth_of(number) is not None


def birth_of(number: str) -> date | None:
    """None: the number does not say it (the older foreign form)."""
    if not _RESIDENT.fullmatch(number):
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
