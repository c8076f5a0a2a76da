"""What a rule of the linter is, and the words that many rules share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kiosk.services.fields import Words
from kiosk.services.item import Item

Place = tuple[str | int, ...]  # of a key in an item's file: ("fields", 0, "label", "zh")
Finding = tuple[Place, str]  # where, and what is wrong there
Check = Callable[[Item], Iterator[Finding]]
SetCheck = Callable[[Sequence[Item]], Iterator[tuple[int, Place, str]]]


class Gate(StrEnum):
    """When a rule is asked: a rule of LOAD also keeps a folder of files from being loaded."""

    LOAD = "load"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Rule:
    """`says` in one plain sentence. `row`: of the users' table of requirements; 0: none."""

    name: str
    says: str
    check: Check
    row: int = 0
    gate: Gate = Gate.LOAD


@dataclass(frozen=True, slots=True)
class SetRule:
    """As `Rule`, about all items together; a finding begins with the number of its item."""

    name: str
    says: str
    check: SetCheck
    row: int = 0
    gate: Gate = Gate.LOAD


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, in one line. `line` counts from 1; 0: the file as a whole."""

    file: str
    line: int
    rule: str
    where: str
    what: str

    def __str__(self) -> str:
        file = f"{self.file}:{self.line}" if self.line else self.file
        where = f"{self.where}: " if self.where else ""
        return f"{file}: [{self.rule}] {where}{self.what}"


def shown(place: Place) -> str:
    """`fields[1].label.zh`: counted from 1, as people do."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place)
    return "".join(parts).removeprefix(".")


def both(place: Place, words: Words) -> Iterator[Finding]:
    """Must be there in each language."""
    for language in ("zh", "en"):
        if not getattr(words, language).strip():
            yield (*place, language), "is empty"


def both_or_none(place: Place, words: Words) -> Iterator[Finding]:
    if bool(words.zh.strip()) != bool(words.en.strip()):
        yield place, "is given in one language only"


def given(words: Words) -> bool:
    return bool(words.zh.strip() and words.en.strip())


def every_words(value: object, place: Place = ()) -> Iterator[tuple[Place, Words]]:
    """Each bilingual text of an item, at any depth."""
    if isinstance(value, Words):
        yield place, value
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from every_words(part, (*place, index))
    elif hasattr(value, "__struct_fields__"):
        for name in value.__struct_fields__:
            yield from every_words(getattr(value, name), (*place, name))
