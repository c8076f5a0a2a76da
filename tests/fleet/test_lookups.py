"""Cases by their number alone: nobody walks through the numbers at a terminal."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from prometheus_client import generate_latest

from bookingwork import together
from fleet import gateway, keys
from fleet.handling.routes import router
from fleet.identity.door import Door
from fleet.identity.marks import Marks
from fleet.lookups import AGAIN_SECONDS, OWN_SECONDS, Budget, Lookups
from fleet.metrics import Metrics
from fleet.store.database import Store
from fleet.store.tables import cases
from handlingstore import World, world
from handlingwork import at
from kiosk.gateway import HttpEnquiries
from kiosk.gateway.proven import ProvenLine
from kiosk.model import EnquiryFault, TooOften
from kiosk.wire import case_number

__all__ = ["world"]
BUDGET = Budget(3, 30.0)
ROOT = "/api/v1/gateway"


def number(serial: int) -> str:
    return case_number("KT-0001", date(2026, 3, 2), serial)


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def url(each_url: str) -> str:
    return each_url


def test_a_budget_that_fills_up_again(url: str) -> None:
    clock, store, metrics = Clock(), Store(url), Metrics()
    lookups = Lookups(store, BUDGET, metrics.lookups_refused, clock)
    assert [lookups.wait("A", number(n)) for n in range(5)] == [0, 0, 0, 30, 30]
    assert b"fleet_lookups_refused_total 2.0" in generate_latest(metrics.registry)
    assert lookups.wait("B", number(0)) == 0  # each terminal has its own
    assert lookups.wait("A", number(1)) == 0  # the same case again costs nothing
    clock.now += 29
    assert lookups.wait("A", number(9)) == 1
    clock.now += 1
    assert lookups.wait("A", number(9)) == 0
    assert lookups.wait("A", number(8)) == 30
    # A start gives nothing away.
    again = Lookups(store, BUDGET, metrics.lookups_refused, clock)
    assert again.wait("A", number(7)) == 30
    clock.now += AGAIN_SECONDS * 10
    assert [lookups.wait("A", number(20 + n)) for n in range(4)] == [0, 0, 0, 30]
    store.close()


def test_many_at_once_get_no_more(url: str) -> None:
    clock, store = Clock(), Store(url)
    lookups = Lookups(store, BUDGET, Metrics().lookups_refused, clock)
    told = together(16, lambda n: lookups.wait("A", number(n)))
    assert told.count(0) == BUDGET.burst
    store.close()


@pytest.fixture
def served(world: World, tmp_path: Path) -> Iterator[tuple[World, str, Path]]:
    """The gateway with its budget, at an address; and the terminal's token."""
    world.now = at("2026-03-02")
    tokens = keys.tokens(tmp_path / "var", tmp_path / "trust")
    door = Door(world.store, world.key, Marks(b"k" * 32), world.clock)
    lookups = Lookups(world.store, BUDGET, Metrics().lookups_refused, world.clock)
    app, known = FastAPI(), gateway.known_terminal(tokens)
    app.include_router(router(world.context, door, known, lookups))
    app.include_router(gateway.router(world.store, tokens, lambda _case_no: False, lookups))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield world, url, tmp_path / "trust" / "terminal.token"
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()


async def test_a_terminal_is_told_how_long_to_wait(served: tuple[World, str, Path]) -> None:
    _world, url, token = served
    enquiries = HttpEnquiries(ProvenLine(url, token, lambda: None))
    told = [await enquiries.story(number(n), 30) for n in range(4)]
    assert told[:3] == [EnquiryFault.UNKNOWN] * 3
    assert told[3] == TooOften(30)
    assert await enquiries.story(number(1), 30) is EnquiryFault.UNKNOWN  # asked before
    await enquiries.end()
    await asyncio.sleep(0)


def test_by_the_other_routes_nobody_gets_further(served: tuple[World, str, Path]) -> None:
    """State and certificate of cases that this terminal has not just brought."""
    world, url, token = served
    rows = [(number(n), OWN_SECONDS + 1) for n in range(5)] + [(number(9), 10.0)]
    with world.store.write() as connection:
        for case_no, age in rows:
            connection.execute(
                cases.insert().values(
                    case_no=case_no,
                    terminal="KT-0001",
                    task_code="T",
                    kind="promise",
                    sealed="",
                    state="pending",
                    received_at=world.now - age,
                )
            )
    headers = {"Authorization": f"Bearer {token.read_text().strip()}"}
    with httpx.Client(base_url=url + ROOT, headers=headers, trust_env=False, timeout=30) as http:
        assert [http.get(f"/cases/{number(n)}").status_code for n in range(4)] == [200] * 3 + [429]
        refused = http.get(f"/cases/{number(4)}/certificate")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
        assert http.get(f"/cases/{number(4)}/progress").status_code == 429
        for _ in range(9):  # its own, while its citizen waits
            assert http.get(f"/cases/{number(9)}").status_code == 200
        assert http.get(f"/cases/{number(77)}").status_code == 404
