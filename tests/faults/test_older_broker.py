"""A broker that speaks MQTT 3.1.1 and nothing newer: terminal and fleet work over it as ever."""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue

import paho.mqtt.client as mqtt
from badnet import Weather, relay
from paho.mqtt.enums import CallbackAPIVersion

import plainhouse
from fleet import commands
from fleet.broker import Broker
from kiosk import wire
from kiosk.processes import free_port
from linkwork import TENANT, until


def test_terminal_and_fleet_both_fall_back(tmp_path: Path) -> None:
    """And they come back to it after the line was cut, whoever was cut off."""
    port = free_port()
    broker = Broker(tmp_path / "broker", "127.0.0.1", port)
    broker.start()
    try:
        with (
            relay(("127.0.0.1", port), Weather(old=True)) as old,
            plainhouse.house(tmp_path / "house", broker=old.port) as house,
            plainhouse.terminal(old.port, tmp_path / "terminal/journal.db") as terminal,
        ):
            filed = [terminal.file_case(house.key, number) for number in range(3)]
            terminal.caught_up()
            old.weather.away = True
            until(lambda: not terminal.online, "the cut")
            filed.append(terminal.file_case(house.key, 3))
            old.weather.away = False
            terminal.caught_up()
            assert house.held(terminal.journal.id) == terminal.written
            assert house.cases() == filed
            assert house.alarms() == set()
            online = "SELECT online FROM terminals WHERE terminal = 'KT-0001'"
            until(lambda: house.rows(online) == [(1,)], "the terminal's state")
            assert old.versions.keys() == {4, 5}
            assert old.versions[5] <= 2 + old.versions[4], "3.1.1 is remembered"
        # Both said goodbye; nothing came over another line.
    finally:
        broker.stop()


def test_a_command_by_hand_falls_back(tmp_path: Path) -> None:
    """`fleet command`: returns when the broker has it, in the words that this one knows."""
    port = free_port()
    broker = Broker(tmp_path / "broker", "127.0.0.1", port)
    broker.start()
    heard: SimpleQueue[bytes] = SimpleQueue()
    listener = mqtt.Client(CallbackAPIVersion.VERSION2)
    listener.on_message = lambda _client, _data, message: heard.put(message.payload)
    try:
        listener.connect("127.0.0.1", port)
        listener.subscribe(wire.topic(TENANT, "KT-0001", "command/+"), 1)
        listener.loop_start()
        commander = commands.Commander(tmp_path / "var", tmp_path / "trust", TENANT)
        order = commander.order("KT-0001", wire.Operation.RENEW_CERTIFICATE)
        with relay(("127.0.0.1", port), Weather(old=True)) as old:
            commands.send(order, TENANT, ("127.0.0.1", old.port), None)
            assert old.versions == {5: 1, 4: 1}
        assert heard.get(timeout=20) == wire.encode(order)
    finally:
        listener.disconnect()
        listener.loop_stop()
        broker.stop()
