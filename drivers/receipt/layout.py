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
    return 0 if unicodedata.combining(char) else 2


def _paragraphs(text: str) -> list[str]:
    return [_clean(part) for part in text.splitlines()] or [""]


def _clean(text: str) -> str:
    """Nothing in a text can be a command to the printer."""
    kept = (char for char in text if unicodedata.category(char) not in _DROPPED or char == "\t")
    plain = "".join("\ufffd" if unicodedata.category(char) == "Cs" else char for char in kept)
    return plain.translate(_INSTEAD)


def _fill(paragraph: str, width: int) -> list[str]:
    rows, row = [], ""
    for unit in _UNIT.findall(paragraph):
        for piece in _pieces(unit, width):
            if columns(row) + columns(piece) > width:
                rows.append(row.rstrip())
                row = piece.lstrip()
            else:
                row += piece
    rows.append(row.rstrip())
    return rows


def _pieces(unit: str, width: int) -> list[str]:
    """The unit itself, unless it alone is wider than the paper."""
    if columns(unit) <= width:
        return [unit]
    pieces = [""]
    for char in unit:
        if columns(pieces[-1]) + _width(char) > width:
            pieces.append("")
        pieces[-1] += char
    return pieces
