"""Whoever holds the broker says everything twice, out of order, and yesterday's once more."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

import plainhouse
from fleet.broker import Broker
from kiosk import wire
from kiosk.processes import free_port
from linkwork import TENANT, until

DAY = 30  # cases


class Echo:
    """Hears everything, and says each message again up to twice, within a second, in any order."""

    def __init__(self, port: int, seed: int) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.said = 0
        self._last: mqtt.MQTTMessageInfo | None = None
        self._dice, self._known = Random(seed), set[tuple[str, bytes]]()
        self._due: list[tuple[float, tuple[str, bytes]]] = []
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.on_connect = lambda c, *_: c.subscribe(f"{wire.PREFIX}/{TENANT}/#", 1)
        self._client.on_message = self._hear
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._thread = threading.Thread(target=self._speak)
        self._thread.start()

    def replay(self, messages: list[tuple[str, bytes]]) -> None:
        now = time.monotonic()
        with self._lock:
            for message in self._dice.sample(messages, len(messages)):
                self._due.append((now + self._dice.uniform(0, 2), message))

    @property
    def silent(self) -> bool:
        """The broker has all that was to be said."""
        return not self._due and self._last is not None and self._last.is_published()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(10)
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        one = (message.topic, bytes(message.payload))
        with self._lock:
            if one in self._known:
                return
            self._known.add(one)
            self.heard.append(one)
            now = time.monotonic()
            for _ in range(self._dice.randrange(3)):
                self._due.append((now + self._dice.uniform(0, 1), one))

    def _speak(self) -> None:
        while not self._stop.wait(0.01):
            now = time.monotonic()
            with self._lock:
                ripe = [one for when, one in self._due if when <= now]
                self._due = [(when, one) for when, one in self._due if when > now]
            for topic, payload in ripe:
                self._last = self._client.publish(topic, payload, qos=1)
                self.said += 1


@contextmanager
def echo(port: int, seed: int) -> Iterator[Echo]:
    made = Echo(port, seed)
    try:
        yield made
    finally:
        made.close()


def test_everything_twice_and_yesterday_once_more(tmp_path: Path, tally: Counter[str]) -> None:
    port, file, filed = free_port(), tmp_path / "terminal/journal.db", list[str]()
    broker = Broker(tmp_path / "broker", "127.0.0.1", port)
    broker.start()
    yesterday: list[tuple[str, bytes]] = []
    try:
        with echo(port, 1) as again:
            for day in range(2):
                with (
                    plainhouse.house(tmp_path / "house", broker=port) as house,
                    plainhouse.terminal(port, file) as one,
                ):
                    again.replay(yesterday)
                    for number in range(DAY):
                        filed.append(one.file_case(house.key, 1000 * day + number))
                        time.sleep(0.01)
                    one.caught_up()
                    again.replay(list(again.heard))
                    until(lambda: again.silent, "the echo to end")
                    filed.append(one.file_case(house.key, 1000 * day + DAY))
                    one.caught_up()
                    check(house, one, filed, tally)
                yesterday = list(again.heard)
            assert again.said > len(again.heard) > 3 * DAY
    finally:
        broker.stop()


def check(
    house: plainhouse.House, one: plainhouse.Terminal, filed: list[str], tally: Counter[str]
) -> None:
    tally.update(rounds=1, doubled=len(house.cases()) - len(set(house.cases())))
    assert house.held(one.journal.id) == one.written
    assert house.cases() == sorted(filed)
    assert one.journal.ahead == 0
    assert house.alarms() == set()
    shown = "SELECT online, session FROM terminals"
    session = one.journal._one("SELECT link_session FROM journal")
    assert house.rows(shown) == [(1, session)], "the fleet shows what was true before"
