"""Power cut at every durable step of a switch: the old bundle or the new one, never neither."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cataloguework import TENANT, item_of, numbered, published
from kiosk.catalogue import bundle, keys, state
from kiosk.catalogue.bundle import Bundle
from kiosk.catalogue.shelf import Shelf
from kiosk.durable import TEMPORARY

DURABLE = ("fsync", "replace", "unlink")
ONE, TWO = item_of(numbered(1)), item_of(numbered(2))


def shelf(folder: Path) -> Shelf:
    return Shelf(folder / "shelf", folder / "incoming", folder / "trust", TENANT)


def dying(act: Callable[[], object], die_at: int, when: str) -> int:
    """Do it in a process of its own, killed at a durable step; 0: it came to its end."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    count = 0

    def deadly(whole: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            nonlocal count
            count += 1
            if count == die_at and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return whole(*given, **named)
            finally:
                if count == die_at:
                    os.kill(os.getpid(), signal.SIGKILL)

        return call

    for name in DURABLE:
        setattr(os, name, deadly(getattr(os, name)))
    act()
    os._exit(0)


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_durable_step_the_shelf_is_whole(tmp_path: Path, when: str) -> None:
    steps = 0
    for step in range(1, 100):
        folder = tmp_path / str(step)
        versions = {published(folder, "a.kcb", [ONE]).version}
        versions.add(shelf(folder).look().version)
        new = published(folder, "a.kcb", [TWO]).version
        ended = dying(shelf(folder).look, step, when)
        kept = state.read(folder / "shelf")
        assert kept is not None

        away = (folder / "incoming").rename(folder / "away")
        found = shelf(folder).look()
        assert found.version in {*versions, new}
        assert found.version.startswith(f"{kept.highest}-")
        away.rename(folder / "incoming")
        assert shelf(folder).look().version == new
        assert not list((folder / "shelf").glob(f"{TEMPORARY}*"))
        if ended == 0:
            break
        assert os.WTERMSIG(ended) == signal.SIGKILL
        steps += 1

    assert steps >= 6, "file and folder are made durable: twice three steps"
    sys.stdout.write(f"{steps} durable steps\n")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_killed_builder_leaves_the_old_bundle_or_the_new_one(tmp_path: Path, when: str) -> None:
    old = published(tmp_path, "a.kcb", [ONE])
    whole = (tmp_path / "incoming/a.kcb").read_bytes()
    for step in range(1, 100):
        folder = tmp_path / "incoming"
        (folder / "a.kcb").write_bytes(whole)
        ended = dying(lambda: published(tmp_path, "a.kcb", [TWO]), step, when)

        found = bundle.check(folder / "a.kcb", keys.trusted(tmp_path / "trust"), TENANT)
        assert isinstance(found, Bundle)
        assert found.statement == old or found.statement.previous == old.sha256
        published(tmp_path, "a.kcb", [ONE, TWO])
        assert sorted(path.name for path in folder.iterdir()) == [".lock", "a.kcb"]
        if ended == 0:
            return
    pytest.fail("it never came to its end")
