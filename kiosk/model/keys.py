"""Keys that are found by touch, and speech."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.model.words import Language


class Key(StrEnum):
    """Keys of a keypad that is found by touch. Digits are themselves. `NEXT` and `CHOOSE`: two
    switches, for people who can press nothing smaller."""

    ENTER = "enter"
    CANCEL = "cancel"
    CLEAR = "clear"
    HELP = "help"
    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    NEXT = "next"
    CHOOSE = "choose"
    D0 = "0"
    D1 = "1"
    D2 = "2"
    D3 = "3"
    D4 = "4"
    D5 = "5"
    D6 = "6"
    D7 = "7"
    D8 = "8"
    D9 = "9"


@dataclass(frozen=True, slots=True)
class Voice:
    """`rate`: words a minute; `volume`: 0 to 100."""

    rate: int = 160
    volume: int = 80


class About(StrEnum):
    """What speech is about. What is cut of the page and of the focus can go on later; the program's
    own words (help, speed, what a key typed) are said once or not."""

    PAGE = "page"
    FOCUS = "focus"
    PROGRAM = "program"


class Cut(StrEnum):
    """What becomes of what was cut off before."""

    KEPT = "kept"
    RESUMED = "resumed"  # it is said now, or `parts` where there is nothing to go on with
    FORGOTTEN = "forgotten"  # and what is being said now is not kept when it is cut


class Spoken(StrEnum):
    """How an utterance ended."""

    SAID = "said"
    INTERRUPTED = "interrupted"
    WITHHELD = "withheld"  # private content, and no headphones
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is said without a pause. `private`: into headphones, or not at all."""

    text: str = field(repr=False)
    language: Language
    private: bool = False


@dataclass(frozen=True, slots=True)
class Speaking:
    """Utterances in their order. `urgent`: whatever is being said now gives way; otherwise it ends
    first, and what waits behind it is forgotten. `instead` is said once for all that is private
    while there are no headphones."""

    parts: tuple[Utterance, ...]
    voice: Voice
    instead: Utterance
    urgent: bool = True
    about: About = About.PROGRAM
    cut: Cut = Cut.KEPT
