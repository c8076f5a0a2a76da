"""How well, and how quickly, characters written by hand are read, against zinnia alone.

The characters are those of GB 2312's first level as the middle lines of their strokes (the npm
package `hanzi-writer-data`, fetched into `var/bench` when it is measured), slanted, stretched and
shaken; then with strokes in another order, with some joined, and in a hand that trembles. Nobody's
real handwriting is among them: real hands are read less well.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from npm import npm

from screens.writing.both import Both
from screens.writing.places import squared
from screens.writing.zinnia import StrokeReader
from strokework import Strokes, dense

PACKAGE = "hanzi-writer-data@2.0.1"
FOLDER = Path(__file__).parents[2] / "var/bench/hanzi"
DATA = FOLDER / "node_modules/hanzi-writer-data"
SAMPLE, SIDE, STEP = 600, 1024, 25  # characters; units of the data; of them between two points
SHOWN = 6  # words on a page of candidates in the narrowest window
Hand = Callable[[Strokes, random.Random], Strokes]
Read = Callable[[Strokes], list[str]]


def main() -> None:
    characters = random.Random(1).sample(list(known()), SAMPLE)
    both, alone = Both(), StrokeReader()
    if not both.wait(60):
        sys.exit("the extra `handwriting` is not installed")
    print(
        f"{SAMPLE} characters{'first':>16}{'of six':>9}{'ms':>7}{'zinnia first':>15}{'of six':>9}"
    )
    for name, hand, tremble in HANDS:
        ours = measure(characters, hand, tremble, lambda one: both.candidates(one, SHOWN))
        bare = measure(characters, hand, tremble, lambda one: alone.candidates(squared(one), SHOWN))
        print(f"{name:<14}{ours[0]:15.1%}{ours[1]:9.1%}{ours[2]:7.1f}{bare[0]:15.1%}{bare[1]:9.1%}")


def measure(
    characters: list[str], hand: Hand, tremble: float, read: Read
) -> tuple[float, float, float]:
    """Shares that were first, and among those shown; milliseconds of a reading."""
    first = shown = 0
    seconds = 0.0
    for sign in characters:
        chance = random.Random(sign)
        strokes = hand(written(sign, chance, tremble), chance)
        begun = time.perf_counter()
        found = read(strokes)
        seconds += time.perf_counter() - begun
        first += found[:1] == [sign]
        shown += sign in found[:SHOWN]
    count = len(characters)
    return first / count, shown / count, seconds / count * 1e3


def written(sign: str, chance: random.Random, tremble: float) -> Strokes:
    slant, wide = chance.uniform(-0.15, 0.15), chance.uniform(0.75, 1.3)
    middles = json.loads((DATA / f"{sign}.json").read_text())["medians"]
    return [
        dense(
            [
                ((x + slant * (y - SIDE / 2)) * wide + chance.gauss(0, tremble),
                 -y + chance.gauss(0, tremble))
                for x, y in stroke
            ],
            STEP,
        )
        for stroke in middles
    ]  # fmt: skip


def swapped(strokes: Strokes, chance: random.Random) -> Strokes:
    return chance.sample(strokes, len(strokes))


def joined(strokes: Strokes, chance: random.Random) -> Strokes:
    """Every third stroke is drawn on from the one before."""
    made = [strokes[0]]
    for stroke in strokes[1:]:
        if chance.random() < 1 / 3:
            made[-1] = dense([*made[-1], *stroke], STEP)
        else:
            made.append(stroke)
    return made


def plain(strokes: Strokes, _chance: random.Random) -> Strokes:
    return strokes


# What it is called, what the hand does, and how much it trembles, in units of 1,024.
HANDS: tuple[tuple[str, Hand, float], ...] = (
    ("neat", plain, 0), ("usual", plain, 12), ("trembling", plain, 30),
    ("any order", swapped, 12), ("joined", joined, 12),
)  # fmt: skip


def known() -> Iterator[str]:
    """GB 2312's first level: 3,755 characters, of which the data have nearly all."""
    if not DATA.is_dir():
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "package.json").write_text('{"private": true}\n')
        if not npm("install", "--ignore-scripts", "--no-audit", PACKAGE, folder=FOLDER):
            sys.exit(f"{PACKAGE} can't be had from npm")
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            try:
                sign = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            if (DATA / f"{sign}.json").is_file():
                yield sign


if __name__ == "__main__":
    main()
