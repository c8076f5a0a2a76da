from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from drivers.idcard.blocks import join_blocks, split_blocks, split_fingers
from drivers.idcard.frames import (
    BLOCKS,
    PREAMBLE,
    BadChecksum,
    BadLength,
    Command,
    CutShort,
    Garbage,
    NeedMore,
    Parsed,
    Reply,
    Status,
    checksum,
    frame,
    parse,
    parse_end,
    reply,
    request,
    take_request,
)

FIXTURES = Path(__file__).parents[1] / "fixtures" / "idcard"
KNOWN = json.loads((FIXTURES / "frames.json").read_text())
SIZES: dict[tuple[Command, int], int] = {
    (Command.FIND, Status.FOUND): 4,
    (Command.SELECT, Status.OK): 8,
    (Command.SAM_ID, Status.OK): 16,
    (Command.READ_ADDRESS, Status.OK): 70,
}
FINGERS = {Command.READ: [None], Command.READ_FINGERS: [0, 512, 1024]}
PASSED_ON = (0x31, 0x41, 0x47, 0x81)  # with the card's own SW1 and SW2
commands = st.sampled_from(Command)


@st.composite
def answers(draw: st.DrawFn) -> tuple[Command, bytes]:
    """A command and any right answer to it."""
    command = draw(commands)
    if command in FINGERS and draw(st.booleans()):
        text = draw(st.binary(min_size=256, max_size=256))
        fingers = draw(st.sampled_from(FINGERS[command]))
        return command, read_reply(text, bytes(range(256)) * 4, fingers)
    status = draw(st.integers(0, 255))
    assume(command not in FINGERS or status != Status.OK)
    size = SIZES.get((command, status), 0)
    words = draw(st.binary(min_size=2, max_size=2)) if status in PASSED_ON else bytes(2)
    data = draw(st.binary(min_size=size, max_size=size))
    return command, frame(words + bytes((status,)) + data)


def read_reply(text: bytes, photo: bytes, fingers: int | None = None) -> bytes:
    """`fingers`: the size of the fingerprints' block; None: they were not asked for."""
    more = [] if fingers is None else [b"\xf1" * fingers]
    return reply(Status.OK, join_blocks(text, photo, *more))


def feed(chunks: list[bytes], command: Command) -> tuple[list[Parsed], bytes]:
    """Everything that comes out of the parser when bytes arrive in `chunks`, and what is left."""
    out: list[Parsed] = []
    buffer = b""
    for chunk in chunks:
        buffer += chunk
        while True:
            parsed, buffer = parse(buffer, command)
            if isinstance(parsed, NeedMore):
                break
            out.append(parsed)
    return out, buffer


def split(whole: bytes, cuts: list[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(whole) + 1) for cut in cuts), len(whole)]
    return [whole[a:b] for a, b in pairwise(places)]


@pytest.mark.parametrize(("name", "text"), KNOWN["requests"].items())
def test_requests_are_those_of_the_published_protocol(name: str, text: str) -> None:
    assert request(Command[name]) == bytes.fromhex(text)
    assert take_request(bytes.fromhex(text)) == (Command[name].value, b"")


@pytest.mark.parametrize("known", KNOWN["replies"], ids=lambda k: f"{k['to']}-{k['status']}")
def test_published_replies_are_understood(known: dict[str, str]) -> None:
    whole = bytes.fromhex(known["frame"])
    parsed, rest = parse(whole, Command[known["to"]])
    assert isinstance(parsed, Reply)
    assert parsed.status is not None
    assert Status(parsed.status).name == known["status"]
    assert rest == b""


