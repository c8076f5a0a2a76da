"""Languages, and texts in each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

_SENTENCE = re.compile(r"[^。！？!?\n]*?(?:[。！？!?\n]+|\.(?=\s|$)|$)")
_NAME = re.compile(r"[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?")


class Language(StrEnum):
    """Languages of the screens; the value is the name of the file in `config/locales`.

    The two that the catalogue's own texts are written in have names here. Each other one is made
    of its file's name, and is the same object each time.
    """

    ZH = "zh_CN"
    EN = "en"

    @classmethod
    def _missing_(cls, value: object) -> Language | None:
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            return None
        made = str.__new__(cls, value)
        made._name_ = made._value_ = value
        known: dict[object, Language] = cls._value2member_map_  # type: ignore[assignment]
        return known.setdefault(value, made)

    @property
    def chinese(self) -> bool:
        """In whatever characters: is Chinese what its readers are given where only two are?"""
        return self.startswith("zh")

    @property
    def other(self) -> Language:
        """The one of the two for who does not read this one."""
        return Language.EN if self.chinese else Language.ZH


@dataclass(frozen=True, slots=True)
class Text:
    """One text in each language.

    `own`: a person's own in any language, as a name; its characters are not to be converted. What
    is the same in both is so anyway.
    """

    zh: str
    en: str
    own: bool = field(default=False, compare=False)

    def into(self, language: Language) -> str:
        return self.zh if language.chinese else self.en


def sentences(text: str) -> Iterator[str]:
    """`text` at its full stops, none of it empty. A point in a number is none."""
    for match in _SENTENCE.finditer(text):
        if sentence := match[0].strip():
            yield sentence
