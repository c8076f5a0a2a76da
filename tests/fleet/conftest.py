"""What the fleet's tests are given: a fleet, terminals, stores, a browser."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import postgreswork
from browserwork import chinese, chromium
from fleet.store.database import Store
from fleetwork import Fleet
from kiosk import wire
from kiosk.processes import free_port
from terminalwork import Database, Terminal, as_rows, wait_until


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A database of one's own; whoever uses it empties it first."""
    if why := postgreswork.missing():
        pytest.skip(why)
    with postgreswork.server() as url:
        yield url


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store of one's own is: SQLite, or what a test asks for."""
    return postgreswork.own(request, tmp_path)


@pytest.fixture(params=postgreswork.DATABASES)
def each_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same, once for each kind of database."""
    return postgreswork.own(request, tmp_path)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    made = Store(url)
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A Chinese one; at its end no request may have left this machine."""
    with chinese(browser) as opened:
        yield opened


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    manager = Fleet(tmp_path)
    yield manager
    manager.close()


@pytest.fixture
def terminal(fleet: Fleet) -> Terminal:
    return fleet.terminal()


@pytest.fixture
def shuffle() -> random.Random:
    return random.Random(7)


@pytest.fixture
def until() -> Callable[..., Any]:
    return wait_until


@pytest.fixture
def rows_of() -> Callable[[list[wire.Record]], list[tuple[Any, ...]]]:
    return as_rows


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def new_terminal() -> Iterator[Callable[..., Terminal]]:
    """Terminals for a fleet manager in another process: port, name, journal."""
    made: list[Terminal] = []

    def make(port: int, name: str = "KT-0001", journal: str = "j1") -> Terminal:
        made.append(Terminal(port, name, journal))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def database() -> type[Database]:
    return Database


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Path]:
    """Writes a fleet.toml with free ports below `tmp_path`; returns its path."""

    def make(broker: int, http: int) -> Path:
        path = tmp_path / "fleet.toml"
        store = f"sqlite:///{tmp_path}/var/fleet.db"
        path.write_text(
            f"[fleet]\nvar = {json.dumps(str(tmp_path / 'var'))}\n"
            f"trust = {json.dumps(str(tmp_path / 'trust'))}\n"
            f"[broker]\nport = {broker}\n[http]\nport = {http}\n[link]\ntls = false\n"
            f"[store]\nurl = {json.dumps(store)}\n"
        )
        return path

    return make
