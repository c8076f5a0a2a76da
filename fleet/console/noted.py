"""What was done to an order or a rollout, in words: the fleet's own short sentences, which it keeps
in English, as everybody's language has them. A sentence that nobody knows is shown as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fleet.console import phrases
from fleet.console.sheets import Cell, Sheet
from fleet.console.words import Words
from fleet.rollouts.engine import FLEET
from fleet.rollouts.rows import NoteRow

# What is kept -> the words for it, and of which family each part is.
SENTENCES: tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...] = tuple(
    (re.compile(pattern, re.DOTALL), key, families)
    for pattern, key, families in (
        (r"asks (\d+) terminals to (\w+)(?:: .*)?", "noted.asks", ("", "operation")),
        (r"approves", "noted.approves", ()),
        (r"refuses", "noted.refuses", ()),
        (r"withdraws", "noted.withdraws", ()),
        (r"proposes (\w+) (.*)", "noted.proposes", ("kind", "")),
        (r"begins: (.*)", "noted.begins", ("group",)),
        (r"paused", "noted.paused", ()),
        (r"running", "noted.running", ()),
        (r"done", "rollout.done", ()),
        (r"(rolling_back|rolled_back|stopped|approval|done): (.*)", "noted.state",
         ("rollout", "because")),
        (r"(rolling_back|rolled_back|stopped|approval)", "noted.plain", ("rollout",)),
    )
)  # fmt: skip
CAUSES: tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...] = tuple(
    (re.compile(pattern), key, families)
    for pattern, key, families in (
        (r"(\d+) of (\d+) terminals failed: (\w*)", "cause.failed", ("", "", "piece_why")),
        (r"too few visits to judge by", "cause.few", ()),
        (r"the next group waits for approval", "cause.group", ()),
        (r"followed by another", "cause.followed", ()),
        (r"by hand|stopped", "cause.by_hand", ()),
        (r"unconfirmed_papers", "cause.unconfirmed_papers", ()),
        (r"crashes", "cause.crashes", ()),
        (r"fewer_completed_visits", "cause.fewer_completed_visits", ()),
    )
)


def history(words: Words, notes: Sequence[NoteRow], now: float) -> Sheet:
    headings = (words("col.time"), words("col.who"), words("col.what"))
    rows: list[tuple[Cell, ...]] = [
        (phrases.clock(one.at, now), _person(words, one.actor), told(words, one.what))
        for one in notes
    ]
    return Sheet(headings, tuple(rows), words("no_moments"))


def told(words: Words, what: str) -> str:
    return _read(words, what, SENTENCES)


def because(words: Words, why: str) -> str:
    """Why a rollout stands as it does."""
    return _read(words, why, CAUSES)


def group(words: Words, name: str) -> str:
    return words(f"group.{name}") if name in ("canary", "everybody") else name


def _read(
    words: Words, what: str, known: Sequence[tuple[re.Pattern[str], str, tuple[str, ...]]]
) -> str:
    for pattern, key, families in known:
        if found := pattern.fullmatch(what):
            parts = zip(found.groups(), families, strict=True)
            values = {f"p{at}": _part(words, family, part) for at, (part, family) in
                      enumerate(parts, start=1)}  # fmt: skip
            return words(key, **values)
    return what


def _part(words: Words, family: str, part: str) -> str:
    match family:
        case "":
            return part
        case "because":
            return because(words, part)
        case "group":
            return group(words, part)
        case "piece_why":
            return words.of(family, part) if part else words("unknown")
        case _:
            return words(f"{family}.{part}")


def _person(words: Words, actor: str) -> str:
    return words("noted.fleet") if actor == FLEET else actor
