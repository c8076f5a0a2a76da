"""Pages of what is made public: shelves, what stands on one, and one article."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.model import Text
from kiosk.view.browse import ServiceTile

NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class InformationShelf:
    """`key`: locale key `information.<key>`. `first`: title of what stands first there."""

    key: str
    first: Text = NOTHING


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """`kind`: of its shelf. `mark`: locale key `information.mark.<mark>`, or ''."""

    name: str
    kind: str
    title: Text
    summary: Text
    mark: str = ""


@dataclass(frozen=True, slots=True)
class InformationBody:
    """All `shelves`; or, when one is open, its `rows`."""

    shelves: tuple[InformationShelf, ...]
    shelf: str = ""
    rows: tuple[ArticleRow, ...] = ()

    @property
    def page(self) -> str:
        return self.shelf


class BlockKind(StrEnum):
    """How a part of an article is set."""

    HEAD = "head"
    TEXT = "text"
    PAIR = "pair"  # a label, and its value beside it
    ROW = "row"  # a name with its value beside it, and more below


@dataclass(frozen=True, slots=True)
class Block:
    """`key`: a locale key in the place of `text`."""

    kind: BlockKind
    text: Text = NOTHING
    value: Text = NOTHING
    below: Text = NOTHING
    key: str = ""


@dataclass(frozen=True, slots=True)
class ArticleBody:
    """`mark`: as of a row. `day` it was published, `until` which it is shown. `services`: what it
    is about; `choosing`: they are shown in the place of the text. `slip`: it can be printed."""

    name: str
    kind: str
    title: Text
    summary: Text
    day: Text
    blocks: tuple[Block, ...]
    until: Text = NOTHING
    mark: str = ""
    services: tuple[ServiceTile, ...] = ()
    choosing: bool = False
    slip: bool = False

    @property
    def page(self) -> str:
        return f"{self.name}:{self.choosing}"
