"""Between the terminal and the face's process: nothing that it says is believed unread."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.face import wire
from drivers.process import MAX_MESSAGE
from kiosk.model import FaceDecision, FaceFault, FaceHint

DECISION = FaceDecision(
    FaceFault.NOT_LIVE, "pack 1", 0.612345678901234, 0.4, 0.1, 0.5, (FaceHint.NOD,)
)


@pytest.mark.parametrize(
    "message",
    [
        wire.Loaded("pack 1"),
        wire.Loaded(fault="wrong_hash", about="x" * 200),
        *map(wire.Hinted, FaceHint),
        wire.Decided(DECISION),
        *(wire.Decided(FaceDecision(fault)) for fault in (None, *FaceFault)),
    ],
    ids=repr,
)
def test_what_goes_up_arrives(message: wire.Up) -> None:
    packed = wire.pack(message)
    assert len(packed) <= MAX_MESSAGE
    assert wire.unpack_up(packed) == message


@pytest.mark.parametrize(
    "message",
    [
        wire.Load("/folder"),
        wire.Begin(20_000, 4096 * 3072, 854 * 480, 2, 29.5),
        wire.Frame(2, 1 << 40, (3072, 4096), (480, 640)),
    ],
)
def test_what_goes_down_arrives(message: wire.Down) -> None:
    assert wire.unpack_down(wire.pack(message)) == message


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_none(data: bytes) -> None:
    assert isinstance(wire.unpack_up(data), wire.Up | None)


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{}", b"[]", b"\xff", b'{"type":"Load","folder":"/"}', b'{"type":"Hinted"}',
        b'{"type":"Hinted","hint":"dance"}', b'{"type":"Decided","decision":{"fault":"well"}}',
        b'{"type":"Decided","decision":{"fault":null,"score":"high"}}',
    ],
)  # fmt: skip
def test_words_that_are_not_of_the_set_are_none(text: bytes) -> None:
    assert wire.unpack_up(text) is None


def test_nothing_that_goes_up_could_hold_an_embedding() -> None:
    """Numbers and words only: no list of any length but that of the gestures."""
    for one in (wire.Loaded, wire.Hinted, wire.Decided):
        for kind in one.__annotations__.values():
            assert str(kind) in {"str", "FaceHint", "FaceDecision"}
    fields = set(FaceDecision.__annotations__.values())
    assert fields <= {"FaceFault | None", "str", "float | None", "tuple[str, ...]"}
