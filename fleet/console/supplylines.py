"""Sentences about supplies: when one ends, and why nobody can say."""

from __future__ import annotations

from datetime import date, timedelta

from fleet.console import phrases
from fleet.console.parts import Tone
from fleet.console.phrases import Truth
from fleet.console.words import Words
from fleet.supplies.book import SupplyRow
from fleet.supplies.forecast import LOW, OUT, Basis, Forecast

SOON = timedelta(days=2)


def day(words: Words, of: date, today: date) -> str:
    """`today`, `tomorrow`, or the day with its weekday."""
    if of <= today:
        return words("forecast.today")
    if of == today + timedelta(days=1):
        return words("forecast.tomorrow")
    weekday = words("weekdays").split()[of.weekday()]
    month = words("months").split()[of.month - 1]
    return words("forecast.day", month=month, day=of.day, weekday=weekday)


def name(words: Words, row: SupplyRow) -> str:
    return phrases.start(phrases.supply(words, row.device, row.source))


def ends(words: Words, told: Forecast, today: date) -> Truth:
    """When it is out, or when it is low where nobody knows more, or why nobody knows anything."""
    if told.level == OUT:
        return Truth(Tone.BAD, words("forecast.out"))
    if told.out_on is not None:
        near = told.out_on <= today + SOON
        tone = Tone.BAD if near else Tone.WARN if told.level == LOW else Tone.GOOD
        key = "forecast.ends" if told.left is None else "forecast.ends.left"
        said = words(key, day=day(words, told.out_on, today), left=told.left)
        others = f" · {words('forecast.peers')}" if told.basis is Basis.PEERS else ""
        return Truth(tone, said + others)
    if told.why is None:
        return Truth(Tone.GOOD, words("forecast.beyond"))
    why = words("forecast.not", why=words(f"forecast.why.{told.why}"))
    if told.low_on is not None and told.level != LOW:
        return Truth(
            Tone.DIM, f"{words('forecast.low', day=day(words, told.low_on, today))} · {why}"
        )
    return Truth(Tone.WARN if told.level == LOW else Tone.DIM, why)
