"""Unified social credit codes of organisations (GB 32100): are they well formed?

18 characters: who registered it, what kind it is, six digits of region, the nine characters of its
organisation code (GB 11714, which has a check character of its own), one check character. The
letters I, O, S, V and Z are not used. Region and registrar are not looked up: besides those of
the standards there are 10 for the State and 99 for the corps in Xinjiang, and more may come.
"""

from __future__ import annotations

import re
from enum import StrEnum

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE = re.compile(f"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}", re.ASCII)
_ORGANISATION = slice(8, 17)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CHECKS = "0X987654321"  # by the sum modulo 11


class CreditCodeFault(StrEnum):
    """The first thing that is wrong with a code."""

    LENGTH = "length"
    CHARACTERS = "characters"
    ORGANISATION_CHECK = "organisation_check"  # of the organisation code inside
    CHECK_CHARACTER = "check_character"


def credit_check(first17: str) -> str:
    """The check character that belongs to 17 characters: weights are powers of 3 modulo 31."""
    total = sum(
        _ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(first17)
    )
    return _ALPHABET[-total % 31]


def organisation_check(first8: str) -> str:
    """The check character that belongs to eight digits and letters (GB 11714; A is 10)."""
    pairs = zip(first8, _ORGANISATION_WEIGHTS, strict=True)
    return _ORGANISATION_CHECKS[
        sum(int(character, 36) * weight for character, weight in pairs) % 11
    ]


def check_credit_code(code: str) -> CreditCodeFault | None:
    """None when both check characters are right."""
    if len(code) != 18:
        return CreditCodeFault.LENGTH
    if not _CODE.fullmatch(code):
        return CreditCodeFault.CHARACTERS
    organisation = code[_ORGANISATION]
    if organisation_check(organisation[:-1]) != organisation[-1]:
        return CreditCodeFault.ORGANISATION_CHECK
    if credit_check(code[:-1]) != code[-1]:
        return CreditCodeFault.CHECK_CHARACTER
    return None
