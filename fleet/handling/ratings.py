"""Ratings (好差评): five levels with tags, voluntary, one for each case, none without a case.

They come with the journals of terminals (`kiosk.rating.event`) and are read from there. Each one
either counts or is kept with the reason why not; both together are all that came.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from fleet.acts import WORD
from fleet.handling.orders import RulesError
from fleet.records import NOT_JSON
from kiosk.services.feedback import TAGS, LevelTags, read_levels

BAD = frozenset({1, 2})  # somebody calls back
MOST_TAGS = 10


class Left(StrEnum):
    """Why a rating does not count."""

    NO_CASE = "no_case"  # the case is not known; it counts once it is
    REPEATED = "repeated"  # the case has one already
    NO_LEVEL = "no_level"  # none of the five


@dataclass(frozen=True, slots=True)
class Rating:
    """`level` 0: none of the five. `tags`: those that fit the level."""

    case_no: str
    level: int
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tags:
    """What may be said with each level."""

    levels: Mapping[int, LevelTags]

    @classmethod
    def read(cls, text: str) -> Tags:
        """Raises `RulesError`."""
        try:
            levels = read_levels(text)
        except (msgspec.MsgspecError, tomllib.TOMLDecodeError) as error:
            raise RulesError(f"tags: {error}") from None
        if sorted(one.level for one in levels) != [1, 2, 3, 4, 5]:
            raise RulesError("tags: each of the five levels once")
        return cls({one.level: one for one in levels})

    @classmethod
    def default(cls) -> Tags:
        return cls.read(TAGS.read_text(encoding="utf-8"))

    def rating(self, data: bytes) -> Rating:
        """A record's data, whatever it holds; tags that do not fit its level are left out."""
        try:
            found: Any = msgspec.json.decode(data)
        except NOT_JSON:
            found = {}
        found = found if isinstance(found, dict) else {}
        case_no, level, tags = found.get("case_no"), found.get("level"), found.get("tags")
        known = self.levels.get(level) if type(level) is int else None
        allowed = [tag.code for tag in known.tags] if known else []
        said = tags if isinstance(tags, list) else []
        return Rating(
            case_no if isinstance(case_no, str) and WORD.fullmatch(case_no) else "",
            known.level if known else 0,
            tuple(code for code in allowed if code in said[:MOST_TAGS]),
        )
