"""What `kiosk gallery` says: how many pages keep their text size; and with `--check` the lowest
figures of each look, and what is too low."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

_LOOK = ("window", "theme", "text", "low", "language")
_HEAD = (*_LOOK, "pages", "texts", "contrast", "icons", "type mm", "target mm", "faults")
_FIGURES = ("contrast", "icon", "character", "target")
_LEFT = len(_LOOK)


def table(shots: Iterable[Mapping[str, Any]]) -> str:
    """A line for each look; the lowest figure of its pages in each column."""
    ordered = sorted(shots, key=_look)
    rows = [_HEAD, *(_row(look, list(some)) for look, some in groupby(ordered, _look))]
    wide = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(w) if column < _LEFT else cell.rjust(w)
            for column, (cell, w) in enumerate(zip(row, wide, strict=True))
        )
        for row in rows
    )


def sizes(shots: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A line for each text size: how many pages are shown in it, and how many in smaller ones."""
    pages = [shot for shot in shots if shot["kind"] == "screen" and shot["low"] == "full"]
    for window, text in sorted({(shot["window"], shot["text"]) for shot in pages}):
        shown = Counter(
            shot["shown"] for shot in pages if (shot["window"], shot["text"]) == (window, text)
        )
        smaller = (
            f", {shown[size]} at {size}" for size in sorted(shown, reverse=True) if size < text
        )
        yield f"{window}, {text} %: {shown[text]} of {shown.total()} pages{''.join(smaller)}"


def faults(shots: Iterable[Mapping[str, Any]]) -> list[str]:
    return [f"{shot['file']}: {fault}" for shot in shots for fault in shot["faults"]]


def _look(shot: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(shot[name]) for name in _LOOK)


def _row(look: tuple[str, ...], shots: list[Mapping[str, Any]]) -> tuple[str, ...]:
    lowest = (min(shot[name] for shot in shots) for name in _FIGURES)
    return (
        *look,
        str(len(shots)),
        str(sum(shot["texts"] for shot in shots)),
        *(f"{figure:.1f}" for figure in lowest),
        str(sum(len(shot["faults"]) for shot in shots)),
    )
