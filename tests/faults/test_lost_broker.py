"""A broker that dies and comes again without anything it knew: nothing was its alone."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

import plainhouse
from kiosk import wire
from linkwork import SECONDS, TENANT, until
from plainhouse import House, Terminal


def lose(house: House, both: list[Terminal], act: Callable[[], list[str]]) -> list[str]:
    """kill -9, and its disk is empty before the next one begins; so what `act` wrote is gone."""
    before = house.broker_pid
    os.kill(before, signal.SIGSTOP)
    made = act()
    until(lambda: all(one.sent == one.journal.last_seq for one in both), "all to be under way")
    os.kill(before, signal.SIGKILL)
    saved = house.folder / "var/broker/mosquitto.db"
    saved.unlink(missing_ok=True)
    until(lambda: house.broker_pid != before, "another broker")
    return made


def retained(port: int) -> set[str]:
    """Leaves under which the broker has something to say to whoever comes."""
    heard: set[str] = set()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.on_message = lambda _c, _d, message: heard.add(message.topic)
    client.on_connect = lambda client, *_: client.subscribe(f"{wire.PREFIX}/{TENANT}/#", 1)
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        wanted = {"KT-0001/state", "KT-0001/services", "KT-0002/state", "fleet/state"}
        topics = {f"{wire.PREFIX}/{TENANT}/{leaf}" for leaf in wanted}
        until(lambda: topics <= heard, "everything that is retained")
    finally:
        client.disconnect()
        client.loop_stop()
    return heard


@pytest.mark.timeout(3600)
def test_nothing_is_lost_with_the_broker(tmp_path: Path, rounds: int, tally: Counter[str]) -> None:
    dice, filed = Random(4), list[str]()
    with plainhouse.house(tmp_path / "house") as house, ExitStack() as stack:
        files = {f"KT-{number:04}": tmp_path / f"{number}/journal.db" for number in (1, 2)}
        both = [
            stack.enter_context(plainhouse.terminal(house, file, name))
            for name, file in files.items()
        ]
        for turn in range(min(rounds, 50)):
            filed += some(house, both, dice, 100 * turn)
            for one in both:
                one.caught_up()
            under_way = partial(some, house, both, dice, 100 * turn + 50)
            filed += lose(house, both, under_way)
            for one in both:
                one.caught_up()
            compare(house, both, filed, tally)
        retained(house.port)
        online = "SELECT online FROM terminals ORDER BY terminal"
        until(lambda: house.rows(online) == [(1,), (1,)], "both to be shown online", SECONDS)
        assert house.alarms() == set()


def some(house: House, both: list[Terminal], dice: Random, first: int) -> list[str]:
    """Case numbers."""
    count = dice.randrange(1, 12)
    return [dice.choice(both).file_case(house.key, first + number) for number in range(count)]


def compare(house: House, both: list[Terminal], filed: list[str], tally: Counter[str]) -> None:
    cases = house.cases()
    lost, more = Counter(filed) - Counter(cases), Counter(cases) - Counter(filed)
    tally.update(rounds=1, kills=1, lost=lost.total(), doubled=more.total())
    assert cases == sorted(filed)
    for one in both:
        assert house.held(one.journal.id) == one.written
