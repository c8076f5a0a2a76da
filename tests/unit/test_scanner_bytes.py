"""Bytes, keystrokes and pictures of scanners, good and bad."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from drivers.camera.status import CameraFault
from drivers.evdev import EV_KEY, SIZE, InputEvent, events, pack
from drivers.scanner.codes import ALL, Symbology, codes
from drivers.scanner.frames import Assembler, Framing, Mark, pieces
from drivers.scanner.keys import AltCodes, Typing, typed
from drivers.scanner.simulator import FAULTS as SIMULATED
from drivers.scanner.simulator import keystrokes, telegram
from drivers.scanner.status import FAULTS, GARBLED_SCANS, Health, ScannerFault
from drivers.scanner.text import MAX_BYTES, Charset, code, decode
from kiosk.model import MAX_CODE, Code, DeviceState, ScanFault

STREAMS = json.loads(
    (Path(__file__).parents[1] / "fixtures/scanner/streams.json").read_text("utf-8")
)
fuzz = settings(max_examples=200, deadline=None)


def read(stream: bytes, wire: str, framing: Framing, step: int) -> list[Code | ScanFault]:
    """The codes of a stream that comes in chunks of `step` bytes, and a pause behind it."""
    assembler, typing = Assembler(framing), Typing(AltCodes.GBK)
    whole: list[bytes | ScanFault] = []
    rest = b""
    for start in range(0, len(stream), step):
        chunk = stream[start : start + step]
        if wire == "serial":
            whole += assembler.feed(pieces(chunk, framing))
            continue
        come, rest = events(rest + chunk)
        whole += [done for one in come for done in assembler.feed(typing.pieces(one))]
    whole += assembler.silence()
    return [one if isinstance(one, ScanFault) else code(one, aim=True) for one in whole]


@pytest.mark.parametrize("step", [1, 7, 24, 4096])
@pytest.mark.parametrize("stream", STREAMS, ids=[one["name"] for one in STREAMS])
def test_a_recorded_stream_says_its_codes_however_it_is_cut(
    stream: dict[str, Any], step: int
) -> None:
    told = read(
        bytes.fromhex(str(stream["bytes"])), str(stream["wire"]), Framing(stream["framing"]), step
    )
    shown = [[one.symbology, one.data] if isinstance(one, Code) else one for one in told]
    assert shown == stream["expect"]


# ---- Frames ----------------------------------------------------------------------------------


def test_a_line_that_is_cut_off_is_not_readable_and_in_silence_framing_whole() -> None:
    assert read(b"half", "serial", Framing.LINE, 9) == [ScanFault.NOT_READABLE]
    assert read(b"\x02half", "serial", Framing.STX_ETX, 9) == [ScanFault.NOT_READABLE]
    assert read(b"whole", "serial", Framing.SILENCE, 9) == [Code("unknown", "whole")]
    assert read(b"", "serial", Framing.SILENCE, 9) == []


@pytest.mark.parametrize(("length", "fits"), [(MAX_CODE, True), (MAX_CODE + 1, False)])
def test_a_code_has_at_most_so_many_characters(length: int, fits: bool) -> None:
    [told] = read("县".encode() * length + b"\r", "serial", Framing.LINE, 4096)
    assert told == (Code("unknown", "县" * length) if fits else ScanFault.TOO_LONG)


def test_an_endless_code_is_held_in_bounded_memory() -> None:
    assembler = Assembler(Framing.LINE)
    for _ in range(1000):
        assert assembler.feed([b"9" * 1000]) == []
    assert len(assembler._data) <= MAX_BYTES
    assert assembler.feed([Mark.END]) == [ScanFault.TOO_LONG]
    assert assembler.feed([b"next", Mark.END]) == [b"next"]


def test_what_is_void_comes_to_nothing_and_leaves_nothing() -> None:
    assembler = Assembler(Framing.LINE)
    assembler.feed([b"somebody's co"])
    assembler.void()
    assert b"some" not in assembler._data
    assert assembler.begun
    assert assembler.feed([b"de", Mark.END, b"mine", Mark.END]) == [b"mine"]
    assembler.void()
    assert not assembler.begun


@fuzz
@given(st.binary(max_size=400), st.sampled_from(Framing), st.integers(1, 50))
def test_any_bytes_give_codes_or_faults(stream: bytes, framing: Framing, step: int) -> None:
    told = read(stream, "serial", framing, step)
    assert all(isinstance(one, Code | ScanFault) for one in told)


@fuzz
@given(st.binary(max_size=SIZE * 40))
def test_any_bytes_are_events_or_left_out(stream: bytes) -> None:
    come, rest = events(stream)
    assert len(rest) < SIZE
    assert len(come) <= len(stream) // SIZE
    read(stream, "events", Framing.LINE, 24)


@fuzz
@given(
    st.lists(
        st.builds(
            InputEvent, st.sampled_from([0, EV_KEY, 4]), st.integers(0, 110), st.integers(0, 2)
        )
    ),
    st.sampled_from(AltCodes),
)
def test_any_keystrokes_type_bytes_or_marks(come: list[InputEvent], alt: AltCodes) -> None:
    typing = Typing(alt)
    for one in events(pack(come))[0]:
        assert all(isinstance(piece, bytes | Mark) for piece in typing.pieces(one))


@fuzz
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=60))
def test_what_a_keyboard_types_is_what_was_meant(text: str) -> None:
    stream = pack(event for strokes in typed(text) for event in strokes)
    [told] = read(stream, "events", Framing.LINE, 4096)
    assert isinstance(told, Code)
    assert told.data == text[-len(told.data) :]  # but for an AIM prefix


def test_a_charset_can_be_told_where_it_can_not_be_guessed() -> None:
    assert decode("示".encode("gb18030")) == "\u02be"
    assert decode("示".encode("gb18030"), Charset.GB18030) == "示"
    assert decode("示例".encode("gb18030")) == "示例"
    assert decode("示例".encode("gb18030"), Charset.UTF_8) is None


@fuzz
@given(st.binary(max_size=200))
def test_text_is_text_or_none(data: bytes) -> None:
    text = decode(data)
    assert text is None or "\x00" not in text
    code(data, aim=True)


def test_alt_codes_can_be_code_points_or_nothing() -> None:
    def told(alt: AltCodes, number: str) -> list[bytes | Mark]:
        typing = Typing(alt)
        pad = {"0": 82, "1": 79, "2": 80, "3": 81, "4": 75, "5": 76, "6": 77, "9": 73}
        keys = [(56, 1), *((pad[one], 1) for one in number), (56, 0)]
        return [made for key in keys for made in typing.pieces(InputEvent(EV_KEY, *key))]

    assert told(AltCodes.UNICODE, "31034") == ["示".encode()]
    assert told(AltCodes.UNICODE, "55296") == [Mark.LOST]
    assert told(AltCodes.GBK, "65") == [b"A"]
    assert told(AltCodes.GBK, "999999") == [Mark.LOST]
    assert told(AltCodes.OFF, "65") == []


def test_the_simulator_fails_in_each_way_on_both_wires() -> None:
    assert set(SIMULATED) == {"garbage", "too_long", "cut"}
    told = {"garbage": ScanFault.NOT_READABLE, "too_long": ScanFault.TOO_LONG,
            "cut": ScanFault.NOT_READABLE}  # fmt: skip
    for fault in SIMULATED:
        line = telegram("SAMPLE", fault)
        keys = pack(event for strokes in keystrokes("SAMPLE", fault) for event in strokes)
        assert read(line, "serial", Framing.LINE, 4096) == [told[fault]]
        assert read(keys, "events", Framing.LINE, 4096) == [told[fault]]


# ---- Pictures --------------------------------------------------------------------------------


def drawn(content: str | bytes, kind: str) -> npt.NDArray[np.uint8]:
    made = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, kind))
    return np.asarray(zxingcpp.write_barcode_to_image(made, scale=4), np.uint8)


def written(content: str | bytes) -> npt.NDArray[np.uint8]:
    """Another writer's QR code: bytes without a mark of their charset."""
    made: Any = qrcode.make(content, box_size=4)
    return np.array(made.convert("L"))


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("QRCode", "qr", "KC1:示例县"),
        ("Code128", "code128", "SAMPLE-1"),
        ("EAN13", "ean13", "6901234567892"),
        ("Code39", "code39", "SAMPLE-1"),
        ("PDF417", "pdf417", "SAMPLE-1"),
        ("DataMatrix", "datamatrix", "SAMPLE-1"),
    ],
)
def test_each_kind_of_code_is_read_from_a_picture(kind: str, name: str, text: str) -> None:
    assert codes(drawn(text, kind)) == [Code(name, text)]
    assert codes(drawn(text, kind), [one for one in ALL if one != name]) == []


