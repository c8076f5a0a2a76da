"""Finding among 21,735 items, keystroke by keystroke, against SQLite FTS5 asked bare.

Every query is typed letter by letter, as somebody at a terminal would, and each keystroke is one
question to both. FTS5 gets the same letters over the same texts, Chinese, pinyin, initials and
English: once cut in trigrams, once in words with a prefix index. What it does not find, because
it knows no errors, no mixture, and no fewer than three signs, is in the last column.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import searchwork
from kiosk.services import county, search, search_pinyin, search_words
from kiosk.services.item import Item

FRAME = 16.0  # milliseconds
PER_KIND = 12
LIMIT = 20
Asked = list[tuple[str, str]]  # what is typed, and the task code that is meant
Answer = Callable[[str], Sequence[object]]


def main() -> None:
    begin = time.perf_counter()
    items = county.county(searchwork.items())
    print(f"{'county':<34}{len(items):9d} items in {time.perf_counter() - begin:.1f} s")
    with tempfile.TemporaryDirectory() as name:
        weights = county.weights(items)
        index, bare = Path(name) / "index.sqlite", Path(name) / "fts.sqlite"
        ours = timed(lambda: build(index, items, lambda c: search.build(c, items, weights)))
        peer = timed(lambda: build(bare, items, lambda c: build_bare(c, items)))
        print(row("index built", ours, "s", peer, "FTS5, two tables"))
        size = index.stat().st_size / 1e6
        print(row("index on disk", size, "MB", bare.stat().st_size / 1e6, "FTS5, two tables"))
        for line in (*ask(index, bare, items), *quality(index, items)):
            print(line, flush=True)


def row(what: str, ours: float, unit: str, peer: float, peer_name: str) -> str:
    return (
        f"{what:<34}{ours:9.2f} {unit:<3} {ours / peer:6.2f} x  {peer:9.2f} {unit:<3} {peer_name}"
    )


def timed(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def build(path: Path, items: Sequence[Item], fill: Callable[[sqlite3.Connection], None]) -> None:
    connection = sqlite3.connect(path)
    fill(connection)
    connection.commit()
    connection.close()


# ---- The peer --------------------------------------------------------------------------------


def build_bare(connection: sqlite3.Connection, items: Sequence[Item]) -> None:
    columns = "name, keywords, department, pinyin, initials, english"
    for table, tokenize in (("cut", "'trigram'"), ("whole", "'unicode61', prefix='1 2 3'")):
        connection.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, tokenize={tokenize})"
        )
    rows = [texts(item) for item in items]
    for table in ("cut", "whole"):
        connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?)", rows)


def texts(item: Item) -> tuple[str, ...]:
    read = search_pinyin.in_context(search_words.joined(item.task_name.zh))
    english = f"{item.task_name.en} {item.keywords.en} {item.dept_name.en}"
    initials = "".join(each[:1] for each in read)
    chinese = (item.task_name.zh, item.keywords.zh, item.dept_name.zh)
    return (*chinese, "".join(read), initials, english)


def bare_answers(connection: sqlite3.Connection) -> dict[str, Answer]:
    def asked(table: str, form: str, order: str) -> Answer:
        query = f"SELECT rowid FROM {table} WHERE {table} MATCH ? {order} LIMIT {LIMIT}"

        def answer(words: str) -> Sequence[object]:
            return connection.execute(query, (form.format(words.replace('"', " ")),)).fetchall()

        return answer

    return {
        "FTS5 trigram, any 20": asked("cut", '"{}"', ""),
        "FTS5 trigram, best 20": asked("cut", '"{}"', "ORDER BY rank"),
        "FTS5 prefix, any 20": asked("whole", '"{}"*', ""),
        "FTS5 prefix, best 20": asked("whole", '"{}"*', "ORDER BY rank"),
    }


# ---- The keystrokes --------------------------------------------------------------------------


def queries(items: Sequence[Item], seed: int = 5) -> dict[str, Asked]:
    """Of each kind as many as `PER_KIND`, each meaning one item."""
    chance = random.Random(seed)

    def mixed(item: Item) -> str:
        name = search_words.joined(item.task_name.zh)
        pairs = zip(name, search_pinyin.in_context(name), strict=True)
        return "".join(chance.choice((sign, read, read[:1])) for sign, read in pairs)

    spell: dict[str, Callable[[Item], str]] = {
        "Chinese": lambda item: item.task_name.zh,
        "pinyin": pinyin,
        "initials": lambda item: texts(item)[4],
        "mixed": mixed,
        "English": lambda item: item.task_name.en,
        "pinyin with an error": lambda item: searchwork.misspelt(pinyin(item), chance),
        "keywords": lambda item: chance.choice(item.keywords.zh.split()),
        "words apart": lambda item: f"{item.dept_name.zh[-4:]} {item.task_name.zh[:4]}",
    }
    return {
        kind: [(make(item), item.task_code) for item in chance.sample(items, PER_KIND)]
        for kind, make in spell.items()
    }


def pinyin(item: Item) -> str:
    return texts(item)[3]


def ask(index: Path, bare: Path, items: Sequence[Item]) -> list[str]:
    """Milliseconds per keystroke, by the clock and by the processor; and how many got an answer."""
    before = resident()
    read_only = sqlite3.connect(f"file:{index}?mode=ro", uri=True)
    begin = time.perf_counter()
    finder = search.Finder(read_only)
    lines = [f"{'index opened':<34}{(time.perf_counter() - begin) * 1e3:9.2f} ms"]
    typed = queries(items)
    strokes = [
        words[:end]
        for asked in typed.values()
        for words, _ in asked
        for end in range(1, len(words) + 1)
    ]
    ours = measure(lambda words: finder.find(words, LIMIT), strokes)
    lines.append(f"{'memory for it':<34}{resident() - before:9.2f} MB")
    lines.append(
        f"{len(strokes)} keystrokes{'':<18}{'p50':>9}{'p99':>9}{'worst':>9}{'p99 CPU':>9}  ms"
    )
    lines.append(figures("ours, the best 20", ours, strokes))
    for name, answer in bare_answers(sqlite3.connect(bare)).items():
        peer = measure(answer, strokes)
        lines.append(figures(name, peer, strokes, ours))
    for kind, asked in typed.items():
        some = [words[:end] for words, _ in asked for end in range(1, len(words) + 1)]
        lines.append(figures(f"ours: {kind}", measure(lambda w: finder.find(w, LIMIT), some), some))
    letters = list("abcdefghijklmnopqrstuvwxyz医证费村镇")
    lines.append(figures("ours: a single sign", measure(finder.find, letters), letters))
    return lines


Measured = tuple[list[float], list[float], int]


def measure(answer: Answer, strokes: Sequence[str]) -> Measured:
    wall, processor, answered = [], [], 0
    for words in strokes:
        clock, spent = time.perf_counter(), time.thread_time()
        found = answer(words)
        processor.append((time.thread_time() - spent) * 1e3)
        wall.append((time.perf_counter() - clock) * 1e3)
        answered += bool(found)
    return sorted(wall), sorted(processor), answered


def figures(
    what: str, measured: Measured, strokes: Sequence[str], ours: Measured | None = None
) -> str:
    wall, processor, answered = measured
    ratio = f"; ours is {at(ours[0], 0.99) / at(wall, 0.99):.2f} x at p99" if ours else ""
    columns = (at(wall, 0.5), at(wall, 0.99), wall[-1], at(processor, 0.99))
    late = sum(ms > FRAME for ms in wall)
    return (
        f"{what:<34}{''.join(f'{ms:9.2f}' for ms in columns)}"
        f"  {100 * answered / len(strokes):5.1f} % answered, {late} late{ratio}"
    )


def at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# ---- Quality ---------------------------------------------------------------------------------


def quality(index: Path, items: Sequence[Item], count: int = 300) -> list[str]:
    """How often the item that was meant is among the first three."""
    finder = search.Finder(sqlite3.connect(index))
    chance = random.Random(11)

    def right(asked: Asked, first: int) -> float:
        found = sum(
            code in {hit.task_code for hit in finder.find(words, first)} for words, code in asked
        )
        return 100 * found / len(asked)

    some = chance.sample(items, count)
    asked = {
        "whole pinyin": [(pinyin(item), item.task_code) for item in some],
        "whole pinyin, one error": [
            (searchwork.misspelt(pinyin(item), chance), item.task_code) for item in some
        ],
    }
    return [
        f"{what + ', meant item found':<42}first 3 {right(pairs, 3):5.1f} %,"
        f" first 20 {right(pairs, 20):5.1f} %"
        for what, pairs in asked.items()
    ]


if __name__ == "__main__":
    main()
