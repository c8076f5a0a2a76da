"""The words of finding: shelves to browse, hits, and why each was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.services.fields import Words


class Facet(StrEnum):
    """By what items stand on shelves."""

    THEME = "theme"
    LIFE_EVENT = "life_event"
    DEPARTMENT = "department"
    LEVEL = "level"


class Place(StrEnum):
    """Where in an item the words were found; the best first."""

    EXACT = "exact"  # they are its name
    PREFIX = "prefix"  # its name begins with them
    PART = "part"  # within its name
    KEYWORD = "keyword"  # in what people call it
    DEPARTMENT = "department"
    WORDS = "words"  # each word somewhere
    PIECES = "pieces"  # some of them
    BROWSE = "browse"  # nothing was asked


class Closeness(StrEnum):
    """How well it fits; the best first."""

    EXACT = "exact"  # as written, or as read: full pinyin, initials
    ALIKE = "alike"  # fuzzy pinyin, another reading, a homophone
    TYPO = "typo"  # one error


@dataclass(frozen=True, slots=True)
class Hit:
    task_code: str
    place: Place
    closeness: Closeness


@dataclass(frozen=True, slots=True)
class Shelf:
    """`key`: a theme, life event, level, or the department's code. `name`: a department's; empty
    for the others, which the screens' own words name. `count`: how many items stand on it."""

    key: str
    name: Words
    count: int
