"""A fleet with TLS and terminals' real agents: enrolment, renewal, revocation, commands, without a
record lost."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

import linkhouse
import linkwork
from fleet import commands
from fleet.pki import command as pki
from fleet.pki.certs import new_key
from kiosk import wire
from kiosk.gateway import HttpGateway
from linkhouse import House, Terminal
from linkwork import TENANT, until

NAMES = ("KT-0001", "KT-0002", "KT-0003", "KT-0004")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with linkhouse.house(tmp_path_factory.mktemp("house"), *NAMES) as made:
        yield made


@pytest.fixture
def terminal(house: House, tmp_path: Path) -> Iterator[Callable[[str], Terminal]]:
    made: list[Terminal] = []

    def start(name: str) -> Terminal:
        made.append(Terminal(house, name, tmp_path / name))
        return made[-1]

    yield start
    for one in made:
        one.close()


def held(house: House, terminal: Terminal) -> list[int]:
    """Seqs that the fleet has committed."""
    with closing(sqlite3.connect(house.place.var / "fleet.db", timeout=30)) as db:
        query = "SELECT seq FROM records WHERE terminal = ? AND journal = ? ORDER BY seq"
        return [row[0] for row in db.execute(query, (terminal.name, terminal.journal.id))]


def told(house: House, terminal: str) -> int | None:
    """What the console shows of its certificate."""
    row = house.running.live.terminal(terminal)
    return row.certificate_days if row is not None else None


def online(terminal: Terminal) -> bool:
    return bool(terminal.status.get("online"))


def test_enrolled_renewed_and_nothing_lost(
    house: House, terminal: Callable[[str], Terminal]
) -> None:
    """Records are written all the while; the certificate changes while it is connected."""
    one = terminal("KT-0001")
    until(lambda: online(one), "the first connection")
    assert not (house.place.trust / "KT-0001.enrol").exists(), "a used code is no use"
    first = one.serial
    for number in range(300):
        one.journal.append("boot", {"n": number})
        if number in (100, 200):
            before = one.serial
            one.enrolment.wanted.set()
            until(lambda old=before: one.serial != old, "the next certificate")  # type: ignore[misc]
    assert one.serial not in (0, first)
    until(lambda: len(held(house, one)) >= 300, "every record")
    assert held(house, one) == list(range(1, one.journal.last_seq + 1))
    until(lambda: online(one), "the connection with the new certificate")
    shown = until(lambda: told(house, one.name), "its health")
    assert 88 <= shown <= 90
    mine = [e for e in house.authority.book.entries("KT-0001") if e.live(time.time())]
    assert len(mine) == 3, "the ones before stay good for a while"


def test_a_command_is_done_and_told(house: House, terminal: Callable[[str], Terminal]) -> None:
    one = terminal("KT-0002")
    until(lambda: online(one), "the connection")
    before = one.serial
    commander = commands.Commander(house.place.var, house.place.trust, TENANT)
    order = commander.order("KT-0002", wire.Operation.RENEW_CERTIFICATE)
    commands.send(order, TENANT, house.place.broker, house.authority)
    until(lambda: one.serial != before, "another certificate")

    def records() -> list[bytes]:
        with closing(sqlite3.connect(house.place.var / "fleet.db", timeout=30)) as db:
            query = "SELECT data FROM records WHERE terminal = ? AND type = 'kiosk.command.event'"
            return [row[0] for row in db.execute(query, ("KT-0002",))]

    (record,) = until(records, "the command's record")
    assert order.id in str(record)
    assert '"outcome":"done"' in str(record)


def test_revoked_by_hand_it_is_silent_and_says_why(
    house: House, terminal: Callable[[str], Terminal], capsys: pytest.CaptureFixture[str]
) -> None:
    """By the command beside a running fleet; invited again, it brings all it wrote."""
    other, one = terminal("KT-0004"), terminal("KT-0003")
    until(lambda: online(one) and online(other), "both")
    session = other.journal.statuses()["link"][1]
    asked = pki.parse(["revoke", "KT-0003"])
    assert pki.run(asked, house.authority.folder, TENANT, house.authority.terms) == 0
    assert "1 ended" in capsys.readouterr().out
    one.link.renewed()  # connects anew
    until(lambda: one.status.get("fault") == "own_revoked", "the reason")
    one.journal.append("boot", {"n": 1})
    other.journal.append("boot", {"n": 1})
    until(lambda: held(house, other), "the other's record")
    assert held(house, one) == []
    assert online(other)
    assert other.journal.statuses()["link"][1] >= session
    code = house.authority.invite("KT-0003", 1)
    file = house.place.trust / "KT-0003.enrol"
    file.write_text(code)
    file.chmod(0o600)
    until(lambda: held(house, one) == [1], "what it wrote meanwhile")


def test_a_stolen_token_opens_no_link(house: House) -> None:
    """It is good for the gateway alone."""
    token = (house.place.trust / "terminal.token").read_text()
    with httpx.Client(verify=_trusted(house), base_url=house.gateway, trust_env=False) as http:
        http.headers["Authorization"] = f"Bearer {token}"
        assert http.get("/api/v1/gateway/cases/KT0001-1").status_code == 404
        body = {"terminal": "KT-0001", "code": token, "request": linkwork.request(new_key())}
        refused = http.post(wire.ENROL, json=body)
        assert (refused.status_code, refused.json()) == (403, {"fault": "bad_code"})
        assert http.get("/api/v1/terminals").status_code == 404, "the console is not to be had here"
        assert http.get("/metrics").status_code == 404


async def test_the_gateway_is_asked_only_with_trust(house: House, tmp_path: Path) -> None:
    token = house.place.trust / "terminal.token"
    foreign = linkwork.authority(tmp_path / "pki").folder / "root" / "root.pem"
    ours = house.place.trust / "link.pem"
    plain = house.gateway.replace("https:", "http:")
    for url, ca, answers in (
        (house.gateway, ours, True),
        (house.gateway, foreign, False),
        (house.gateway, tmp_path / "none.pem", False),
        (house.gateway.replace("127.0.0.1", "127.0.0.2"), ours, False),
        (plain, ours, False),
    ):
        gateway = HttpGateway(url, token, ca)
        assert await gateway.reachable(20) is answers, (url, ca)
        await gateway.close()


async def test_trust_that_comes_later_is_used(house: House, tmp_path: Path) -> None:
    ca = tmp_path / "link.pem"
    gateway = HttpGateway(house.gateway, house.place.trust / "terminal.token", ca)
    assert not await gateway.reachable(20)
    ca.write_bytes((house.place.trust / "link.pem").read_bytes())
    assert await gateway.reachable(20)
    await gateway.close()


def _trusted(house: House) -> object:
    from fleet.pki import tls

    return tls.client(house.place.trust / "link.pem")
