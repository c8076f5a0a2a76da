"""What is wrong with a text: with its rule's number, or with its pattern.

A pattern is a regular expression, which nobody wants to hear. What it allows is found by trying it
with words of one kind of character and of each length.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from kiosk.identity.numbers import check_resident_number
from kiosk.identity.organisations import check_credit_code
from kiosk.services.fields import FormField, Rule
from kiosk.services.rules import RULES, readable

Figures = dict[str, object]
Explained = tuple[str, Figures]

EXACT = "error.pattern.order"  # right characters, right length: the question's hint says the rest

_PROBES = {"hanzi": "中", "digits": "1", "latin": "a"}
_NAMED = ("hanzi", "digits", "latin", "digits_latin")  # there is a sentence for each
_MOBILE, _BANK_CARD = 11, (12, 19)


def in_rule(field: FormField, value: str) -> Explained:
    """Key '' where its rule finds nothing, or it has none."""
    if field.rule is Rule.NONE or not RULES[field.rule](value):
        return "", {}
    return f"error.{field.rule}.{_RULES[field.rule](value)}", {"count": len(value)}


def in_pattern(field: FormField, value: str) -> Explained:
    if not readable(value):
        return "error.pattern.unreadable", {}
    kinds, lengths = _allowed(field.pattern, field.max_length)
    if not kinds:
        return EXACT, {}
    sample = _PROBES[kinds[0]] * min(lengths)
    if not all(_fits(field.pattern, sample, one) for one in value):
        named = "_".join(kinds)
        return f"error.pattern.{named if named in _NAMED else 'characters'}", {}
    if len(value) in lengths:
        return EXACT, {}
    least, most = min(lengths), max(lengths)
    kind = "length" if least < most else "exactly"
    return f"error.pattern.{kind}", {"least": least, "most": most, "count": len(value)}


@lru_cache(maxsize=256)
def _allowed(pattern: str, longest: int) -> tuple[tuple[str, ...], frozenset[int]]:
    """Kinds of characters of which a whole text may consist, and how long it may be."""
    found = {
        kind: {n for n in range(1, longest + 1) if re.fullmatch(pattern, probe * n)}
        for kind, probe in _PROBES.items()
    }
    kinds = tuple(kind for kind, lengths in found.items() if lengths)
    return kinds, frozenset().union(*found.values())


def _fits(pattern: str, sample: str, one: str) -> bool:
    """In the place of any character of the sample?"""
    tries = (f"{sample[:n]}{one}{sample[n + 1 :]}" for n in range(len(sample)))
    return any(re.fullmatch(pattern, text) for text in tries)


def _digits_only(value: str) -> bool:
    return value.isascii() and value.isdecimal()


def _mobile(value: str) -> str:
    if not _digits_only(value):
        return "characters"
    return "length" if len(value) != _MOBILE else "start"


def _bank_card(value: str) -> str:
    if not _digits_only(value):
        return "characters"
    return "check" if _BANK_CARD[0] <= len(value) <= _BANK_CARD[1] else "length"


_RULES: dict[Rule, Callable[[str], str]] = {
    Rule.RESIDENT_NUMBER: lambda value: str(check_resident_number(value)),
    Rule.CREDIT_CODE: lambda value: str(check_credit_code(value)),
    Rule.BANK_CARD: _bank_card,
    Rule.MOBILE: _mobile,
}
