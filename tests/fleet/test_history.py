"""The history of service: a row for each change, and honest gaps when nobody watched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fleet.live import Live
from fleet.reports.history import AWAY_SECONDS, Historian
from fleet.store.database import Store
from fleet.store.report_tables import serving_history
from fleet.store.tables import terminals
from kiosk import wire

START = 1_790_000_000.0


class Watch:
    def __init__(self, store: Store) -> None:
        self.store, self.now = store, START
        self.restart()

    def restart(self) -> None:
        live = Live(self.store, 90, lambda: self.now)
        self.historian = Historian(self.store, live, lambda: self.now)

    def say(self, name: str, items: dict[str, str], screen: str = "idle") -> None:
        """Health and services, as a terminal says them now."""
        services = wire.Services(name, 1, "", items)
        health = wire.Health(name, 1, "", [], screen)
        values = {
            "online": True, "heard_at": self.now, "seen_at": self.now,
            "services": wire.encode(services).decode(), "services_at": self.now,
            "health": wire.encode(health).decode(), "health_at": self.now,
        }  # fmt: skip
        with self.store.write() as connection:
            connection.execute(terminals.delete().where(terminals.c.terminal == name))
            connection.execute(terminals.insert().values(terminal=name, **values))

    def look(self, after: float = 0.0) -> None:
        self.now += after
        self.historian.look()

    def rows(self, name: str = "KT-1") -> list[tuple[float, str]]:
        query = select(serving_history).filter_by(terminal=name)
        with self.store.read() as connection:
            found = connection.execute(query.order_by(serving_history.c.since)).all()
        return [(row.since - START, row.serving) for row in found]


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    store = Store(f"sqlite:///{tmp_path}/fleet.db")
    yield Watch(store)
    store.close()


def test_only_changes_are_kept(watch: Watch) -> None:
    watch.say("KT-1", {"A": "", "B": ""})
    for _ in range(5):
        watch.look(10)
    watch.say("KT-1", {"A": "", "B": "why_not.no_paper"})
    watch.look(10)
    watch.say("KT-1", {"A": "", "B": ""}, screen="maintenance")
    watch.look(10)
    watch.look(100)
    assert watch.rows() == [(10, "yes"), (60, "partly"), (70, "no"), (170, "unknown")]


def test_a_restart_soon_after_changes_nothing(watch: Watch) -> None:
    watch.say("KT-1", {"A": ""})
    watch.look()
    watch.restart()
    watch.look(60)
    assert watch.rows() == [(0, "yes")]


@pytest.mark.parametrize("restarted", [True, False])
def test_nobody_knows_what_was_while_no_fleet_ran(watch: Watch, restarted: bool) -> None:
    """A fleet that was off, or a machine that slept."""
    watch.say("KT-1", {"A": ""})
    watch.look()
    if restarted:
        watch.restart()
    watch.now += AWAY_SECONDS + 3600
    watch.say("KT-1", {"A": ""})
    watch.look()
    assert watch.rows() == [(0, "yes"), (1, "unknown"), (AWAY_SECONDS + 3600, "yes")]


def test_it_runs_by_itself_and_says_when_it_looked(watch: Watch) -> None:
    looked: list[float] = []
    live: Any = Live(watch.store, 90, lambda: watch.now)
    historian = Historian(watch.store, live, lambda: watch.now, looked.append)
    watch.say("KT-1", {"A": ""})
    historian.start()
    try:
        for _ in range(600):
            if looked:
                break
            historian._thread.join(0.1)
        assert looked == [START]
        assert historian.healthy
    finally:
        historian.stop()
    assert watch.rows() == [(0, "yes")]
