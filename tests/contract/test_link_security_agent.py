"""A terminal's agent against brokers that it must not, or cannot, talk to: it says why, in one
word, goes on trying, and makes no check weaker."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import linkwork
from fleet.broker import Broker as Mosquitto
from kiosk import wire
from kiosk.agent.backoff import Backoff
from kiosk.agent.faults import LinkFault
from kiosk.agent.identity import Identity
from kiosk.agent.link import Broker, Connected, Link
from kiosk.processes import free_port
from linkwork import TENANT, YEAR, Town, pem, until

NAME = "KT-0001"
WILL = wire.State(NAME, False, 1, 1, "2026-01-02T03:04:05Z")
Opener = Callable[..., Link]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with linkwork.town(tmp_path) as made:
        yield made


@pytest.fixture
def link() -> Iterator[Opener]:
    made: list[Link] = []

    def start(port: int, ca: Path, identity: Path, known: float = 0.0) -> Link:
        broker = Broker("127.0.0.1", port, ca, Identity(identity, ca, NAME))
        quick = Backoff(0.05, 0.2)
        made.append(Link(broker, TENANT, NAME, known=lambda: known, backoff=quick))
        made[-1].start(WILL)
        return made[-1]

    yield start
    for one in made:
        one.stop(WILL)


def says(link: Link, fault: LinkFault) -> None:
    until(lambda: link.fault is fault, f"{fault}, not {link.fault}")
    assert link.heard.empty()


def test_before_there_is_anything(link: Opener, town: Town, tmp_path: Path) -> None:
    says(link(town.port, tmp_path / "none", tmp_path / "none"), LinkFault.NO_TRUST)
    says(link(town.port, town.root, tmp_path / "none"), LinkFault.NO_CERTIFICATE)


def test_nobody_there(link: Opener, town: Town) -> None:
    says(link(free_port(), town.root, pem(town.authority, NAME)), LinkFault.UNREACHABLE)


def test_a_broker_without_tls_is_told_nothing(link: Opener, town: Town, tmp_path: Path) -> None:
    port = free_port()
    plain = Mosquitto(tmp_path / "plain", "127.0.0.1", port)
    plain.start()
    try:
        one = link(port, town.root, pem(town.authority, NAME))
        until(lambda: one.fault is not None, "a word")
        assert one.heard.empty()
    finally:
        plain.stop()


def test_somebody_elses_broker(link: Opener, town: Town, tmp_path: Path) -> None:
    other = linkwork.authority(tmp_path / "other").folder / "root" / "root.pem"
    says(link(town.port, other, pem(town.authority, NAME)), LinkFault.UNTRUSTED)


def test_our_own_certificate_is_revoked_or_over(link: Opener, town: Town) -> None:
    file = pem(town.authority, NAME)
    town.revoke(NAME, file)
    says(link(town.port, town.root, file), LinkFault.OWN_REVOKED)
    town.authority.clock = lambda: time.time() - 200 * 86400
    says(link(town.port, town.root, pem(town.authority, NAME)), LinkFault.OWN_EXPIRED)


@pytest.mark.parametrize(
    ("known", "fault"),
    [(YEAR, LinkFault.CLOCK_BEHIND), (-YEAR, LinkFault.NOT_YET_VALID)],
)
def test_a_clock_that_is_a_year_behind(
    link: Opener, town: Town, known: float, fault: LinkFault
) -> None:
    """For such a clock the broker's certificate begins in a year. What is known to be past tells
    whether it is the clock; either way nothing is accepted, and when it is right again the link
    comes by itself."""
    own = pem(town.authority, NAME)
    good = (town.authority.broker / "server.pem").read_bytes()
    town.authority.clock = lambda: time.time() + YEAR
    town.new_server()
    one = link(town.port, town.root, own, time.time() + known)
    says(one, fault)
    (town.authority.broker / "server.pem").write_bytes(good)
    town.reload()
    assert isinstance(one.heard.get(timeout=linkwork.SECONDS), Connected)


def test_a_broker_whose_certificate_is_over(link: Opener, town: Town) -> None:
    own = pem(town.authority, NAME)
    town.authority.clock = lambda: time.time() - 200 * 86400
    town.new_server()
    says(link(town.port, town.root, own), LinkFault.EXPIRED)


def test_a_certificate_of_another_place(link: Opener, town: Town) -> None:
    own = pem(town.authority, NAME)
    town.authority.terms = linkwork.Terms(reached=("broker.example.invalid",))
    town.new_server()
    says(link(town.port, town.root, own), LinkFault.WRONG_NAME)


def test_a_broker_that_says_nothing(link: Opener, town: Town) -> None:
    """It takes the connection and is silent, as behind a line that is cut."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        one = link(silent.getsockname()[1], town.root, pem(town.authority, NAME))
        says(one, LinkFault.UNREACHABLE)


def test_waits_grow_to_two_minutes_and_are_drawn_from_all_of_it() -> None:
    longest = Backoff(draw=lambda _low, high: high)
    assert [longest.next() for _ in range(9)] == [1, 2, 4, 8, 16, 32, 64, 120, 120]
    longest.reset()
    assert longest.next() == 1
    drawn = Backoff()
    for _ in range(8):
        drawn.next()
    waits = [drawn.next() for _ in range(2000)]
    assert max(waits) <= 120
    assert min(waits) < 6
    assert 55 < sum(waits) / len(waits) < 65
