"""A newer minor version of the contract is welcome; another major one is refused, and says why."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from fleet.incidents import Reason
from fleet.intake import Letter, read
from kiosk import wire

NOW = "2026-01-02T03:04:05Z"


def birth(protocol: str) -> dict[str, Any]:
    known = wire.Birth("KT-0001", 1, 1, "j1", 0, NOW, protocol=protocol)
    said: dict[str, Any] = msgspec.json.decode(wire.encode(known))
    return said


def taken(message: dict[str, Any], leaf: str = "birth") -> Letter | Reason:
    topic = wire.topic("sample", "KT-0001", leaf)
    return read("sample", topic, msgspec.json.encode(message), retained=False)


@pytest.mark.parametrize("protocol", ["1.0", wire.PROTOCOL, "1.7", "1.9999"])
def test_a_newer_minor_version_is_taken_with_what_it_adds(protocol: str) -> None:
    letter = taken({**birth(protocol), "mood": {"of the day": [1, 2]}})
    assert isinstance(letter, Letter)
    assert isinstance(letter.message, wire.Birth)


def test_who_says_no_version_speaks_the_first() -> None:
    said = birth("1.0")
    said.pop("protocol", None)
    assert isinstance(taken(said), Letter)


@pytest.mark.parametrize("protocol", ["2.0", "0.9", "11.0", "1", "1.", "one.0", "", "1.\u0661"])
def test_another_major_version_is_refused(protocol: str) -> None:
    assert taken(birth(protocol)) is Reason.VERSION


def test_a_shape_of_another_major_version_is_called_that_and_not_garbage() -> None:
    assert taken({"type": "birth", "protocol": "2.0", "who": 1}) is Reason.VERSION
    assert taken({"type": "birth", "protocol": "1.1", "who": 1}) is Reason.UNDECODABLE
    assert taken({"type": "birth", "protocol": ["2.0"]}) is Reason.UNDECODABLE


def test_people_are_told_and_everybody_else_goes_on(terminal: Any, fleet: Any) -> None:
    terminal.publish("birth", msgspec.json.encode(birth("2.0")))
    terminal.send(terminal.write())
    terminal.wait_ack(1)
    assert fleet.database.rows("SELECT kind, terminal FROM alarms") == [
        {"kind": "version", "terminal": "KT-0001"}
    ]
    assert fleet.database.rows("SELECT reason FROM dead_letters") == [{"reason": "version"}]
