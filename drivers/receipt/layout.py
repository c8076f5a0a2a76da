"""Lines of a receipt -> rows of text that fit the paper. Counted in columns of 12 dots.

A printer's Chinese font is two columns wide, for every character that is not ASCII.
"""

from __future__ import annotations

import re
import unicodedata

from kiosk.model import PairLine

_OPENING = "（《“‘「『【〔"
_CLOSING = "，。、；：？！）》”’」』】〕％…"
_COMBINING = "\u0300-\u036f"
# What is never divided: a run of spaces, a Latin word, one Chinese character; with the
# punctuation that may not stand apart from it.
_UNIT = re.compile(rf" +|[{_OPENING}]*(?:[!-~\u00a1-\u024f]+|[^ ])[{_COMBINING}{_CLOSING}]*")
_INSTEAD = str.maketrans({"\t": " ", "\u00a0": " ", "\u3000": "  ", "¥": "￥"})
_DROPPED = ("Cc", "Cf")
_MARKS = ("Mn", "Me")  # accents, and the selectors of a character's variant
_MOST_MARKS = 30  # on one character, as in stream-safe text (Unicode, UAX 15)
_INDENT = 2


def columns(text: str) -> int:
    return sum(_width(char) for char in text)


def wrap(text: str, width: int) -> list[str]:
    """Rows of at most `width` columns; at least one, maybe empty. `width` is 2 or more."""
    return [row for paragraph in _paragraphs(text) for row in _fill(paragraph, width)]


def pair(line: PairLine, width: int) -> list[str]:
    """Label left and value right on one row; a value that does not fit goes below its label."""
    labels, values = wrap(line.label, width), wrap(line.value, width)
    if len(values) > 1:
        below = wrap(line.value, width - _INDENT)
        return labels + [" " * _INDENT + row for row in below]
    room = width - columns(labels[-1]) - columns(values[0])
    if room > 0:
        return [*labels[:-1], labels[-1] + " " * room + values[0]]
    return [*labels, " " * (width - columns(values[0])) + values[0]]


def _width(char: str) -> int:
    if char < "\x80":
        return 1
    return 0 if is_mark(char) else 2


def is_mark(char: str) -> bool:
    """Stands on the character before it, and takes no column of its own."""
    return unicodedata.category(char) in _MARKS


def _paragraphs(text: str) -> list[str]:
    return [_clean(part) for part in text.splitlines()] or [""]


def _clean(text: str) -> str:
    """Nothing in a text can be a command to the printer, or a heap of marks."""
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if category in _DROPPED and char != "\t":
            continue
        marks = marks + 1 if category in _MARKS else 0
        if marks <= _MOST_MARKS:
            kept.append("\ufffd" if category == "Cs" else char)
    return "".join(kept).translate(_INSTEAD)


def _fill(paragraph: str, width: int) -> list[str]:
    rows, row, used = [], "", 0
    for unit in _UNIT.findall(paragraph):
        for piece in _pieces(unit, width):
            used += columns(piece)
            if used > width:
                rows.append(row.rstrip())
                row = piece.lstrip()
                used = columns(row)
            else:
                row += piece
    rows.append(row.rstrip())
    return rows


def _pieces(unit: str, width: int) -> list[str]:
    """The unit itself, unless it alone is wider than the paper."""
    if columns(unit) <= width:
        return [unit]
    pieces, used = [""], 0
    for char in unit:
        used += _width(char)
        if used > width:
            pieces.append("")
            used = _width(char)
        pieces[-1] += char
    return pieces