@pytest.mark.parametrize(
    ("fingers", "length"), [(None, 1295), (0, 1297), (512, 1809), (1024, 2321)]
)
def test_a_reply_with_a_card_has_the_known_length_and_gives_its_blocks(
    fingers: int | None, length: int
) -> None:
    text, photo = bytes(range(256)), b"\x5a" * 1024
    command = Command.READ if fingers is None else Command.READ_FINGERS
    whole = read_reply(text, photo, fingers)
    assert len(whole) == length
    parsed, _ = parse(whole, command)
    assert isinstance(parsed, Reply)
    blocks = split_blocks(parsed.data, BLOCKS[command])
    assert blocks is not None
    assert blocks[:2] == (text, photo)
    assert split_fingers(b"".join(blocks[2:])) == (b"\xf1" * 512,) * ((fingers or 0) // 512)


def test_a_card_that_says_no_in_its_own_words_has_failed_not_the_line() -> None:
    whole = frame(bytes.fromhex("6A8241"))
    assert parse(whole, Command.READ) == (Reply(Status.READ_FAILED), b"")
    assert parse(frame(bytes.fromhex("6A8290")), Command.SAM_STATUS) == (BadLength(), b"")


@given(answers(), st.lists(st.integers(0, 5000), max_size=8))
def test_any_split_of_a_reply_gives_the_same_reply(
    answer: tuple[Command, bytes], cuts: list[int]
) -> None:
    command, whole = answer
    out, rest = feed(split(whole, cuts), command)
    assert [type(parsed) for parsed in out] == [Reply]
    assert isinstance(out[0], Reply)
    assert bytes((out[0].status,)) + out[0].data == whole[9:-1]
    assert rest == b""


@given(
    answers(),
    st.integers(0, 5000),
    st.integers(1, 255),
    st.lists(st.integers(0, 5000), max_size=8),
)
def test_one_wrong_byte_anywhere_never_gives_a_reply(
    answer: tuple[Command, bytes], place: int, mask: int, cuts: list[int]
) -> None:
    command, whole = answer
    damaged = bytearray(whole)
    damaged[place % len(whole)] ^= mask
    out, _ = feed(split(bytes(damaged), cuts), command)
    assert not any(isinstance(parsed, Reply) for parsed in out)


ANSWERS_WITH_DATA = [
    (Command.FIND, reply(Status.FOUND, bytes(4))),
    (Command.SELECT, reply(Status.OK, bytes(8))),
    (Command.SAM_ID, reply(Status.OK, bytes(range(16)))),
    (Command.READ, read_reply(bytes(256), bytes(1024))),
    (Command.READ_FINGERS, read_reply(bytes(256), bytes(1024), 512)),
    (Command.READ_ADDRESS, reply(Status.OK, bytes(70))),
]


@given(st.sampled_from(ANSWERS_WITH_DATA), st.data())
def test_a_damaged_length_is_never_believed_even_if_the_xor_agrees(
    answer: tuple[Command, bytes], data: st.DataObject
) -> None:
    command, whole = answer
    length = data.draw(st.integers(4, len(whole) - 8))
    body = length.to_bytes(2, "big") + whole[7 : 7 + length - 1]
    damaged = PREAMBLE + body + bytes((checksum(body),)) + whole[7 + length :]
    assert parse(damaged, command) == (BadLength(), b"")


@given(st.lists(st.binary(max_size=60), max_size=12), commands)
def test_any_bytes_are_parsed_without_an_error_and_to_an_end(
    chunks: list[bytes], command: Command
) -> None:
    out, rest = feed(chunks, command)
    dropped = sum(parsed.dropped for parsed in out if isinstance(parsed, Garbage))
    assert dropped + len(rest) <= sum(len(chunk) for chunk in chunks)


@given(st.binary(max_size=80), commands)
def test_any_bytes_after_a_preamble_are_parsed_without_an_error(
    tail: bytes, command: Command
) -> None:
    feed([PREAMBLE + tail], command)


@given(st.binary(max_size=40), answers())
def test_garbage_before_a_reply_is_dropped(noise: bytes, answer: tuple[Command, bytes]) -> None:
    command, whole = answer
    assume(PREAMBLE not in noise + PREAMBLE[:-1])
    out, rest = feed([noise, whole], command)
    assert isinstance(out[-1], Reply)
    assert all(isinstance(parsed, Garbage) for parsed in out[:-1])
    assert sum(parsed.dropped for parsed in out[:-1] if isinstance(parsed, Garbage)) == len(noise)
    assert rest == b""


@given(answers(), st.integers(1, 5000))
def test_a_reply_that_stops_early_is_cut_short(answer: tuple[Command, bytes], lacking: int) -> None:
    command, whole = answer
    start = whole[: max(0, len(whole) - lacking)]
    out, rest = feed([start], command)
    assert out == []
    assert parse_end(rest) == (CutShort() if len(start) >= len(PREAMBLE) else None)


@given(answers(), st.integers(1, 5000))
def test_need_more_never_asks_for_more_than_the_rest(
    answer: tuple[Command, bytes], lacking: int
) -> None:
    command, whole = answer
    lacking = min(lacking, len(whole))
    parsed, _ = parse(whole[: len(whole) - lacking], command)
    assert isinstance(parsed, NeedMore)
    assert 1 <= parsed.missing <= lacking


@pytest.mark.parametrize(
    ("command", "whole"),
    [
        (Command.FIND, reply(Status.FOUND)),  # four bytes must follow
        (Command.FIND, reply(Status.NOT_FOUND, b"\x00")),
        (Command.SELECT, reply(Status.OK, bytes(4))),
        (Command.READ, reply(Status.OK)),
        (Command.READ, reply(Status.OK, bytes.fromhex("00FF0400") + bytes(1280))),
        (Command.READ, reply(Status.OK, bytes.fromhex("01000400") + bytes(1279))),
        (Command.FIND, PREAMBLE + bytes.fromhex("0003000003")),
        (Command.FIND, PREAMBLE + bytes.fromhex("FFFF000000")),
    ],
)
def test_a_reply_of_the_wrong_size_is_a_length_error(command: Command, whole: bytes) -> None:
    assert parse(whole, command) == (BadLength(), b"")


def test_nothing_is_trusted_after_a_checksum_error() -> None:
    good = reply(Status.NOT_FOUND)
    bad = good[:-1] + b"\x00"
    assert parse(bad + good, Command.FIND) == (BadChecksum(), b"")


@given(st.lists(st.binary(max_size=60), max_size=12))
def test_a_reader_survives_any_bytes_it_is_sent(chunks: list[bytes]) -> None:
    buffer = b""
    for chunk in chunks:
        buffer += chunk
        content, buffer = take_request(buffer)
        while content is not None:
            content, buffer = take_request(buffer)


def test_a_damaged_request_has_no_content() -> None:
    damaged = bytearray(request(Command.FIND))
    damaged[-1] ^= 1
    good = request(Command.SELECT)
    assert take_request(bytes(damaged) + good) == (b"", good)
    assert take_request(PREAMBLE + b"\xff\xff\x20\x01") == (b"", b"")


def test_the_data_of_a_reply_is_not_in_its_repr() -> None:
    parsed, _ = parse(read_reply("张".encode("utf-16-le") * 128, bytes(1024)), Command.READ)
    assert repr(parsed) == "Reply(status=144)"
