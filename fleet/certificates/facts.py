"""What the registers know of somebody, as a certificate prints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from fleet.platform.contract import Table


class Pair(msgspec.Struct, frozen=True):
    """One text in Chinese and English."""

    zh: str
    en: str


def same(value: object) -> Pair:
    """Numbers, names and dates read alike in both languages."""
    return Pair(str(value), str(value))


class Row(msgspec.Struct, frozen=True):
    """A labelled fact on the paper."""

    label: Pair
    value: Pair

    def __repr__(self) -> str:
        return f"Row({self.label.en!r})"


@dataclass(frozen=True, slots=True)
class Facts:
    """`rows` are printed one under the other; `named` are for the sentences, by placeholder."""

    rows: tuple[Row, ...] = field(default=(), repr=False)
    table: Table | None = field(default=None, repr=False)
    named: Mapping[str, Pair] = field(default_factory=dict, repr=False)

    @property
    def lines(self) -> tuple[tuple[str, str, str], ...]:
        """(label zh, label en, value), as a decision's `result` has them."""
        return tuple((row.label.zh, row.label.en, row.value.zh) for row in self.rows)
