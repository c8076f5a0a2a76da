"""Is a text easy to read? How long its sentences are, and which of its words only officials use.

What is looked for is data, `plain.toml`. It finds what is heavy; that the rest is easy, it does not
prove.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

_TABLE = Path(__file__).with_suffix(".toml")
_WORD = re.compile(r"[A-Za-z0-9'’.\-]*[A-Za-z0-9]")
_SIGN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]|[A-Za-z0-9.:/\-]+")
_SENTENCE = re.compile(r"[。！？；\n]+")
_CLAUSE = re.compile(r"[。！？；，：、（）“”《》——\n]+")
_ENGLISH = re.compile(r"(?<=[.!?;:])\s+|\n+")
# What is counted, between which ends, and the key of the table that says how many there may be.
_LIMITS = {
    "zh": (
        ("signs", _SENTENCE, _SIGN, "characters in a sentence"),
        ("clause", _CLAUSE, _SIGN, "characters without a mark between them"),
    ),
    "en": (("words", _ENGLISH, _WORD, "words in a sentence"),),
}


class _Longest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: int
    signs: int
    clause: int


class _Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    heavy: str
    plain: str


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    longest: _Longest
    zh: tuple[_Word, ...]
    en: tuple[_Word, ...]


def too_long(text: str, language: str) -> Iterator[str]:
    """Each part of the text that is longer than it may be."""
    for limit, ends, unit, what in _LIMITS[language]:
        most: int = getattr(_table().longest, limit)
        for part in ends.split(text):
            if (count := len(unit.findall(part))) > most:
                yield f"{count} {what}, at most {most}: '{part.strip()}'"


def heavy(text: str, language: str) -> Iterator[str]:
    """Each of its words for which there is a plainer one."""
    for pattern, plainer in _patterns(language):
        if found := pattern.search(text):
            yield f"'{found.group()}' is officials' language; plainer: {plainer}"


@cache
def _table() -> _Table:
    return msgspec.convert(tomllib.loads(_TABLE.read_text("utf-8")), _Table)


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    edge = r"\b(?:{})\b" if language == "en" else "{}"
    words: tuple[_Word, ...] = getattr(_table(), language)
    return tuple((re.compile(edge.format(w.heavy), re.IGNORECASE), w.plain) for w in words)
