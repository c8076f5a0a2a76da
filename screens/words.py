"""The program's own words, from `config/locales/<language>.po`, by symbolic key."""

from __future__ import annotations

import logging
from functools import cache, partial
from pathlib import Path

from babel.messages.pofile import read_po

from kiosk.model import Language

_log = logging.getLogger(__name__)


class WordsMissingError(KeyError):
    """A key without words, under `strict`."""


class Words:
    """Of all languages, so that a screen can also show a second one; each is read when it is first
    needed.

    `strict` raises on a missing key, as the tests do; otherwise the key itself is shown, which is
    better on the street than a terminal that ends.
    """

    def __init__(self, folder: Path, *, strict: bool = False) -> None:
        self._strict = strict
        self.languages = tuple(offered(folder))  # as they are offered
        self._texts = cache(partial(_read, folder))

    def say(self, key: str, language: Language, **values: object) -> str:
        text = self._texts(language).get(key, "")
        if not text and not self._strict:
            text = self._texts(language.other.other).get(key, "")
        if not text:
            if self._strict:
                raise WordsMissingError(f"{key} ({language})")
            _log.error("words_missing key=%s language=%s", key, language)
            return key
        return text.format(**values) if values else text

    def keys(self, language: Language) -> set[str]:
        return set(self._texts(language))

    def __contains__(self, key: str) -> bool:
        return all(key in self._texts(language) for language in Language)


def offered(folder: Path) -> list[Language]:
    """A language for each file: those of the catalogue, then the others by name."""
    there = [Language(path.stem) for path in sorted(folder.glob("*.po"))]
    return [*Language, *(one for one in there if one not in list(Language))]


def _read(folder: Path, language: Language) -> dict[str, str]:
    with (folder / f"{language}.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}
