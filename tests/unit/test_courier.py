"""Scanned pages to the fleet over real HTTP: lines that break, kills, answers that lie."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from fastapi import FastAPI, Response

import fakes
from kiosk import wire
from kiosk.agent.courier import Courier
from kiosk.gateway.pages import HttpPages, Sent
from kiosk.journal import Journal
from materialwork import jpeg
from pageswork import CutLine, PageFleet, page_fleet, serving, wait_until

COURIER = """
import sys, threading
from pathlib import Path
from kiosk.agent.courier import Courier
from kiosk.gateway.pages import HttpPages
url, token, path = sys.argv[1:]
Courier(Path(path), "KT-1", lambda: HttpPages(url, Path(token))).run(threading.Event())
"""


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[PageFleet]:
    with page_fleet(tmp_path / "fleet") as made:
        yield made


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.open(tmp_path / "journal.db", "KT-1")


def file(journal: Journal, public: bytes, *pictures: bytes) -> list[str]:
    pages = [wire.seal_page(public, picture) for picture in pictures]
    journal.begin_all("case", [({"case_no": "A"}, "")], "", pages)
    return [page.digest for page in pages]


def courier(journal: Journal) -> Courier:
    return Courier(journal.folder / "journal.db", "KT-1", lambda: None)  # type: ignore[arg-type, return-value]


async def rounds(journal: Journal, url: str, token: Path, count: int) -> list[float]:
    pages, one = HttpPages(url, token), courier(journal)
    try:
        return [await one.once(journal, pages) for _ in range(count)]
    finally:
        await pages.close()


async def test_pages_are_held_by_the_fleet_before_they_are_forgotten(
    fleet: PageFleet, journal: Journal
) -> None:
    digests = file(journal, fleet.public, jpeg(1), jpeg(2), jpeg(3))
    assert await rounds(journal, fleet.url, fleet.token_file, 4) == [0.0, 0.0, 0.0, 0.25]
    assert journal.pages.waiting == 0
    assert [fleet.pages.picture(one) for one in digests] == [jpeg(1), jpeg(2), jpeg(3)]
    content = b"".join(one.read_bytes() for one in Path(fleet.store._engine.url.database or "")
                       .parent.glob("fleet.db*"))  # fmt: skip
    assert jpeg(1)[:64] not in content


async def test_a_page_that_the_fleet_has_already_is_taken_again(
    fleet: PageFleet, journal: Journal
) -> None:
    """The answer was lost, or the terminal died before it could note it."""
    [digest] = file(journal, fleet.public, jpeg())
    page = journal.pages.read(digest)
    assert page is not None
    pages = HttpPages(fleet.url, fleet.token_file)
    assert [await pages.put(page) for _ in range(2)] == [Sent.TAKEN, Sent.TAKEN]
    other = wire.seal_page(fleet.public, jpeg())  # the same page, sealed anew
    assert await pages.put(other) is Sent.TAKEN
    await pages.close()
    assert fleet.count == 1


async def test_a_line_that_breaks_in_a_page_costs_that_page_alone(
    fleet: PageFleet, journal: Journal
) -> None:
    large = jpeg() + os.urandom(400_000)
    file(journal, fleet.public, jpeg(1), large)
    port = int(fleet.url.rsplit(":", 1)[1])
    line = CutLine(port, [200_000])
    first = len(jpeg(1))
    assert first < 100_000
    pauses = await rounds(journal, f"http://127.0.0.1:{line.port}", fleet.token_file, 3)
    assert pauses[0] == 0.0
    assert pauses[1] > 0
    assert line.cut == 1
    assert journal.pages.waiting == 0
    assert fleet.count == 2
    line.close()


@pytest.mark.parametrize("status", [200, 201])
async def test_nobody_else_can_make_the_terminal_forget_a_page(
    tmp_path: Path, journal: Journal, status: int
) -> None:
    """Such as a portal on the way, which answers everything with a page of its own."""
    app, key = FastAPI(), X25519PrivateKey.generate().public_key().public_bytes_raw()

    @app.put("/{path:path}")
    def fine(path: str) -> Response:
        return Response(b"{}", status, {wire.ANSWER_MAC: "00" * 32})

    [digest] = file(journal, key, jpeg())
    with serving(app) as port:
        [pause] = await rounds(journal, f"http://127.0.0.1:{port}", tmp_path / "none", 1)
    assert pause > 0
    assert journal.pages.digests() == [digest]
    assert journal.statuses()["pages"][0] == {"waiting": 1, "fault": "unreachable"}


async def test_a_page_that_is_refused_makes_way_for_the_others(
    fleet: PageFleet, journal: Journal
) -> None:
    stranger = X25519PrivateKey.generate().public_key().public_bytes_raw()
    [lost] = file(journal, stranger, jpeg(1))
    file(journal, fleet.public, jpeg(2))
    assert (await rounds(journal, fleet.url, fleet.token_file, 3))[:2] == [0.0, 0.0]
    assert journal.pages.digests() == [lost]
    assert journal.statuses()["pages"][0] == {"waiting": 1, "fault": "refused"}


@pytest.mark.parametrize(
    ("picture", "status", "fault"),
    [
        (b"#!/bin/sh", 415, "no_picture"),
        (b"\xff\xd8\xff" + bytes(wire.MAX_PAGE), 413, "too_large"),
        (None, 400, "bad_seal"),
    ],
)
async def test_what_is_no_page_is_refused_by_name(
    fleet: PageFleet, picture: bytes | None, status: int, fault: str
) -> None:
    page = wire.seal_page(fleet.public, picture or jpeg())
    sealed = page.sealed if picture else page.sealed[:-1]
    headers = {"Authorization": f"Bearer {fleet.token_file.read_text()}"}
    async with httpx.AsyncClient(base_url=fleet.url, trust_env=False) as client:
        told = await client.put(f"{wire.PAGES}/{page.digest}", content=sealed, headers=headers)
        assert (told.status_code, told.json()) == (status, {"fault": fault})
        nameless = await client.put(f"{wire.PAGES}/x", content=sealed, headers=headers)
        assert nameless.status_code == 422
        stranger = await client.put(f"{wire.PAGES}/{page.digest}", content=sealed)
        assert stranger.status_code == 401
    assert fleet.count == 0


async def test_without_a_fleet_the_pauses_grow(journal: Journal, tmp_path: Path) -> None:
    file(journal, X25519PrivateKey.generate().public_key().public_bytes_raw(), jpeg())
    pauses = await rounds(journal, "http://127.0.0.1:9", tmp_path / "none", 6)
    assert [round(pause / base) for pause, base in zip(pauses, (1, 2, 5, 15, 60, 60), strict=True)
            ] == [1] * 6  # fmt: skip
    assert journal.pages.waiting == 1


def test_a_courier_that_is_killed_goes_on_where_it_was(fleet: PageFleet, journal: Journal) -> None:
    pictures = [jpeg(n) + hashlib.sha512(b"%d" % n).digest() * 4000 for n in range(8)]
    digests = file(journal, fleet.public, *pictures)
    command = [sys.executable, "-c", COURIER, fleet.url, str(fleet.token_file),
               str(journal.folder / "journal.db")]  # fmt: skip
    for most in (3, 6):
        with subprocess.Popen(command, cwd=fakes.ROOT, stderr=subprocess.DEVNULL) as process:
            wait_until(lambda most=most: fleet.count >= most, 60)
            os.kill(process.pid, signal.SIGKILL)
        assert fleet.count + journal.pages.waiting >= 8  # none is lost
    stop = threading.Event()
    make = lambda: HttpPages(fleet.url, fleet.token_file)  # noqa: E731
    thread = Courier(journal.folder / "journal.db", "KT-1", make).start(stop)
    wait_until(lambda: journal.pages.waiting == 0, 60)
    stop.set()
    thread.join(30)
    assert not thread.is_alive()
    assert [fleet.pages.picture(one) for one in digests] == pictures
    assert asyncio.run(_idle(journal)) == 0.25


async def _idle(journal: Journal) -> float:
    return await courier(journal).once(journal, HttpPages("http://127.0.0.1:9", Path("none")))
