"""Why there is no such day or month, from what was typed: YYYY-MM-DD, YYYY-MM, or a part of it."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR

_LENGTHS = {False: 8, True: 6}  # digits; True: of a month
_MONTHS = 12


def no_such_date(value: str, *, month: bool) -> tuple[str, dict[str, object]]:
    """Key of the sentence, and what it names."""
    kind, whole = "month" if month else "date", _LENGTHS[month]
    digits = value.replace("-", "")
    if len(digits) != whole or not digits.isdecimal() or not digits.isascii():
        return f"error.{kind}.short", {"most": whole, "count": sum(map(str.isdecimal, digits))}
    year, number = int(digits[:4]), int(digits[4:6])
    if not MINYEAR <= year <= MAXYEAR:
        return "error.date.year", {}
    if not 1 <= number <= _MONTHS:
        return "error.date.month", {"month": f"{number:02}"}
    last = monthrange(year, number)[1]
    return "error.date.day", {"year": year, "month": number, "last": last}
