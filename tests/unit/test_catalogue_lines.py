"""Where a key stands in a TOML file: as a reader counts lines, whatever the file looks like."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cataloguework import GOOD
from kiosk.services.lint_lines import line_numbers, nearest
from kiosk.services.lint_rules import Place

NASTY = '''\
# a = 1
a.b."c.d" = "x # no comment = 1"   # 2
'quoted [key]' = 1                 # 3

text = """
[not.a.table]
also = "not a key" """             # 5
raw = \'\'\'
it's "raw" # = [
\'\'\'                               # 8
days = [ 1979-05-27T07:32:00, 1.5, # 11
  { x = 1, "y z" = [ 2 ] },        # 12
  # a comment ]
  "]",                             # 14
]
[ table . "sub" ]                  # 16
one = 1                            # 17
[[many]]                           # 18
n = 1
[[many.inner]]                     # 20
deep = "\\"]"                       # 21
[[many.inner]]
deep = 2                           # 23
[[many]]
n = 2                              # 25
[many.plain]
p = true                           # 27
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("a", "b", "c.d"), 2),
        (("quoted [key]",), 3),
        (("text",), 5),
        (("raw",), 8),
        (("days", 1), 11),
        (("days", 2, "x"), 12),
        (("days", 2, "y z", 0), 12),
        (("days", 3), 14),
        (("table", "sub"), 16),
        (("table", "sub", "one"), 17),
        (("many", 0), 18),
        (("many", 0, "inner", 0), 20),
        (("many", 0, "inner", 0, "deep"), 21),
        (("many", 0, "inner", 1, "deep"), 23),
        (("many", 1, "n"), 25),
        (("many", 1, "plain", "p"), 27),
    ],
)
def test_finds_each_key_of_a_nasty_file(place: Place, line: int) -> None:
    tomllib.loads(NASTY)

    assert line_numbers(NASTY)[place] == line


def test_what_is_missing_is_told_at_the_table_around_it() -> None:
    lines = line_numbers(NASTY)

    assert nearest(lines, ("many", 1, "plain", "missing", "zh")) == 26
    assert nearest(lines, ("nowhere",)) == 1


def places(data: Any, place: Place = ()) -> list[Place]:
    parts = data.items() if isinstance(data, dict) else enumerate(data)
    found = []
    for key, value in parts:
        found.append((*place, key))
        if isinstance(value, dict | list):
            found += places(value, (*place, key))
    return found


KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=6)
SCALARS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12),
    st.integers(-9, 9),
    st.booleans(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def toml(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)} = {toml(one)}" for key, one in value.items())
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, list):
        return "[\n" + "".join(f"  {toml(one)}, # ]\n" for one in value) + "]"
    return json.dumps(value, ensure_ascii=isinstance(value, str) and len(value) % 2 == 0)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_knows_a_line_for_every_key_that_the_parser_knows(data: dict[str, Any]) -> None:
    text = "".join(f"{json.dumps(key)} = {toml(value)} # = [\n" for key, value in data.items())
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # a pair of surrogates, or a character that JSON writes and TOML does not

    lines = line_numbers(text)

    assert set(lines) == set(places(parsed))


def test_every_key_of_the_sample_stands_on_its_line() -> None:
    rows, lines = GOOD.splitlines(), line_numbers(GOOD)

    for place in places(tomllib.loads(GOOD)):
        name = next(part for part in reversed(place) if isinstance(part, str))
        inside = isinstance(place[-1], int)
        assert inside or name in rows[lines[place] - 1], place


def test_windows_line_ends_count_once() -> None:
    assert line_numbers("a = 1\r\n\r\nb = 2\r\n")[("b",)] == 3


def test_the_shipped_files_are_covered() -> None:
    for path in (Path(__file__).parents[2] / "config/catalogue").rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert set(places(tomllib.loads(text))) <= set(line_numbers(text)), path.name