@pytest.mark.parametrize("content", ["示例县政务", "示例县政务".encode("gb18030")])
def test_chinese_is_read_whatever_charset_it_has(content: str | bytes) -> None:
    assert codes(written(content)) == [Code("qr", "示例县政务")]
    assert codes(drawn("中文", "QRCode")) == [Code("qr", "中文")]  # in Kanji mode


def test_more_digits_than_a_code_may_have_are_too_long() -> None:
    assert codes(written("7" * (MAX_CODE + 1))) == [ScanFault.TOO_LONG]


def test_the_largest_code_comes_first() -> None:
    picture = np.full((600, 900), 255, np.uint8)
    small, large = drawn("small", "QRCode"), np.kron(drawn("large", "QRCode"), np.ones((3, 3)))
    picture[: len(small), : len(small)] = small
    picture[200 : 200 + len(large), 400 : 400 + len(large)] = large
    assert [one.data for one in codes(picture) if isinstance(one, Code)] == ["large", "small"]


@settings(max_examples=60, deadline=None)
@given(
    arrays.arrays(
        np.uint8, st.tuples(st.integers(1, 90), st.integers(1, 90), st.sampled_from([1, 3]))
    )
)
def test_any_picture_has_codes_or_none(picture: npt.NDArray[np.uint8]) -> None:
    assert isinstance(codes(picture if picture.shape[2] == 3 else picture[..., 0]), list)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 20000, 3), (9000, 9000, 3), (0, 0, 3)])
def test_pictures_of_absurd_sizes_have_none(shape: tuple[int, ...]) -> None:
    assert codes(np.zeros(shape, np.uint8)) == []


# ---- Status ----------------------------------------------------------------------------------


def test_every_fault_has_an_action() -> None:
    assert set(FAULTS) == set(ScannerFault) | set(CameraFault)
    assert set(Symbology) == set(ALL)


def test_scan_after_scan_without_text_is_garbled_until_one_is_read() -> None:
    health = Health()
    for _ in range(GARBLED_SCANS):
        assert health.look(None).fault is None
        health.scanned(ScanFault.NOT_READABLE)
    health.scanned(ScanFault.TIMED_OUT)
    status = health.look(None)
    assert status.fault is not None
    assert (status.state, status.fault.code) == (DeviceState.ONLINE, "garbled")
    assert status.usable
    health.scanned(Code("qr", "x"))
    assert health.look(None).fault is None
