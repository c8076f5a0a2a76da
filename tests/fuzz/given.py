"""Values cut from a fuzzer's bytes, front to back, so that seeds can be written by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

MOST_PIECES = 300
FIXTURES = Path(__file__).parents[1] / "fixtures"


class Given:
    """Past the end, everything is zero or empty."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        self._at += len(taken)
        return taken

    def number(self, size: int = 1) -> int:
        return int.from_bytes(self.take(size), "big")

    def pick(self, options: Sequence[T]) -> T:
        return options[self.number() % len(options)]

    def some(self, size: int = 1) -> bytes:
        """A number of `size` bytes, and so many bytes."""
        return self.take(self.number(size))

    def rest(self) -> bytes:
        return self.take(len(self._data))


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    """As a line brings them, some hundred at most; `size` 0: all at once."""
    step = max(size, len(data) // MOST_PIECES + 1) if size else max(1, len(data))
    return (data[at : at + step] for at in range(0, len(data), step))


def text(data: bytes) -> str:
    """Any text: a byte that is no UTF-8 becomes half a surrogate pair."""
    return data.decode("utf-8", "surrogateescape")


def counted(*parts: bytes, size: int = 1) -> bytes:
    """What `Given.some` cuts into these parts again."""
    return b"".join(len(part).to_bytes(size, "big") + part for part in parts)
