"""Widgets that are many and slow to build: each when it is first asked for, or ahead of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Made(dict[K, V]):
    """What was built so far; asking for another builds it."""

    def __init__(self, makers: Mapping[K, Callable[[], V]]) -> None:
        super().__init__()
        self._makers = makers

    def __missing__(self, key: K) -> V:
        made = self[key] = self._makers[key]()
        return made

    def prepare(self) -> bool:
        """Build one that nobody has asked for yet. False: there is none left."""
        for key in self._makers:
            if key not in self:
                self[key]
                return True
        return False
