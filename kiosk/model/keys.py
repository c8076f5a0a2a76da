"""Keys that are found by touch, and speech."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Key(StrEnum):
    """Keys of a keypad that is found by touch. Digits are themselves."""

    ENTER = "enter"
    CANCEL = "cancel"
    CLEAR = "clear"
    HELP = "help"
    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
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


class Spoken(StrEnum):
    """How an utterance ended."""

    SAID = "said"
    INTERRUPTED = "interrupted"
    WITHHELD = "withheld"  # private content, and no headphones
    FAILED = "failed"
