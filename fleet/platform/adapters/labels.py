"""Our words and a platform's codes for them, as its own file lists them; never by number alone.

Two platforms use the same numbers for different things (3 is 上报 in one and 联办 in the other).
So each code is written down beside the platform's own label for it, in that platform's file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OTHER = "other"  # our word for whatever a table does not list; each platform has a code for it


class LabelError(ValueError):
    """A code that the platform's table does not list, or a table that is not one to one."""


@dataclass(frozen=True, slots=True)
class Labels:
    """One table. Several of our words may share a code (`query` is 即办件, too)."""

    name: str
    codes: Mapping[str, str]
    labels: Mapping[str, str]  # by code

    @classmethod
    def of(cls, name: str, rows: Mapping[str, tuple[str, str]]) -> Labels:
        """`rows`: our word to (the platform's label, its code). Raises `LabelError`."""
        labels: dict[str, str] = {}
        for label, code in rows.values():
            if labels.setdefault(code, label) != label:
                raise LabelError(f"[{name}] {code} stands for {labels[code]} and for {label}")
        if len(set(labels.values())) != len(labels):
            raise LabelError(f"[{name}] one label has two codes")
        return cls(name, {word: code for word, (_, code) in rows.items()}, labels)

    def code(self, word: str) -> str:
        """What the platform says for it. Raises `LabelError`: neither it nor `other` is listed."""
        found = self.codes.get(word, self.codes.get(OTHER))
        if found is None:
            raise LabelError(f"[{self.name}] has no row for a word of ours")
        return found

    def word(self, code: str) -> str:
        """Our first word for it. Raises `LabelError`."""
        found = next((word for word, known in self.codes.items() if known == code), None)
        if found is None:
            raise LabelError(f"[{self.name}] does not list the code that came")
        return found

    def same(self, word: str, code: str) -> bool:
        """Does the code that came mean this word?"""
        return self.code(word) == code
