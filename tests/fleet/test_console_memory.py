"""Nothing of a page is kept once its browser has gone."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from consolework import ALL, GOOD, now
from kiosk import wire
from pagehouse import House, house

TERMINALS, LOADS = 12, 30
LET_GO_SECONDS = 60.0
ROOM = 1.05  # what is kept in common may grow a little; thirty pages are a hundred times as much
PAGES = (
    "/", "/?show=online", "/terminals/KT-0001", "/supplies", "/sites", "/cases", "/ratings",
    "/reports", "/commands", "/rollouts", "/letters", "/not-there",
)  # fmt: skip


def load(on: House, times: int) -> None:
    for number in range(times):
        path = PAGES[number % len(PAGES)]
        assert on.http.get(path).status_code == (404 if path == "/not-there" else 200), path


def let_go(on: House) -> Counter[str]:
    deadline = time.monotonic() + LET_GO_SECONDS
    while (left := on.heap())["nicegui.client.Client"]:
        if time.monotonic() > deadline:
            pytest.fail(f"pages are kept: {left.most_common(5)}")
        time.sleep(0.2)
    return left


def test_after_thirty_pages_as_little_is_kept_as_after_the_first_ones() -> None:
    with house() as on:
        for number in range(1, TERMINALS + 1):
            name = f"KT-{number:04}"
            on.send("birth", wire.Birth(
                name, 1, 1, f"j-{name}", 0, now(), "示例县", devices=GOOD, services=ALL,
            ))  # fmt: skip
        on.settle()
        load(on, len(PAGES))
        first = let_go(on)
        load(on, 3)
        assert on.heap(prune=False).total() > first.total() * ROOM, "an open page can be seen"
        load(on, LOADS)
        last = let_go(on)
        grown = {name: count for name, count in (last - first).items() if count > 0}
        assert last.total() <= first.total() * ROOM, grown
