"""On which line of a TOML file each key stands; `tomllib` does not tell.

Only for files that `tomllib` has read without complaint, so nothing is checked here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kiosk.services.lint_rules import Place

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}(?!")|\'\'\'.*?\'{3,5}(?!\')'  # over several lines
    r'|"(?:\\.|[^"\\])*"|\'[^\']*\''
    r"|\#[^\n]*|\n|[\[\]{}=,.]|[^\s\[\]{}=,.\"'\#]+",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def line_numbers(text: str) -> dict[Place, int]:
    """Every key and every element of an array, by its place; lines count from 1."""
    return _Scanner(text).lines


def nearest(lines: Mapping[Place, int], place: Place) -> int:
    """The line of `place`, or of the innermost table around it that the file has."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.lines: dict[Place, int] = {}
        self._pieces: list[tuple[str, int]] = []
        line, end = 1, 0
        for match in _TOKEN.finditer(text):
            line += text.count("\n", end, match.start())
            end = match.start()
            if not match.group().startswith("#"):
                self._pieces.append((match.group(), line))
        self._at = 0
        self._lengths: dict[Place, int] = {}  # of each array of tables, up to here
        self._table: Place = ()
        while self._at < len(self._pieces):
            self._statement()

    def _statement(self) -> None:
        piece, line = self._pieces[self._at]
        if piece == "\n":
            self._at += 1
        elif piece == "[":
            self._header(line)
        else:
            self._pair(self._table)

    def _header(self, line: int) -> None:
        many = self._pieces[self._at + 1][0] == "["
        self._at += 2 if many else 1
        *outer, last = self._key("]")
        self._at += 2 if many else 1
        place: Place = ()
        for part in outer:
            place = self._open((*place, part), line)
        self._table = place = (*place, last)
        self.lines.setdefault(place, line)
        if many:
            self._lengths[place] = self._lengths.get(place, 0) + 1
            self._table = self._open(place, line)

    def _open(self, place: Place, line: int) -> Place:
        """A table by its name, or the last element of an array of tables."""
        self.lines.setdefault(place, line)
        if place in self._lengths:
            place = (*place, self._lengths[place] - 1)
            self.lines.setdefault(place, line)
        return place

    def _key(self, until: str) -> list[str]:
        """The parts of a dotted key; stands on `until` afterwards."""
        parts = []
        while (piece := self._pieces[self._at][0]) != until:
            if piece != ".":
                parts.append(_plain(piece))
            self._at += 1
        return parts

    def _pair(self, table: Place) -> None:
        line = self._pieces[self._at][1]
        place = table
        for part in self._key("="):
            place = (*place, part)
            self.lines.setdefault(place, line)
        self._at += 1
        self._value(place)

    def _value(self, place: Place) -> None:
        piece = self._pieces[self._at][0]
        if piece == "[":
            self._array(place)
        elif piece == "{":
            self._inline(place)
        else:
            while self._at < len(self._pieces) and self._pieces[self._at][0] not in "\n,]}":
                self._at += 1

    def _array(self, place: Place) -> None:
        self._at += 1
        index = 0
        while (piece := self._pieces[self._at])[0] != "]":
            if piece[0] in "\n,":
                self._at += 1
                continue
            self.lines[*place, index] = piece[1]
            self._value((*place, index))
            index += 1
        self._at += 1

    def _inline(self, place: Place) -> None:
        self._at += 1
        while (piece := self._pieces[self._at][0]) != "}":
            if piece in "\n,":
                self._at += 1
            else:
                self._pair(place)
        self._at += 1


def _plain(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    return _ESCAPE.sub(_unescaped, key[1:-1]) if key[0] == '"' else key


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _SHORT.get(match[3], match[3])
