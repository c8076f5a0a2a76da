"""Languages, and texts in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """Languages of the screens; the value is the name of the file in `config/locales`."""

    ZH = "zh_CN"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the catalogue in each language."""

    zh: str
    en: str

    def into(self, language: Language) -> str:
        return self.zh if language is Language.ZH else self.en
