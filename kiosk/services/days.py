"""Days and months as a form knows them: written, compared and said."""

from __future__ import annotations

import re
from datetime import date, timedelta

from kiosk.model import Text

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_FROM_TODAY = re.compile(r"today(?:([+-])([0-9]{1,5}))?")


def date_in_words(day: date) -> Text:
    return Text(
        f"{day.year}年{day.month}月{day.day}日", f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    )


def month_in_words(day: date) -> Text:
    return Text(f"{day.year}年{day.month}月", f"{MONTHS[day.month - 1]} {day.year}")


def parse_date(value: str) -> date | None:
    """A day written YYYY-MM-DD, or None."""
    return _day(value) if _ISO_DATE.fullmatch(value) else None


def day_in_words(value: str) -> Text:
    """A day written YYYY-MM-DD, in words; of anything else, nothing."""
    day = parse_date(value)
    return date_in_words(day) if day else Text("", "")


def parse_month(value: str) -> date | None:
    """The first day of a month written YYYY-MM, or None."""
    return _day(f"{value}-01") if _ISO_MONTH.fullmatch(value) else None


def day_limit(limit: str, today: date) -> date | None:
    """A field's `minimum` or `maximum` as a day; None for no limit.

    YYYY-MM-DD, YYYY-MM (its first day), today, today+N or today-N.
    """
    if relative := _FROM_TODAY.fullmatch(limit):
        sign, days = relative.groups()
        try:
            return today + timedelta(int(f"{sign}{days}")) if days else today
        except OverflowError:
            return date.max if sign == "+" else date.min
    return parse_date(limit) or parse_month(limit)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
