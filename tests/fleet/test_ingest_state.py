"""What is known of a terminal: connection, liveness and serving are three separate truths."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from fleet.live import Live, Need, Serving
from kiosk import wire

NOW = "2026-01-02T03:04:05Z"


def health(session: int = 1, screen: str = "idle", **more: Any) -> wire.Health:
    return wire.Health("KT-0001", session, NOW, screen=screen, **more)


def birth(session: int, journal: str = "j1", last_seq: int = 0) -> wire.Birth:
    return wire.Birth("KT-0001", session, 1, journal, last_seq, NOW, site="示例县")


def row(fleet: Any) -> dict[str, Any]:
    found = fleet.api.get("/api/v1/terminals/KT-0001")
    return found.json() if found.status_code == 200 else {}


def settle(terminal: Any) -> None:
    """Everything sent before has been committed once this is acknowledged."""
    terminal.send(terminal.write())
    terminal.wait_ack(len(terminal.chain))


def test_a_late_will_of_an_older_session_is_ignored(fleet: Any, terminal: Any) -> None:
    terminal.say_state(session=5)
    terminal.say_state(session=4, online=False)
    settle(terminal)
    assert row(fleet)["connection"] == "online"
    assert row(fleet)["session"] == 5
    assert "fleet_messages_outdated_total 1.0" in fleet.api.get("/metrics").text
    terminal.say_state(session=5, online=False)
    settle(terminal)
    assert row(fleet)["connection"] == "offline"


def test_words_of_an_older_session_do_not_replace_newer_ones(fleet: Any, terminal: Any) -> None:
    terminal.publish("health", health(session=3, screen="serving"))
    terminal.publish("health", health(session=2, screen="down"))
    settle(terminal)
    assert row(fleet)["screen"] == "serving"


def test_a_terminal_with_a_new_disk_counts_from_one_again(fleet: Any, terminal: Any) -> None:
    terminal.publish("birth", birth(40))
    terminal.publish("birth", birth(1, journal="j2"))
    terminal.publish("birth", birth(39))
    terminal.say_state(session=2)
    settle(terminal)
    assert row(fleet)["session"] in (2, 39)
    terminal.publish("birth", birth(3, journal="j3"))
    settle(terminal)
    assert row(fleet)["session"] == 3
    assert row(fleet)["journal"]["id"] == "j3"


def test_a_birth_is_answered_with_what_the_fleet_holds(fleet: Any, terminal: Any) -> None:
    terminal.publish("birth", birth(1))
    first = terminal.next_ack()
    assert (first.journal, first.through, first.missing) == ("j1", 0, [])
    terminal.send(*terminal.write_many(3))
    terminal.wait_ack(3)
    terminal.publish("birth", birth(2, last_seq=3))
    assert terminal.wait_ack(3).journal == "j1"


def test_the_will_of_a_terminal_that_dies_is_heard(fleet: Any, until: Any) -> None:
    import paho.mqtt.client as mqtt

    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    topic = wire.topic("sample", "KT-0001", "state")
    client.will_set(topic, wire.encode(wire.State("KT-0001", False, 7, 1, NOW)), 1, True)
    client.connect("127.0.0.1", fleet.place.broker[1])
    client.loop_start()
    client.publish(topic, wire.encode(wire.State("KT-0001", True, 7, 1, NOW)), 1, True)
    until(lambda: row(fleet).get("connection") == "online")
    dying = client.socket()
    client._thread_terminate = True  # stops the loop without a goodbye
    dying.shutdown(socket.SHUT_RDWR)
    until(lambda: row(fleet)["connection"] == "offline")
    client.loop_stop()


def test_a_retained_message_is_no_sign_of_life(fleet: Any, terminal: Any, until: Any) -> None:
    terminal.say_state(session=1)
    until(lambda: row(fleet).get("connection") == "online")
    assert row(fleet)["liveness"]["heard_seconds_ago"] is not None
    with fleet.running.live._store.write() as connection:
        connection.exec_driver_sql("DELETE FROM terminals")
    fleet.restart_broker()
    until(lambda: row(fleet).get("connection") == "online")
    assert row(fleet)["liveness"] == {"heard_seconds_ago": None, "stale": True}
    assert row(fleet)["serving"] == {"truth": "unknown", "reasons": ["stale", "no_health"]}


def test_silence_makes_a_terminal_stale_and_its_serving_unknown(
    fleet: Any, terminal: Any, until: Any
) -> None:
    terminal.say_state(session=1)
    terminal.publish("services", wire.Services("KT-0001", 1, NOW, {"T1": ""}))
    terminal.publish("health", health())
    until(lambda: row(fleet).get("serving") == {"truth": "yes", "reasons": []})
    assert row(fleet)["liveness"]["stale"] is False
    import time

    later = Live(fleet.running.live._store, 90, lambda: time.time() + 91)
    seen = later.terminal("KT-0001")
    assert seen is not None
    assert (seen.online, seen.stale, seen.serving) == (True, True, Serving.UNKNOWN)
    assert later.overview().stale == 1


@pytest.mark.parametrize(
    ("screen", "items", "truth", "reasons"),
    [
        ("serving", {"T1": "", "T2": ""}, "yes", []),
        ("idle", {"T1": "", "T2": "receipt_out"}, "partly", ["receipt_out"]),
        ("idle", {"T1": "x", "T2": "x"}, "no", ["x"]),
        ("idle", {}, "unknown", ["no_services"]),
        ("down", {"T1": ""}, "no", ["screen.down", "device.receipt.out"]),
        ("out_of_service", {"T1": "x"}, "no", ["screen.out_of_service", "x"]),
    ],
)
def test_whether_it_serves_and_why_not(
    fleet: Any, terminal: Any, screen: str, items: dict[str, str], truth: str, reasons: list[str]
) -> None:
    receipt = wire.DeviceHealth("receipt", "online", {"paper": "out"}, action="refill")
    terminal.say_state(session=1)
    terminal.publish("health", health(screen=screen, devices=[receipt]))
    terminal.publish("services", wire.Services("KT-0001", 1, NOW, items))
    settle(terminal)
    assert row(fleet)["serving"] == {"truth": truth, "reasons": reasons}


def test_what_a_person_has_to_bring(fleet: Any, terminal: Any) -> None:
    devices = [
        wire.DeviceHealth("receipt", "online", {"paper": "low", "cutter": "full"}),
        wire.DeviceHealth("document", "hardware_error", {}, fault="jam", action="clear"),
        wire.DeviceHealth("camera", "no_device"),
        wire.DeviceHealth("idcard", "online", {"sheets": "unknown"}),
    ]
    terminal.publish("health", health(devices=devices))
    settle(terminal)
    seen = fleet.running.live.terminal("KT-0001")
    assert seen.needs == (
        Need("receipt", "paper", "low", "refill"),
        Need("document", "fault", "jam", "clear"),
        Need("camera", "state", "no_device", ""),
        Need("idcard", "sheets", "unknown", ""),
    )
    assert len(fleet.running.live.overview().needs) == 4


def test_the_fleets_own_topic_is_not_a_terminal(fleet: Any, terminal: Any) -> None:
    terminal.publish("birth", wire.Birth("fleet", 1, 1, "j", 0, NOW), name="fleet")
    settle(terminal)
    assert [found["id"] for found in fleet.api.get("/api/v1/terminals").json()] == ["KT-0001"]
    assert fleet.database.rows("SELECT reason FROM dead_letters") == [{"reason": "terminal"}]


def test_a_new_disk_is_no_alarm_but_a_journal_that_comes_back_is(fleet: Any, terminal: Any) -> None:
    """As when a certificate and its key were copied to another machine."""
    terminal.publish("birth", birth(1, journal="j1"))
    settle(terminal)
    terminal.publish("birth", birth(1, journal="j2"))
    terminal.publish("birth", birth(2, journal="j2"))
    settle(terminal)
    assert fleet.database.rows("SELECT kind FROM alarms") == []
    terminal.publish("birth", birth(5, journal="j1"))
    settle(terminal)
    assert fleet.database.rows("SELECT kind, journal FROM alarms") == [
        {"kind": "second_terminal", "journal": "j1"}
    ]
