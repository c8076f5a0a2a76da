"""Items to be found: a fixed list of names with what people call them, and an index over them."""

from __future__ import annotations

import random
import sqlite3
import string
import tomllib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.services import search
from kiosk.services.fields import Words
from kiosk.services.item import (
    Assurance,
    Guide,
    Item,
    ItemKind,
    LifeEvent,
    Theme,
    UseLevel,
)

NOTHING = Words("", "")
GUIDE = Guide(*[NOTHING] * 11)

DATA = tomllib.loads((Path(__file__).parent / "fixtures/search.toml").read_text("utf-8"))
NAMES: list[list[str]] = DATA["items"]
ASKED: dict[str, dict[str, str]] = DATA["asked"]  # by kind of query: words, and what is meant


def item(number: int, name: Words, dept: Words, keywords: Words = NOTHING) -> Item:
    return Item(
        catalog_code=f"{number:012d}",
        task_code=f"11445299MB2D00006J2{number:012d}",
        task_version="1",
        task_name=name,
        dept_name=dept,
        dept_code=f"{zlib.crc32(dept.zh.encode()):018d}",
        kind=ItemKind.QUERY,
        icon="card",
        assurance=Assurance.CARD,
        anticipate_day=0,
        promise_day=0,
        result_name=NOTHING,
        guide=GUIDE,
        purpose=NOTHING,
        keywords=keywords,
        themes=(list(Theme)[number % 3],),
        life_events=(list(LifeEvent)[number % 2],),
        use_level=UseLevel.TOWN if "镇" in dept.zh else UseLevel.COUNTY,
    )


def items() -> list[Item]:
    return [
        item(
            number,
            Words(zh, en),
            Words(f"示例县{dept}", f"Sample County {office}"),
            Words(called, also),
        )
        for number, (zh, en, dept, office, called, also) in enumerate(NAMES, start=1)
    ]


@dataclass(frozen=True)
class Found:
    """A finder, and the names of what it finds."""

    connection: sqlite3.Connection
    finder: search.Finder
    names: Mapping[str, str]

    def __call__(self, words: str, limit: int = 20) -> list[str]:
        return [self.names[hit.task_code] for hit in self.finder.find(words, limit)]


def index(made: Iterable[Item], weights: Mapping[str, float] | None = None) -> Found:
    listed = list(made)
    connection = sqlite3.connect(":memory:")
    search.build(connection, listed, weights)
    names = {one.task_code: one.task_name.zh for one in listed}
    return Found(connection, search.Finder(connection), names)


def misspelt(word: str, chance: random.Random) -> str:
    """`word` with one typing error: a letter wrong, missing, doubled, or swapped with the next."""
    while True:
        at = chance.randrange(len(word))
        left, sign, right = word[:at], word[at], word[at + 1 :]
        letter = chance.choice(string.ascii_lowercase)
        made = chance.choice(
            (left + letter + right, left + right, left + sign + sign + right,
             left + right[:1] + sign + right[1:])
        )  # fmt: skip
        if made != word:
            return made
