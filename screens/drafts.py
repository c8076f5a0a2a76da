"""What is being typed, by kind of question: with which keys, what one more key makes of it, how it
is shown, and what is answered in the end. Pure.
"""

from __future__ import annotations

from collections.abc import Callable

from kiosk.model.amounts import grouped
from kiosk.view import QuestionBody

# A text in digits of this length is an identity number, which may end with X.
_IDENTITY, _MOBILE = 18, 11
_KEYS = {
    "choice": "choices", "choices": "choices", "people": "people", "date": "digits",
    "month": "digits", "number": "digits", "money": "decimal", "address": "hanzi",
}  # fmt: skip
_DIGITS = tuple("0123456789")
_WHOLE, _CENTS = 10, 2  # digits of yuan and fen

Rule = Callable[[str, str], str]


def keys_for(body: QuestionBody) -> str:
    """choices | people | digits | digits_x | decimal | letters | hanzi."""
    if body.kind != "text":
        return _KEYS[body.kind]
    if body.script == "digits":
        return "digits_x" if body.max_length == _IDENTITY else "digits"
    if body.script == "latin":
        return "digits" if body.max_length == _MOBILE else "letters"
    return "hanzi"


def added(kind: str, draft: str, key: str, longest: int) -> str:
    """`key` may be a whole word that was chosen."""
    return _ADDED.get(kind, str.__add__)(draft, key)[:longest]


def shown(kind: str, draft: str) -> str:
    """An amount of money in groups of three: 1,234.5."""
    if kind != "money" or not draft:
        return draft
    whole, point, cents = draft.partition(".")
    return f"{grouped(int(whole))}{point}{cents}" if whole.isdecimal() else draft


def answer(kind: str, draft: str) -> str:
    return draft.rstrip(".") if kind == "money" else draft.strip()


def _digit(draft: str, key: str) -> str:
    return draft + key if key in _DIGITS else draft


def _money(draft: str, key: str) -> str:
    whole, point, cents = draft.partition(".")
    if key == ".":
        return draft if point else (draft or "0") + key
    if key not in _DIGITS or len(cents) >= _CENTS or (not point and len(whole) >= _WHOLE):
        return draft
    return key if draft == "0" else draft + key


_ADDED: dict[str, Rule] = {"number": _digit, "money": _money}
