"""Of what `kiosk gallery` makes pictures: windows, languages, themes, text sizes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.errors import KioskError
from screens.theme import TEXT_SIZES, THEMES
from screens.words import offered

_LOCALES = Path(__file__).parents[1] / "config" / "locales"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to draw; every combination of it. `low`: the page within reach, too."""

    windows: tuple[str, ...]
    languages: tuple[str, ...]
    themes: tuple[str, ...]
    texts: tuple[int, ...]
    low: bool = True
    only: str = ""  # pictures whose names have this in them
    check: bool = False  # measure what was drawn
    faulty: bool = False  # keep only the pictures in which something was found


WINDOWS = ("1080x1920", "1920x1080")
LANGUAGES = tuple(str(one) for one in offered(_LOCALES))
EVERYTHING = Wanted(WINDOWS, LANGUAGES, THEMES, TEXT_SIZES)
QUICK = Wanted(WINDOWS, LANGUAGES, THEMES[:1], TEXT_SIZES[:1])


def looks(themes: list[str] | None, texts: list[int] | None, *, quick: bool) -> Wanted:
    """Everything, or these alone. A low page has the usual text size."""
    for name, given, known in (("theme", themes, THEMES), ("text", texts, TEXT_SIZES)):
        if not set(given or ()) <= set(known):
            raise KioskError(f"--{name} is one of {', '.join(map(str, known))}")
    every = QUICK if quick else EVERYTHING
    sizes = tuple(texts or every.texts)
    return replace(
        every, themes=tuple(themes or every.themes), texts=sizes, low=TEXT_SIZES[0] in sizes
    )
