"""A UPS's reply to Q1, the word for it, and the memory that mains have come back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.sensors.emulation import DEFAULTS, ups
from drivers.sensors.megatec import QUESTION, NoReport, Report, encode, reply
from drivers.sensors.settle import RECOVERED_SECONDS, Recovery, Settler
from drivers.sensors.status import Seen, SensorFault, of_ups

RECORDED = json.loads(
    (Path(__file__).parents[1] / "fixtures/sensors/megatec.json").read_text("utf-8")
)


def recorded(name: str) -> bytes:
    return str(RECORDED[name]).encode("ascii")


def test_the_protocol_s_own_example_is_read_whole() -> None:
    assert reply(recorded("mains")) == Report(
        208.4, 140.0, 208.4, 34, 59.9, 2.05, 35.0, False, False, True, True, *[False] * 4
    )


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("mains", Seen({"ups": "good"}, SensorFault.UPS_FAILED)),
        ("on_battery", Seen({"ups": "engaged"})),
        ("battery_low", Seen({"ups": "low"}, SensorFault.UPS_LOW)),
        ("shutting_down", Seen({"ups": "low"}, SensorFault.UPS_LOW)),
    ],
)
def test_recorded_replies_mean_this(name: str, seen: Seen) -> None:
    told = reply(recorded(name))
    assert isinstance(told, Report)
    assert of_ups(told) == seen


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        ("good", Seen({"ups": "good"})),
        ("engaged", Seen({"ups": "engaged"})),
        ("low", Seen({"ups": "low"}, SensorFault.UPS_LOW)),
        ("powering", Seen({"ups": "powering"})),
        ("failed", Seen({"ups": "good"}, SensorFault.UPS_FAILED)),
        ("battery_low", Seen({"ups": "low"}, SensorFault.UPS_BATTERY_LOW)),
        ("shutting_down", Seen({"ups": "low"}, SensorFault.UPS_LOW)),
    ],
)
def test_each_state_of_the_simulated_ups_has_its_word(state: str, seen: Seen) -> None:
    answer, rest = ups(QUESTION, {**DEFAULTS, "ups": state})
    told = reply(answer)
    assert isinstance(told, Report)
    assert of_ups(told) == seen
    assert rest == b""


def test_noise_before_the_bracket_is_forgiven_and_behind_it_is_not() -> None:
    whole = recorded("on_battery")
    assert reply(b"\x00#Q1\r" + whole) == reply(whole)
    assert reply(whole[:20] + b"\x00" + whole[20:]) == NoReport()


def test_each_beginning_of_a_reply_is_not_whole_yet() -> None:
    whole = recorded("on_battery")
    assert {reply(whole[:length]) for length in range(len(whole))} == {None}


def test_a_line_without_end_is_no_report() -> None:
    assert reply(b"(" + b"0" * 100) == NoReport()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_are_survived(noise: bytes) -> None:
    for given_bytes in (noise, noise + b"\r", recorded("mains")[:30] + noise + b"\r"):
        told = reply(given_bytes)
        assert told is None or isinstance(told, Report | NoReport)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.booleans(), min_size=8, max_size=8), st.integers(0, 999))
def test_what_is_encoded_is_read_back(flags: list[bool], load: int) -> None:
    report = Report(220.0, 0.0, 219.9, load, 50.0, 27.4, 25.0, *flags)
    assert reply(encode(report)) == report
    assert of_ups(report).readings["ups"] in ("good", "low", "engaged", "powering")


def test_mains_that_came_back_are_recovered_for_a_while_and_then_good() -> None:
    recovery = Recovery()
    words = [
        recovery.see({"ups": word, "door": "open"}, now)["ups"]
        for word, now in [
            ("good", 0),
            ("engaged", 10),
            ("low", 20),
            ("good", 30),
            ("good", 30 + RECOVERED_SECONDS - 1),
            ("good", 30 + RECOVERED_SECONDS),
        ]
    ]
    assert words == ["good", "engaged", "low", "recovered", "recovered", "good"]


def test_a_bouncing_contact_changes_nothing_until_it_is_still() -> None:
    settler = Settler(3)
    said = ["closed", "open", "closed", "open", "closed", "open", "open", "open", "open"]
    told = [settler.see({"door": word}, at * 0.02)["door"] for at, word in enumerate(said)]
    assert told == ["closed"] * 8 + ["open"]
    assert not settler.unsettled


def test_three_looks_are_not_enough_when_they_are_too_quick() -> None:
    settler = Settler(3)
    settler.see({"door": "closed"}, 0.0)
    told = [settler.see({"door": "open"}, at / 1000)["door"] for at in (1, 2, 3, 4, 60)]
    assert told == ["closed"] * 4 + ["open"]


def test_pulled_headphones_are_believed_at_once_and_plugged_ones_are_not() -> None:
    settler = Settler(3)
    settler.see({"headphones": "not_present"}, 0.0)
    assert settler.see({"headphones": "present"}, 1.0)["headphones"] == "not_present"
    settler.see({"headphones": "present"}, 1.1)
    assert settler.see({"headphones": "present"}, 1.2)["headphones"] == "present"
    assert settler.see({"headphones": "not_present"}, 1.3)["headphones"] == "not_present"
