"""Sensors, cameras and sound: what comes over their lines, and small pictures of papers."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import cv2
import numpy as np
from given import FIXTURES, Given, pieces

from drivers.camera.ring import Ring
from drivers.camera.wire import NEXT, READY, End, Offer, pack_end, unpack
from drivers.doccam.corners import Picture
from drivers.doccam.find import Sighting, find
from drivers.doccam.flatten import LONGEST_SIDE, flatten
from drivers.doccam.legible import legibility
from drivers.doccam.upright import quarters
from drivers.face.framing import frame_face
from drivers.sensors import megatec, modbus
from drivers.sensors.readings import Contact, read
from drivers.speech import wav
from kiosk.model import FaceHint, PageHint

SIDE = 64  # pixels of a picture
FACE = 2  # in place of a scale: looked at for a face
cv2.setNumThreads(1)
_RING = Ring.create(64, 16)


def sensor_lines(data: bytes) -> None:
    given = Given(data)
    station, count, size = 1 + given.number() % 247, 1 + given.number() % 40, given.number()
    stream = given.rest()
    buffer = b""
    for piece in pieces(stream, size):
        buffer += piece
        bits = modbus.reply(buffer, station, count)
        assert isinstance(bits, modbus.Inputs | modbus.Refused | modbus.Damaged | None)
        assert bits is not None or len(buffer) < modbus.LONGEST
        if isinstance(bits, modbus.Inputs):
            assert len(bits.bits) == count
            read(dict(zip(Contact, bits.bits, strict=False)))
        ups = megatec.reply(buffer)
        assert isinstance(ups, megatec.Report | megatec.NoReport | None)
        assert ups is not None or len(buffer) <= megatec.LONGEST
        if isinstance(ups, megatec.Report):
            assert all(getattr(ups, one.name) >= 0 for one in fields(ups))
            again = replace(ups, battery_volts=round(ups.battery_volts, 1))
            assert megatec.reply(megatec.encode(again)) == again
        if bits is not None and ups is not None:
            break


def camera_offers(data: bytes) -> None:
    """A camera's process that has lost its mind."""
    told = unpack(data)
    assert told is None or isinstance(told, Offer | End)
    if isinstance(told, Offer):
        assert told.pack() == data
        for part, shape in enumerate((told.picture, told.view)):
            for number in (0, told.number):
                picture = _RING.read(told.slot, number, part, shape)
                assert picture is None or picture.shape == (*shape, 3)


def paper_pictures(data: bytes) -> None:
    """A sheet anywhere on a plate, and dots."""
    given = Given(data)
    width, height = 1 + given.number() % SIDE, 1 + given.number() % SIDE
    scale = given.pick([1, 1, 1, 1, 2, 3, 4, 14])
    picture = np.full((height, width, 3), given.number(), np.uint8)
    corners = np.frombuffer(given.take(8).ljust(8, b"\0"), np.uint8).reshape(4, 2) % SIDE
    sheet = given.number()
    cv2.fillPoly(picture, [corners.astype(np.int32)], (sheet, sheet, given.number()))
    flat, dots = picture.ravel(), np.frombuffer(given.rest(), np.uint8)[: picture.size]
    flat[: len(dots)] ^= dots
    if scale == FACE:
        assert isinstance(frame_face(picture).hint, FaceHint)
    else:
        _looked(np.ascontiguousarray(picture.repeat(scale, 0).repeat(scale, 1)))


def _looked(picture: Picture) -> None:
    seen = find(picture)
    assert isinstance(seen, Sighting)
    if seen.corners is None:
        assert isinstance(legibility(picture).problem, PageHint | None)
        assert quarters(picture) in range(4)
    else:
        assert seen.corners.shape == (4, 2)
        assert np.isfinite(seen.corners).all()
        page = flatten(picture, seen.corners)
        assert page.ndim == 3
        assert 1 <= max(page.shape[:2]) <= LONGEST_SIDE
        assert isinstance(legibility(page).problem, PageHint | None)
        assert quarters(page) in range(4)


def sounds(data: bytes) -> None:
    sound = wav.decode(data)
    if sound is None:
        return
    assert sound.rate > 0
    assert sound.seconds >= 0
    assert len(sound.samples) % 2 == 0
    assert sound.samples in data
    assert wav.decode(wav.encode([sound])) == sound


def _lines() -> list[bytes]:
    hexes = json.loads((FIXTURES / "sensors" / "modbus.json").read_text())
    replies = [bytes.fromhex(said) for name, said in hexes.items() if name.startswith("reply")]
    texts = json.loads((FIXTURES / "sensors" / "megatec.json").read_text())
    lines = [said.encode() for name, said in texts.items() if name != "source"]
    return [*(b"\x00\x15\x00" + one for one in replies), *(b"\x00\x15\x07" + one for one in lines)]


def _offers() -> list[bytes]:
    picture, view = np.ones((4, 6, 3), np.uint8), np.ones((2, 3, 3), np.uint8)
    _RING.write(1, 7, picture, view)
    offer = Offer(1, 7, (4, 6), (2, 3))
    return [READY, NEXT, *map(pack_end, End), offer.pack()]


def _papers() -> list[bytes]:
    plain = bytes([71, 60, 0, 60, 8, 8, 60, 10, 58, 52, 6, 50, 240, 240])
    black = bytes([71, 71, 2, 0, 8, 8, 60, 10, 58, 52, 6, 50, 250, 250])
    large = bytes([71, 60, 7, 60, 8, 8, 60, 10, 58, 52, 6, 50, 240, 240])
    return [plain, black, large, bytes(3), plain + bytes(range(256)) * 3]


def _sounds() -> list[bytes]:
    recorded = (FIXTURES / "speech" / "espeak_ng_1.51.wav").read_bytes()
    return [recorded[:200], wav.encode([wav.Sound(8000, b"abcd")])]


SEEDS = {
    "sensor_lines": _lines,
    "camera_offers": _offers,
    "paper_pictures": _papers,
    "sounds": _sounds,
}
