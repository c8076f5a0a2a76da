"""Breaking lines as Chinese and English readers expect.

Kivy breaks at spaces only, and may begin a line with 。 or 》. Here a line may break between any
two Chinese characters, never before closing nor after opening punctuation, and never in a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Measure = Callable[[str], float]

_WORD = re.compile(r"\s+|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]+|.")
_CLOSING = "，。、；：？！）》」』】”’％…·"
_PAUSES = "，。；：？！"
_OPENING = "（《「『【“‘"


def pieces(text: str) -> list[str]:
    """What may not be broken, each with the spaces that follow it."""
    found: list[str] = []
    for token in _WORD.findall(text):
        glued = found and (token.isspace() or token[0] in _CLOSING or found[-1][-1] in _OPENING)
        if glued:
            found[-1] += token
        else:
            found.append(token)
    return found


def break_lines(text: str, width: float, measure: Measure) -> list[str]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_fill(pieces(paragraph), width, measure))
    return lines


def balanced(text: str, width: float, measure: Measure) -> list[str]:
    """The same number of lines, as even as they can be: no last line of one word."""
    lines = break_lines(text, width, measure)
    if len(lines) == 1:
        return lines
    if len(lines) == 2 and "\n" not in text:
        pair = _at_comma(text, width, measure)
        if pair:
            return pair
    low, high = width / 2, width
    for _ in range(7):
        middle = (low + high) / 2
        if len(break_lines(text, middle, measure)) > len(lines):
            low = middle
        else:
            high = middle
    return break_lines(text, high, measure)


def _at_comma(text: str, width: float, measure: Measure) -> list[str]:
    """Two lines parted after a punctuation mark, if both fit and neither is a scrap."""
    middle = len(text) / 2
    marks = [i + 1 for i, char in enumerate(text[:-1]) if char in _PAUSES]
    marks = [m for m in marks if 0.25 <= m / len(text) <= 0.8]
    for mark in sorted(marks, key=lambda m: abs(m - middle)):
        pair = [text[:mark].rstrip(), text[mark:].lstrip()]
        if all(measure(line) <= width for line in pair):
            return pair
    return []


def _fill(parts: list[str], width: float, measure: Measure) -> list[str]:
    lines: list[str] = []
    line = ""
    for part in parts:
        if measure((line + part).rstrip()) <= width:
            line += part
            continue
        if line:
            lines.append(line.rstrip())
        line = part
        while measure(line.rstrip()) > width and len(line) > 1:
            head = _longest(line, width, measure)
            lines.append(line[:head])
            line = line[head:]
    lines.append(line.rstrip())
    return lines


def _longest(word: str, width: float, measure: Measure) -> int:
    """How many characters of a word that is too long for any line fit."""
    count = len(word) - 1
    while count > 1 and measure(word[:count]) > width:
        count -= 1
    return count
