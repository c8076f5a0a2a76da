"""Scanners: what lines bring, what keyboards type, what pictures show."""

from __future__ import annotations

import json
import struct

import numpy as np
import zxingcpp
from given import FIXTURES, Given, counted, pieces, text

from drivers import evdev
from drivers.keypad.keys import KEYS, Hands
from drivers.scanner.codes import ALL, Picture, Symbology, codes
from drivers.scanner.frames import Assembler, Framing
from drivers.scanner.frames import pieces as cut
from drivers.scanner.keys import AltCodes, Typing, typed
from drivers.scanner.text import MAX_BYTES, Charset, code, decode
from kiosk.model import MAX_CODE, Code, Key, ScanFault

FRAMINGS, CHARSETS, ALTS = list(Framing), list(Charset), list(AltCodes)
SIDE = 96  # pixels
_KINDS = zxingcpp.BarcodeFormat
WRITTEN = {
    Symbology.QR: _KINDS.QRCode, Symbology.CODE128: _KINDS.Code128, Symbology.EAN13: _KINDS.EAN13,
    Symbology.CODE39: _KINDS.Code39, Symbology.PDF417: _KINDS.PDF417,
    Symbology.DATAMATRIX: _KINDS.DataMatrix,
}  # fmt: skip


def _checked(told: Code | ScanFault) -> None:
    assert isinstance(told, Code | ScanFault)
    if isinstance(told, Code):
        assert 0 < len(told.data) <= MAX_CODE
        told.data.encode("utf-8")
        assert repr(told) == f"Code(symbology={told.symbology!r})"


def scanner_lines(data: bytes) -> None:
    given = Given(data)
    framing, charset = given.pick(FRAMINGS), given.pick(CHARSETS)
    aim, size = bool(given.number() & 1), given.number()
    stream = given.rest()
    whole, parts = Assembler(framing), Assembler(framing)
    found = whole.feed(cut(stream, framing))
    again = [one for piece in pieces(stream, size) for one in parts.feed(cut(piece, framing))]
    assert found == again
    assert whole.begun == parts.begun
    for one in (*found, *whole.silence()):
        assert isinstance(one, ScanFault) or 0 < len(one) <= MAX_BYTES
        _checked(one if isinstance(one, ScanFault) else code(one, aim=aim, charset=charset))
    assert not whole.begun
    decode(stream, charset)
    _checked(code(stream, aim=aim, charset=charset))


def keyboards(data: bytes) -> None:
    """A device's bytes, as a scanner types them and as a keypad's keys."""
    given = Given(data)
    typing, hands = Typing(given.pick(ALTS)), Hands(KEYS)
    size, stream = given.number(), given.rest()
    assembler, held = Assembler(Framing.LINE), b""
    for now, piece in enumerate(pieces(stream, size)):
        events, held = evdev.events(held + piece)
        assert len(held) < evdev.SIZE
        assert all(isinstance(key, Key) for key in hands.see(events, now))
        assert 0 <= hands.held(now) <= now
        for event in events:
            for one in assembler.feed(typing.pieces(event)):
                _checked(one if isinstance(one, ScanFault) else code(one, aim=True))
    said = "".join(one for one in text(stream[:200]) if " " <= one <= "~")
    events = [event for key in typed(said) for event in key]
    again = Typing(AltCodes.GBK)
    assert evdev.events(evdev.pack(events)) == (events, b"")
    done = Assembler(Framing.LINE).feed(one for event in events for one in again.pieces(event))
    assert done == ([said.encode()] if said else [])


def code_pictures(data: bytes) -> None:
    """Dots of any kind, and a code of any bytes with dots among its own."""
    given = Given(data)
    symbology, said = given.pick(ALL), given.some()
    picture = _written(symbology, said) if said else None
    if picture is None:
        sides = 1 + given.number() % SIDE, 1 + given.number() % SIDE
        picture = np.zeros((*sides, *given.pick([(), (3,)])), np.uint8)
    flat = picture.ravel()
    dots = np.frombuffer(given.rest(), np.uint8)[: flat.size]
    flat[: len(dots)] ^= dots
    for one in codes(flat.reshape(picture.shape)):
        _checked(one)


def _written(symbology: Symbology, said: bytes) -> Picture | None:
    """None: that kind of code can't say it."""
    try:
        made = zxingcpp.create_barcode(said, WRITTEN[symbology])
    except ValueError:
        return None
    return np.array(made.to_image(scale=2, add_quiet_zones=True), np.uint8)


def _lines() -> list[bytes]:
    told = json.loads((FIXTURES / "scanner" / "streams.json").read_text())
    serial = [one for one in told if one["wire"] == "serial"]
    names = [framing.value for framing in FRAMINGS]
    heads = [bytes([names.index(one["framing"]), 0, 1, 5]) for one in serial]
    streams = [bytes.fromhex(one["bytes"]) for one in serial]
    return [head + stream for head, stream in zip(heads, streams, strict=True)]


def _events() -> list[bytes]:
    events = [event for key in typed("]Q1KC1:示例 a\x1d") for event in key]
    odd = struct.pack("@llHHi", 0, 0, 0, 3, 0) + struct.pack("@llHHi", 1, 2, 0x1F, 0x2FF, -1)
    recorded = (FIXTURES / "keypad" / "one_enter_held_help.hex").read_text()
    return [b"\x01\x10" + evdev.pack(events), b"\x02\x00" + odd, b"\0\0" + bytes.fromhex(recorded)]


def _pictures() -> list[bytes]:
    said = [b"6901234567892", b"SAMPLE 42", "示例县".encode(), "示例县".encode("gb18030")]
    kinds = [bytes([kind]) + counted(one) for kind in range(len(ALL)) for one in said]
    return [*kinds, b"\0\0\x20\x40\x01" + bytes(range(256))]


SEEDS = {
    "scanner_lines": _lines,
    "keyboards": _events,
    "code_pictures": _pictures,
}
