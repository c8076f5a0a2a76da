"""What somebody typed, or an item says, brought to one form: words of plain letters and Hanzi."""

from __future__ import annotations

import unicodedata

MOST_TYPED = 400  # characters looked at; what comes after them is not asked for
MOST_UNITS = 64  # and so many letters and Hanzi are left of them

_APOSTROPHES = "'’ʼ`"  # xi'an and applicant's are one word each
_DIAERESIS = "\u0308"


def words(text: str) -> tuple[str, ...]:
    """Lower case, narrow letters, no tone marks (ü is v); words end at blanks and punctuation."""
    whole = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept: list[str] = []
    for sign in whole.replace("u" + _DIAERESIS, "v"):
        if sign.isalnum():
            kept.append(sign)
        elif not unicodedata.combining(sign) and sign not in _APOSTROPHES and not _hidden(sign):
            kept.append(" ")
    return tuple("".join(kept).split())


def typed(text: str) -> tuple[str, ...]:
    """The words of a query, of bounded length however much was pasted into it."""
    left, kept = MOST_UNITS, []
    for word in words(text[:MOST_TYPED]):
        kept.append(word[:left])
        left -= len(kept[-1])
        if left <= 0:
            break
    return tuple(kept)


def joined(text: str) -> str:
    """The same without any gap: Chinese is written without them."""
    return "".join(words(text))


def is_blank(text: str) -> bool:
    """Nothing was asked: only blanks and signs that nobody sees."""
    return all(sign.isspace() or _hidden(sign) for sign in text[:MOST_TYPED])


def is_letter(sign: str) -> bool:
    return "a" <= sign <= "z"


def is_hanzi(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff" or "\U00020000" <= sign <= "\U0003ffff"


def _hidden(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs") and not sign.isspace()
