"""What a printer says -> answers, in whatever pieces and with whatever between."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.receipt.answers import QUESTIONS, Kind, split

FIXTURE = Path(__file__).parents[1] / "fixtures" / "receipt" / "answers.json"
STREAMS = json.loads(FIXTURE.read_text("utf-8"))["streams"]


@pytest.mark.parametrize("stream", STREAMS, ids=[stream["name"] for stream in STREAMS])
def test_recorded_streams_have_their_meaning(stream: dict[str, Any]) -> None:
    found, rest = split(bytes.fromhex(stream["hex"]))
    assert [one.kind for one in found] == stream["kinds"]
    assert rest == b""


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200))
def test_no_byte_is_lost_and_what_waits_for_more_is_short(data: bytes) -> None:
    found, rest = split(data)
    assert b"".join(one.raw for one in found) + rest == data.translate(None, b"\x11\x13")
    assert len(rest) < 32
    assert all(one.raw for one in found)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from([bytes.fromhex(stream["hex"]) for stream in STREAMS]), max_size=8),
    st.lists(st.integers(1, 5), max_size=40),
)
def test_answers_are_the_same_in_whatever_pieces_they_come(
    parts: list[bytes], sizes: list[int]
) -> None:
    data = b"".join(parts)
    whole, _ = split(data)
    found, held, at = [], b"", 0
    for size in [*sizes, len(data)]:
        more, held = split(held + data[at : at + size])
        found += more
        at += size
    assert found == whole


@pytest.mark.parametrize("length", [1, 2, 3])
def test_an_automatic_status_is_waited_for_and_not_taken_for_another_answer(length: int) -> None:
    found, rest = split(bytes.fromhex("38 00 00 0f")[:length])
    assert found == []
    assert len(rest) == length


def test_every_byte_alone_has_one_kind() -> None:
    kinds = {byte: split(bytes([byte]))[0] for byte in range(256)}
    told = {byte for byte, found in kinds.items() if found and found[0].kind is Kind.REAL_TIME}
    assert told == {byte for byte in range(128) if byte & 0x93 == 0x12}


def test_the_questions_differ_and_leave_the_automatic_status_off() -> None:
    assert len({question.ask for question in QUESTIONS}) == len(QUESTIONS)
    [automatic] = [one for one in QUESTIONS if one.kind is Kind.AUTOMATIC]
    assert automatic.ask.endswith(b"\x1da\x00")
