"""Breaking lines as Chinese and English readers expect.

Kivy breaks at spaces only, and may begin a line with 。 or 》. Here a line may break between any
two Chinese characters, never before closing nor after opening punctuation, and never in a word or a
day.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

Measure = Callable[[str], float]

# A number with what is counted, a day and a time are read as one: 4 个, 2026年12月1日, ¥ 10.
_COUNTED = (
    r"¥\s?\d[\d,.]*|\d[\d,.]*\s?(?:[年月日时時点點分秒]\d*)+|"
    r"\d[\d,.]*\s?(?:小时|小時|[个個元号號位件项項页頁次天岁歲张張份条條笔筆人])"
)
_WORD = re.compile(rf"\s+|{_COUNTED}|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]+|.")
_CLOSING = "，。、；：？！）》」』】”’％…·"
_SCRAP = 0.22  # of the width: a shorter last line looks forgotten
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


def splits_a_word(text: str, width: float, measure: Measure) -> bool:
    return any(measure(piece.rstrip()) > width for piece in pieces(text))


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
    longest = max(measure(piece.rstrip()) for piece in pieces(text))
    low, high = min(width, max(width / 2, longest)), width
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
    if parts and measure(_join(parts)) <= width:  # as most texts are: measuring is dear
        return [_join(parts)]
    lines: list[list[str]] = []
    left = list(parts)
    while left:
        if len(left[0]) > 1 and measure(left[0].rstrip()) > width:
            head = _longest(left[0], width, measure)
            lines.append([left[0][:head]])
            left[0] = left[0][head:]
        else:
            count = _fitting(left, width, measure)
            lines.append(left[:count])
            del left[:count]
    _no_scrap(lines, width, measure)
    return [_join(line) for line in lines] or [""]


def _fitting(parts: list[str], width: float, measure: Measure) -> int:
    """How many of them make the first line, one at least. Wide or narrow, few are measured."""
    most = 8
    while most < len(parts) and measure(_join(parts[:most])) <= width:
        most *= 2
    counts = range(2, min(most, len(parts)) + 1)
    return 1 + bisect_right(counts, width, key=lambda count: measure(_join(parts[:count])))


def _no_scrap(lines: list[list[str]], width: float, measure: Measure) -> None:
    """A last line of one word or character gets company from the line before."""
    if len(lines) > 1:
        above, last = lines[-2:]
        while len(above) > 4 and measure(_join(last)) < width * _SCRAP:
            last.insert(0, above.pop())


def _join(line: list[str]) -> str:
    return "".join(line).rstrip()


def _longest(word: str, width: float, measure: Measure) -> int:
    """How many characters of a word that is too long for any line fit."""
    count = len(word) - 1
    while count > 1 and measure(word[:count]) > width:
        count -= 1
    return count
