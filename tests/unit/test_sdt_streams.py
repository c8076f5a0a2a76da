"""Recorded streams of bytes: whole ones, damaged ones, and what they must be taken for.

No reader was at hand: the emulated one said them once, and they stay as they are, so that reading
and writing can't drift away together.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drivers.idcard.blocks import split_blocks, split_fingers
from drivers.idcard.codes import sam_number
from drivers.idcard.frames import (
    BLOCKS,
    BadChecksum,
    BadLength,
    Command,
    CutShort,
    Garbage,
    NeedMore,
    Reply,
    Status,
    parse,
    parse_end,
)
from drivers.idcard.samples import FINGERS, SAMPLES, WLT_MARK
from drivers.idcard.text import decode, decode_address

FIXTURES = Path(__file__).parents[1] / "fixtures" / "idcard"
STREAMS = json.loads((FIXTURES / "frames.json").read_text())["streams"]
NAMES = {BadChecksum: "bad_checksum", BadLength: "bad_length", CutShort: "cut_short"}
READS = [stream for stream in STREAMS if Command[stream["to"]] in BLOCKS and "card" in stream]


def heard(stream: dict[str, Any], size: int) -> tuple[str, bytes]:
    """What comes out when the stream arrives in pieces of `size` bytes; and a reply's data."""
    said, command = bytes.fromhex(stream["bytes"]), Command[stream["to"]]
    buffer = b""
    for at in range(0, len(said), size):
        buffer += said[at : at + size]
        parsed, buffer = parse(buffer, command)
        while isinstance(parsed, Garbage):
            parsed, buffer = parse(buffer, command)
        if isinstance(parsed, Reply):
            return Status(parsed.status).name, parsed.data
        if not isinstance(parsed, NeedMore):
            return NAMES[type(parsed)], b""
    return (NAMES[CutShort] if parse_end(buffer) else "nothing"), b""


@pytest.mark.parametrize("size", [1, 7, 64, 4096])
@pytest.mark.parametrize("stream", STREAMS, ids=lambda s: f"{s['to']}: {s['what']}")
def test_a_stream_is_taken_for_what_it_is(stream: dict[str, Any], size: int) -> None:
    assert heard(stream, size)[0] == stream["gives"]


@pytest.mark.parametrize("stream", READS, ids=lambda stream: stream["card"])
def test_a_recorded_card_is_read_whole(stream: dict[str, Any]) -> None:
    blocks = split_blocks(heard(stream, 64)[1], BLOCKS[Command[stream["to"]]])
    assert blocks is not None
    text, wlt, *fingers = blocks
    assert decode(text) == replace(SAMPLES[stream["card"]], new_address="")
    assert wlt.startswith(WLT_MARK)
    if fingers:
        assert split_fingers(fingers[0]) == FINGERS.get(stream["card"], ())


def test_a_recorded_address_and_number_are_read() -> None:
    said = {stream["to"]: heard(stream, 64)[1] for stream in reversed(STREAMS)}
    assert decode_address(said["READ_ADDRESS"]) == SAMPLES["li"].new_address
    assert sam_number(said["SAM_ID"]) == "05.01-20260101-0000000007-0000000042"
