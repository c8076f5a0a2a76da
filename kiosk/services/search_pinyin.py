"""How Hanzi are read, from pypinyin. Only the build needs it: a terminal reads the result."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from itertools import groupby

from pypinyin import Style, pinyin
from pypinyin.constants import PINYIN_DICT

from kiosk.services.search_words import is_hanzi

_COMMON = range(0x4E00, 0xA000)


@lru_cache(maxsize=4096)
def in_context(text: str) -> tuple[str, ...]:
    """How each sign of `text` is read there (重庆: chong); a letter or digit is its own reading."""
    readings: list[str] = []
    for hanzi, group in groupby(text, is_hanzi):
        run = "".join(group)
        readings += _read(run) if hanzi else run
    return tuple(readings)


@cache
def readings(sign: str) -> tuple[str, ...]:
    """Every reading without tones, the commonest first; none for what is not Hanzi."""
    spelt = (_toneless(reading) for reading in PINYIN_DICT.get(ord(sign), "").split(","))
    return tuple(dict.fromkeys(reading for reading in spelt if reading))


def homophones() -> dict[str, str]:
    """For each syllable every common Hanzi that can be read so."""
    table: dict[str, list[str]] = {}
    for code in _COMMON:
        for reading in readings(chr(code)):
            table.setdefault(reading, []).append(chr(code))
    return {reading: "".join(table[reading]) for reading in sorted(table)}


def _read(run: str) -> list[str]:
    told = [first[0] for first in pinyin(run, style=Style.NORMAL)]
    if len(told) != len(run):  # signs that pypinyin does not know come in one piece
        return [next(iter(readings(sign)), "") for sign in run]
    return [reading if reading.isascii() else "" for reading in told]


def _toneless(reading: str) -> str:
    plain = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(sign for sign in plain if "a" <= sign <= "z")
