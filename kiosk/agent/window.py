"""Maintenance windows: "01:30-04:30", by the terminal's own clock; over midnight too."""

from __future__ import annotations

import re
from datetime import datetime

FORM = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def is_open(window: str, now: datetime) -> bool:
    """'' is always open; what is no window never is."""
    if not window:
        return True
    found = FORM.fullmatch(window)
    if found is None:
        return False
    begin, end = (int(found[i]) * 60 + int(found[i + 1]) for i in (1, 3))
    minute = now.hour * 60 + now.minute
    return begin <= minute < end if begin < end else minute >= begin or minute < end
