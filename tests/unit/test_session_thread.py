"""A session that ends by itself is told, so that the process ends and is started again."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

import fakes
from kiosk.session.engine import Engine
from kiosk.session.thread import SessionThread


def test_a_session_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(self: Engine, interrupted: str | None = None) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(Engine, "run", broken)
    session = SessionThread(fakes.bench(tmp_path).terminal, lambda _view: None)
    told = threading.Event()
    session.start(None, told.set)
    assert told.wait(30)
    assert session.died
    session.stop()


def test_a_stopped_session_has_not_died(tmp_path: Path) -> None:
    views: list[object] = []
    session = SessionThread(fakes.bench(tmp_path).terminal, views.append)
    died = threading.Event()
    session.start(None, died.set)
    while not views:
        died.wait(0.01)
    session.stop()
    assert not session.died
