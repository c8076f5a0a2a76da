"""What can be said back: five levels with tags (好差评), and what a complaint is about. Data files
beside this one, read by terminals and fleet alike."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from kiosk.services.fields import Words

TAGS = Path(__file__).with_name("tags.toml")
COMPLAINTS = Path(__file__).with_name("complaints.toml")
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,32}$")]


class Tag(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: Code
    zh: str
    en: str


class LevelTags(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`level`: 5 (very satisfied) to 1."""

    level: Annotated[int, msgspec.Meta(ge=1, le=5)]
    name: Words
    tags: tuple[Tag, ...]


class _Levels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    levels: tuple[LevelTags, ...]


class ComplaintKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: Code
    name: Words


class Complaints(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`prefix`: of their numbers. `answer_days`: working days until the answer."""

    prefix: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
    answer_days: Annotated[int, msgspec.Meta(ge=1, le=60)]
    kinds: tuple[ComplaintKind, ...]

    def kind(self, code: str) -> ComplaintKind | None:
        return next((one for one in self.kinds if one.code == code), None)


def read_levels(text: str) -> tuple[LevelTags, ...]:
    """Raises `msgspec.MsgspecError`, `tomllib.TOMLDecodeError`."""
    return msgspec.toml.decode(text, type=_Levels).levels


@cache
def tags_of(level: int) -> tuple[Tag, ...]:
    """What may be said with this level; nothing with one that is none."""
    levels = read_levels(TAGS.read_text(encoding="utf-8"))
    return next((one.tags for one in levels if one.level == level), ())


@cache
def complaints() -> Complaints:
    return msgspec.toml.decode(COMPLAINTS.read_text(encoding="utf-8"), type=Complaints)
