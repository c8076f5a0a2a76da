"""Which keys the keyboard for Chinese has, and where."""

from __future__ import annotations

from enum import StrEnum

from screens.widgets.keys import ERASE, HALF, SHIFT, SPACE

MODE, MORE, WRITE, ANEW, PART = "mode", "more", "write", "anew", "'"
FACES = {MODE: "中/英", MORE: "#+=", WRITE: "手写", ANEW: "重写"}
WIDE = {MODE: 1.5, MORE: 1.5, WRITE: 1.5, PART: 1.5, SHIFT: 1.5}
DIGITS = tuple("1234567890")
# A key that types another sign with Latin letters: Chinese, Latin.
PAIRS = {"，": ",", "。": "."}

Rows = tuple[tuple[str, ...], ...]
LETTERS: Rows = (
    DIGITS,
    tuple("qwertyuiop"),
    (HALF, *"asdfghjkl", HALF),
    (PART, *"zxcvbnm", ERASE),
)
SIGNS: Rows = (
    DIGITS,
    tuple("-/#&@+%:()"),
    (HALF, *"（）、；：“”《》", HALF),
    (*"！？—…＿°〇", ERASE),
)
LAST = (MODE, WRITE, MORE, SPACE, "·", "，", "。")
# In a landscape window there is height for three rows.
LETTERS_WIDE: Rows = ((*"qwertyuiop", ERASE), (PART, *"asdfghjkl", "，", "。"), tuple("zxcvbnm"))
SIGNS_WIDE: Rows = (
    (*DIGITS, ERASE),
    (*"-/#（）、；：·", "，", "。"),
    tuple("&@+_%“”"),
)
FIRST_WIDE, SPACE_WIDE = (MODE, WRITE, MORE), 2.0
# Beside the field for writing.
BESIDE, BESIDE_WIDE = ((ERASE, ANEW),), ((WRITE, MORE, "，"), (ERASE, ANEW, SPACE))
FIELD_WIDE = 5.0  # keys


class Layer(StrEnum):
    LETTERS = "letters"
    SIGNS = "signs"
    WRITING = "writing"
