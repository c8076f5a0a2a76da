"""Checks of a text that no pattern can make."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from kiosk.identity.numbers import check_resident_number
from kiosk.identity.organisations import check_credit_code
from kiosk.services.fields import Rule

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_BANK_CARD = re.compile(r"[0-9]{12,19}")
# Categories of Unicode whose characters nobody can read: controls, formats, surrogates, private
# use, unassigned, line and paragraph ends.
_UNREADABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_PICTURES = (range(0x2600, 0x27C0), range(0xFE00, 0xFE10), range(0x1F000, 0x20000),
             range(0xE0000, 0xE1000))  # fmt: skip


def readable(text: str) -> bool:
    """Can a person read every character, and a font of ours print it? Emoji are pictures."""
    return not any(
        unicodedata.category(one) in _UNREADABLE or any(ord(one) in some for some in _PICTURES)
        for one in text
    )


def _resident_number(value: str) -> str:
    return "error.resident_number" if check_resident_number(value) else ""


def _credit_code(value: str) -> str:
    return "error.credit_code" if check_credit_code(value) else ""


def _bank_card(value: str) -> str:
    """The last digit checks the others (ISO/IEC 7812-1)."""
    if not _BANK_CARD.fullmatch(value):
        return "error.bank_card"
    doubled = (sum(divmod(int(one) * 2, 10)) for one in value[-2::-2])
    total = sum(int(one) for one in value[-1::-2]) + sum(doubled)
    return "error.bank_card" if total % 10 else ""


def _mobile(value: str) -> str:
    return "" if _MOBILE.fullmatch(value) else "error.mobile"


RULES: dict[Rule, Callable[[str], str]] = {
    Rule.RESIDENT_NUMBER: _resident_number,
    Rule.CREDIT_CODE: _credit_code,
    Rule.BANK_CARD: _bank_card,
    Rule.MOBILE: _mobile,
}
