"""Replies of an input module: recorded ones, damaged ones, any bytes at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.sensors.modbus import Damaged, Inputs, Refused, reply, request

RECORDED = json.loads(
    (Path(__file__).parents[1] / "fixtures/sensors/modbus.json").read_text("utf-8")
)
STATION, COUNT = 1, 22


def frame(name: str) -> bytes:
    return bytes.fromhex(RECORDED[name])


def test_the_request_is_the_specification_s_example() -> None:
    assert request(STATION, 196, COUNT) == frame("request_inputs_196_to_217")


def test_the_specification_s_reply_tells_22_inputs() -> None:
    told = reply(frame("reply_inputs_196_to_217"), STATION, COUNT)
    on = {196 + at for at, bit in enumerate(told.bits) if bit} if isinstance(told, Inputs) else {}
    # AC DB 35: inputs 203-196, 211-204, 217-212
    assert on == {198, 199, 201, 203, 204, 205, 207, 208, 210, 211, 212, 214, 216, 217}


def test_a_refusal_tells_its_code() -> None:
    assert reply(frame("reply_illegal_address"), STATION, COUNT) == Refused(2)


@pytest.mark.parametrize(
    "name", ["reply_of_station_2", "reply_of_function_1", "reply_too_few_inputs"]
)
def test_a_sound_frame_that_answers_something_else_is_no_answer(name: str) -> None:
    assert reply(frame(name), STATION, COUNT) == Damaged()


def test_each_beginning_of_a_reply_is_not_whole_yet() -> None:
    whole = frame("reply_inputs_196_to_217")
    assert [reply(whole[:length], STATION, COUNT) for length in range(len(whole))] == [None] * 8


@pytest.mark.parametrize("bit", range(64))
def test_one_flipped_bit_never_gives_inputs(bit: int) -> None:
    spoiled = bytearray(frame("reply_inputs_196_to_217"))
    spoiled[bit // 8] ^= 1 << bit % 8
    assert not isinstance(reply(bytes(spoiled), STATION, COUNT), Inputs)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.integers(1, 2000))
def test_any_bytes_are_survived(noise: bytes, count: int) -> None:
    told = reply(noise, STATION, count)
    assert told is None or isinstance(told, Inputs | Refused | Damaged)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 40), st.binary(max_size=6))
def test_a_recorded_reply_with_noise_in_it_is_survived(at: int, noise: bytes) -> None:
    whole = frame("reply_inputs_196_to_217")
    told = reply(whole[:at] + noise + whole[at:], STATION, COUNT)
    assert told is None or isinstance(told, Inputs | Refused | Damaged)
