"""Rules of time: promise within the law, steps within the promise, texts that say the same (5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kiosk.services.item import Item, ItemKind
from kiosk.services.lint_graph import longest
from kiosk.services.lint_rules import Finding, Rule

_HAN = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = "zero one two three four five six seven eight nine ten"
_TEENS = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
_ENGLISH = {word: value for value, word in enumerate(f"{_TENS} {_TEENS}".split())}
_ZH_DAYS = re.compile(r"([0-9]+|[零一二两三四五六七八九十]+)\s*个?\s*工作日")
_EN_DAYS = re.compile(r"\b([0-9]+|[a-z]+)[ -](?:working|business)[ -]days?\b", re.IGNORECASE)
_EXTENDED = re.compile("延长|转为")  # then a longer limit may be named too
_PROMISED = {  # up to the end of the clause
    "zh": re.compile(r"承诺[^。；;0-9一二三四五六七八九十]*" + _ZH_DAYS.pattern),
    "en": re.compile(r"promised?:?\s+" + _EN_DAYS.pattern, re.IGNORECASE),
}
_AT_ONCE = {
    "zh": re.compile("当场|即时|即刻|立即|随到随办"),
    "en": re.compile(
        r"\bat once\b|\bon the spot\b|\bimmediately\b|\bwhile you wait\b", re.IGNORECASE
    ),
}


def _sound(one: Item) -> Iterator[Finding]:
    for name in ("anticipate_day", "promise_day", "valid_days", "limit_scene_num"):
        if getattr(one, name) < 0:
            yield (name,), "cannot be negative"
    for index, step in enumerate(one.steps):
        if step.day < 0:
            yield ("steps", index, "day"), "cannot be negative"
    if one.minutes < 1:
        yield ("minutes",), "must be at least 1"


def _kind(one: Item) -> Iterator[Finding]:
    if one.kind is ItemKind.PROMISE and one.promise_day == 0:
        yield ("promise_day",), "must be at least 1 for kind 'promise'"
    elif one.kind is not ItemKind.PROMISE and one.promise_day > 0:
        yield ("promise_day",), f"must be 0 for kind '{one.kind}'"


def _legal(one: Item) -> Iterator[Finding]:
    if one.promise_day > max(one.anticipate_day, 0) and one.kind is ItemKind.PROMISE:
        limit = f"the legal limit of {one.anticipate_day} (anticipate_day)"
        yield ("promise_day",), f"{one.promise_day} is longer than {limit}"


def _steps(one: Item) -> Iterator[Finding]:
    """The longest way through the steps; those beside each other count once."""
    path = longest(one.steps)
    days = sum(step.day for step in path)
    if days > max(one.promise_day, 0):
        names = " > ".join(step.code for step in path)
        yield ("steps",), f"{names} takes {days} working days; promise_day is {one.promise_day}"


def _said(one: Item) -> Iterator[Finding]:
    """The guide names each limit that there is, in both languages, and no other."""
    limits = {one.anticipate_day, one.promise_day} - {0}
    said = {
        "zh": chinese_days(one.guide.time_limit.zh),
        "en": english_days(one.guide.time_limit.en),
    }
    for language, days in said.items():
        text: str = getattr(one.guide.time_limit, language)
        place = ("guide", "time_limit", language)
        if not text.strip():
            continue
        for day in sorted(limits - days):
            yield place, f"does not say the {_name(one, day)} of {day} working days"
        for day in sorted(days - limits):
            if day < one.anticipate_day or not _EXTENDED.search(one.guide.time_limit.zh):
                yield place, f"says {day} working days, which is neither limit of this item"
        if one.promise_day == 0 and not _AT_ONCE[language].search(text):
            yield place, "does not say that it is done at once (当场; at once)"


def _promise(one: Item) -> Iterator[Finding]:
    """What is called the promise is the promise."""
    readers = {"zh": chinese_days, "en": english_days}
    for language, promised in _PROMISED.items():
        text: str = getattr(one.guide.time_limit, language)
        said = {day for found in promised.finditer(text) for day in readers[language](found[0])}
        for day in sorted(said - {one.promise_day}):
            what = f"calls {day} working days the promise; promise_day is {one.promise_day}"
            yield ("guide", "time_limit", language), what


def _name(one: Item, day: int) -> str:
    return "promise (promise_day)" if day == one.promise_day else "legal limit (anticipate_day)"


def chinese_days(text: str) -> set[int]:
    """Every number of 工作日, in digits or in Chinese up to 九十九."""
    return {_chinese(number) for number in _ZH_DAYS.findall(text)}


def english_days(text: str) -> set[int]:
    """Every number of working days, in digits or in words up to twenty."""
    found = (number.lower() for number in _EN_DAYS.findall(text))
    return {
        int(number) if number.isdigit() else _ENGLISH[number]
        for number in found
        if number.isdigit() or number in _ENGLISH
    }


def _chinese(number: str) -> int:
    if number.isdigit():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    if not ten:
        return int("".join(str(_HAN[digit]) for digit in number))
    return _HAN.get(tens, 1) * 10 + _HAN.get(ones, 0)


RULES = (
    Rule("numbers-not-negative", "No number of days, visits or minutes is impossible.", _sound),
    Rule("promise-of-kind", "Only a promised item has a promised day, and it has one.", _kind, 5),
    Rule("promise-within-legal-limit", "The promise is not longer than the law allows.", _legal, 5),
    Rule("steps-within-promise", "The longest way of steps fits into the promise.", _steps, 5),
    Rule("promise-as-said", "What the guide calls the promise is the promise.", _promise, 5),
    Rule("time-limit-as-said", "The guide says the days of the fields, no others.", _said, 5),
)
