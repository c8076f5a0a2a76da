"""Rules of reading: short sentences, and no officialese where a plain word says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kiosk.services import plain
from kiosk.services.lint_rules import Finding, Gate, Place, Rule, every_words

# Words to be found by, and laws, which are quoted as they are.
_NOT_READ: tuple[Place, ...] = (("keywords",), ("guide", "by_law"), ("source",))
_LANGUAGES = ("zh", "en")
Readable = Callable[[object], Iterator[Finding]]


def _length(one: object) -> Iterator[Finding]:
    return _read(one, plain.too_long)


def _words(one: object) -> Iterator[Finding]:
    return _read(one, plain.heavy)


def _read(one: object, look: Callable[[str, str], Iterator[str]]) -> Iterator[Finding]:
    for place, words in every_words(one):
        if place not in _NOT_READ:
            for language in _LANGUAGES:
                for what in look(getattr(words, language), language):
                    yield (*place, language), what


# Name, sentence, and what looks for it, in an item or in a page of information.
READING: tuple[tuple[str, str, Readable], ...] = (
    ("sentence-length", "No sentence is too long to be read once.", _length),
    ("plain-words", "No officialese where a plain word says the same.", _words),
)
RULES = tuple(Rule(name, says, check, 2, Gate.PUBLISH) for name, says, check in READING)
