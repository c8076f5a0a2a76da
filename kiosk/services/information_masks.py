"""Is a person kept private in what is made public? Numbers anywhere, names in lists."""

from __future__ import annotations

import re
import unicodedata

_SPACE = r"[ \-·]?"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
# What would name one person, however it is spaced.
NUMBERS: dict[str, re.Pattern[str]] = {
    "an ID number": re.compile(
        rf"(?<!\d)[1-9]\d{{5}}{_SPACE}(?:18|19|20)\d{{2}}{_SPACE}{_DAY}{_SPACE}\d{{3}}[\dXx](?!\d)"
    ),
    "an old ID number": re.compile(rf"(?<!\d)[1-9]\d{{7}}{_DAY}\d{{3}}(?!\d)"),
    "a mobile phone's number": re.compile(
        rf"(?<!\d)(?:\+?86{_SPACE})?1[3-9]\d{_SPACE}\d{{4}}{_SPACE}\d{{4}}(?!\d)"
    ),
    "a bank card's number": re.compile(r"(?<!\d)62\d{2}(?:[ \-]?\d{4}){3}(?:[ \-]?\d{1,3})?(?!\d)"),
}
_MASKED_NUMBER = re.compile(r"[0-9A-Z]{0,6}\*{4,}[0-9A-Z]{0,4}")
_MASKED_WORD = re.compile(r"[^\W\d_]\*+[^\W\d_]?")
_LATIN_WORD = re.compile(r"[A-Za-z]\*+")
_ORGANISATION = re.compile(
    r"(?:公司|厂|店|社|院|校|园|所|中心|局|会|部|馆|行|站|场|企业|户|Ltd\.?|Co\.?)$"
)


def named(text: str) -> str:
    """What in a text would name one person, in words; '' when nothing does."""
    plain = unicodedata.normalize("NFKC", text)
    return next((what for what, pattern in NUMBERS.items() if pattern.search(plain)), "")


def masked_name(name: str) -> bool:
    """`张*`, `张*芳`, `欧***`; of a Latin name each word: `A*** B****`."""
    words = name.split(" ")
    if name.isascii():
        return all(_LATIN_WORD.fullmatch(word) for word in words)
    return len(words) == 1 and bool(_MASKED_WORD.fullmatch(name))


def masked_number(number: str) -> bool:
    return bool(_MASKED_NUMBER.fullmatch(number))


def organisation(name: str) -> bool:
    """Does it end as organisations' names do?"""
    return bool(_ORGANISATION.search(name))
