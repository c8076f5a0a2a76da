"""The wall's calendar, in the terminal's time zone."""

from __future__ import annotations

from datetime import date


def today() -> date:
    return date.today()  # noqa: DTZ011 (a day has no zone; TZ is the terminal's: see bootstrap)
