"""A Chinese text in other characters: written simplified, for who reads traditional ones.

OpenCC converts by phrases, so that 发票 and 头发 each get their own 发; words stay what they are.
`characters.toml` has what its tables get wrong. It is loaded when a text first needs it, for that
takes a tenth of a second. Nothing is remembered of what was converted.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.model.words import Language, Text

_TABLES = Path(__file__).with_suffix(".toml")
_SIMPLIFIED = "t2s"
_HANZI = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]+")


class _Converter:
    """By one of OpenCC's tables; some words by `words` instead."""

    def __init__(self, table: str, words: dict[str, str]) -> None:
        from opencc import OpenCC

        self._opencc, self._words = OpenCC(table), words
        longest = sorted(words, key=len, reverse=True)
        self._parts = re.compile("|".join(map(re.escape, longest)) or "(?!)")

    def __call__(self, text: str) -> str:
        done, parts = 0, []
        for found in self._parts.finditer(text):
            parts += [self._table(text[done : found.start()]), self._words[found.group()]]
            done = found.end()
        return "".join([*parts, self._table(text[done:])])

    def _table(self, text: str) -> str:
        return str(self._opencc.convert(text)) if text else ""


def shown(text: Text, language: Language) -> str:
    """As it stands on the screen. What is no translation, as a name, stays as it was written."""
    chosen = text.into(language)
    if language not in _tables() or text.own or text.zh == text.en or chosen.isascii():
        return chosen
    return _traditional(language)(chosen)


def simplified(text: str) -> str:
    """As the catalogue is written. What GB 2312 has needs no conversion."""
    return _HANZI.sub(_simplify, text)


def _simplify(found: re.Match[str]) -> str:
    try:
        found.group().encode("gb2312")
    except UnicodeEncodeError:
        return _simplifier()(found.group())
    return found.group()


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_TABLES.read_text("utf-8"))


@cache
def _traditional(language: Language) -> _Converter:
    return _Converter(**_tables()[language])


@cache
def _simplifier() -> _Converter:
    return _Converter(_SIMPLIFIED, {})
