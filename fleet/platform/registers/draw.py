"""Drawing invented facts from a hash: the same words always give the same number."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Kind = TypeVar("Kind")


def draw(*parts: object) -> int:
    """64 bits."""
    words = " ".join(["register", *map(str, parts)])
    return int.from_bytes(hashlib.sha256(words.encode("utf-8", "replace")).digest()[:8])


def one_of(choices: Sequence[Kind], *parts: object) -> Kind:
    return choices[draw(*parts) % len(choices)]


def code(prefix: str, *parts: object) -> str:
    """An invented register number of eight digits."""
    return f"{prefix}{draw(prefix, *parts) % 10**8:08d}"
