"""Who may connect to the broker, and what each may say and hear: a real Mosquitto answers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import linkwork
from fleet.pki.names import Role
from linkwork import Client, Town, pem, topic, until

HERE, THERE = "KT-0001", "KT-0002"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with linkwork.town(tmp_path_factory.mktemp("town")) as made:
        yield made


@pytest.fixture
def clients() -> Iterator[list[Client]]:
    made: list[Client] = []
    yield made
    for one in made:
        one.close()


def opened(clients: list[Client], town: Town, file: Path | None, **more: str) -> Client:
    clients.append(Client().open(town, file, **more))
    return clients[-1]


def hearing(clients: list[Client], town: Town, wanted: str) -> Client:
    """The fleet, by another name than its manager's: it hears everything."""
    ear = opened(clients, town, pem(town.authority, "", Role.OBSERVER))
    assert ear.let_in()
    ear.subscribe(wanted)
    return ear


def test_without_a_certificate_nobody_comes_in(town: Town, clients: list[Client]) -> None:
    assert not opened(clients, town, None).let_in()


def test_a_certificate_of_another_authority_is_none(
    town: Town, clients: list[Client], tmp_path: Path
) -> None:
    foreign = linkwork.authority(tmp_path / "other")
    assert not opened(clients, town, pem(foreign, HERE)).let_in()


def test_one_that_is_over_is_none(town: Town, clients: list[Client]) -> None:
    town.authority.clock = lambda: time.time() - 200 * 86400
    try:
        old = pem(town.authority, "KT-0077")
    finally:
        town.authority.clock = time.time
    assert not opened(clients, town, old).let_in()


def test_a_servers_certificate_is_no_clients(town: Town, clients: list[Client]) -> None:
    assert not opened(clients, town, town.authority.broker / "server.pem").let_in()


def test_each_speaks_on_its_own_branch_alone(town: Town, clients: list[Client]) -> None:
    ear = hearing(clients, town, topic("+", "events"))
    here = opened(clients, town, pem(town.authority, HERE))
    assert here.let_in()
    assert not here.say(topic(THERE, "events"), b"not mine")
    assert not here.say(topic("fleet", "state"), b"no fleet")
    assert not here.say(topic(HERE, "ack"), b"down only")
    assert not here.say(topic(HERE, "command/1"), b"to myself")
    assert not here.say("kiosk/v1/other/KT-0001/events", b"elsewhere")
    assert here.say(topic(HERE, "events"), b"mine")
    until(lambda: ear.heard, "what was let through")
    assert ear.heard == [(topic(HERE, "events"), b"mine")]


def test_who_asks_for_everything_hears_its_own(town: Town, clients: list[Client]) -> None:
    fleet = opened(clients, town, town.authority.folder / "fleet.pem")
    assert fleet.let_in()
    fleet.mqtt.publish(topic(THERE, "state"), b"retained", qos=1, retain=True)
    fleet.codes.get(timeout=linkwork.SECONDS)
    here = opened(clients, town, pem(town.authority, HERE))
    assert here.let_in()
    here.subscribe("#")
    here.subscribe(topic(THERE, "ack"))
    for terminal in (THERE, HERE):
        for leaf in ("ack", "command/7", "desired", "events"):
            assert fleet.say(topic(terminal, leaf), terminal.encode())
    assert fleet.say(topic("fleet", "state"), b"fleet")
    until(lambda: (topic("fleet", "state"), b"fleet") in here.heard, "the fleet's state")
    assert {name for name, _ in here.heard} == {
        topic(HERE, "ack"), topic(HERE, "command/7"), topic(HERE, "desired"),
        topic("fleet", "state"),
    }  # fmt: skip


def test_nobody_takes_anothers_place(town: Town, clients: list[Client]) -> None:
    """A second client of one id ends the first one: here the id is the certificate's."""
    there = opened(clients, town, pem(town.authority, THERE), name=THERE)
    assert there.let_in()
    here = opened(clients, town, pem(town.authority, HERE), name=THERE)
    assert here.let_in()
    assert there.say(topic(THERE, "events"), b"still here")
    assert not there.ended.is_set()


def test_a_will_on_anothers_branch_is_not_read_out(town: Town, clients: list[Client]) -> None:
    ear = hearing(clients, town, topic("+", "birth"))
    here = opened(clients, town, pem(town.authority, HERE), will=topic(THERE, "birth"))
    honest = opened(clients, town, pem(town.authority, THERE), will=topic(THERE, "birth"))
    assert here.let_in() and honest.let_in()  # noqa: PT018
    for one in (here, honest):
        one.mqtt.socket().shutdown(2)  # as a cut line
    until(lambda: ear.heard, "the honest will")
    assert ear.heard == [(topic(THERE, "birth"), b"will")]


def test_the_operator_commands_and_reads_nothing(town: Town, clients: list[Client]) -> None:
    operator = opened(clients, town, pem(town.authority, "", Role.OPERATOR))
    here = opened(clients, town, pem(town.authority, HERE))
    assert operator.let_in() and here.let_in()  # noqa: PT018
    operator.subscribe("#")
    here.subscribe(topic(HERE, "command/+"))
    assert not operator.say(topic(HERE, "ack"), b"no")
    assert operator.say(topic(HERE, "command/9"), b"do")
    until(lambda: here.heard, "the command")
    assert operator.heard == []


def test_who_is_revoked_is_out_and_nobody_else(town: Town, clients: list[Client]) -> None:
    ear = hearing(clients, town, topic("+", "events"))
    file = pem(town.authority, "KT-0003")
    gone = opened(clients, town, file)
    stays = opened(clients, town, pem(town.authority, THERE))
    assert gone.let_in() and stays.let_in()  # noqa: PT018
    brought, context = linkwork.session(town, file)
    assert town.authority.revoke("KT-0003") == 1
    town.reload()
    until(lambda: not gone.say(topic("KT-0003", "events"), b"?"), "its silence")
    gone.subscribe("#")
    assert not opened(clients, town, file).let_in()
    assert stays.say(topic(THERE, "events"), b"on")
    until(lambda: (topic(THERE, "events"), b"on") in ear.heard, "the other")
    assert not stays.ended.is_set()
    assert brought is None or not _resumed(town, brought, context)
    again = opened(clients, town, pem(town.authority, "KT-0003"))
    town.reload()
    assert again.let_in()
    until(lambda: again.say(topic("KT-0003", "events"), b"new"), "its new voice")


def _resumed(town: Town, brought: object, context: object) -> bool:
    """A session of before must not open the door again."""
    import socket
    import ssl

    assert isinstance(context, ssl.SSLContext)
    assert isinstance(brought, ssl.SSLSession)
    try:
        with (
            socket.create_connection(("127.0.0.1", town.port), 10) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1", session=brought) as secure,
        ):
            secure.sendall(bytes.fromhex("101000044d5154540502003c000003000178"))
            return bool(secure.recv(64))
    except OSError:
        return False
