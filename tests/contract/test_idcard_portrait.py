"""Portraits on the simulated reader, through the real driver and the sample decoder."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from camerawork import people_in
from drivers.face.detect import frontal_faces
from drivers.idcard import portraits, sample_decoder
from drivers.idcard.photo import PhotoDecoder, PhotoState
from drivers.idcard.samples import SAMPLES, WLT_MARK, sample_wlt
from drivers.idcard.simulator import SdtSimulator
from kiosk.model import IdCard
from portraitwork import DECODER, LIMIT, Station, opened, until


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return people_in(tmp_path_factory.mktemp("people"))


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Station]:
    simulator = SdtSimulator(tmp_path)
    simulator.start()
    made = Station(tmp_path)
    yield made
    await made.reader.close()
    simulator.stop()


# ---- Portraits -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["woman", "man"])
async def test_a_card_with_a_portrait_gives_a_picture_of_that_face(
    station: Station, pictures: dict[str, str], who: str
) -> None:
    station.put(card="zhang", portrait=pictures[who])
    card = await station.read()
    assert isinstance(card, IdCard)
    assert replace(card, photo=b"") == SAMPLES["zhang"]
    image = opened(card.photo)
    assert (image.format, image.size, image.mode) == ("BMP", (102, 126), "RGB")
    gray = cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2GRAY)
    [(left, top, width, height)] = frontal_faces(np.asarray(gray, np.uint8), 30)
    assert abs(left + width / 2 - 51) < 8
    assert abs(top + height / 2 - 59) < 8
    assert 45 < width < 65
    assert await station.photo() == PhotoState.READY


async def test_another_portrait_is_another_face_at_once(
    station: Station, pictures: dict[str, str]
) -> None:
    photos = []
    for who in ("woman", "man", "woman"):
        station.put(card="li", portrait=pictures[who])
        card = await station.read()
        assert isinstance(card, IdCard)
        photos.append(card.photo)
    assert photos[0] == photos[2] != photos[1]


async def test_a_card_without_a_portrait_has_noise_that_no_decoder_reads(station: Station) -> None:
    station.put(card="zhang")
    assert await station.read() == SAMPLES["zhang"]
    assert await station.photo() == PhotoState.FAILED


@pytest.mark.parametrize("portrait", ["{wall}", "{folder}/nobody.png", "", "\0"])
async def test_a_portrait_without_a_face_is_told_and_the_card_is_read_without(
    station: Station,
    pictures: dict[str, str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    portrait: str,
) -> None:
    station.put(card="zhang", portrait=portrait.format(**pictures, folder=tmp_path))
    assert await station.read() == SAMPLES["zhang"]
    assert ("no face" in caplog.text) is bool(portrait)
    assert "wall" not in caplog.text
    assert "nobody" not in caplog.text


async def test_the_reader_answers_while_a_portrait_is_being_made(
    station: Station, pictures: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(picture: Path) -> bytes:
        begun.set()
        assert go_on.wait(LIMIT)
        return made(picture)

    made = portraits.portrait
    monkeypatch.setattr(portraits, "portrait", slowly)
    station.put(card="zhang", portrait=pictures["man"])
    await until(begun.is_set)
    waiting = asyncio.create_task(station.reader.arrival())
    for _ in range(3):
        assert (await station.reader.status()).usable
        await asyncio.sleep(0.2)
    assert not waiting.done()
    go_on.set()
    assert await asyncio.wait_for(waiting, LIMIT) is None
    card = await station.reader.read()
    assert isinstance(card, IdCard)
    assert card.photo


@pytest.mark.parametrize(("quality", "coarse"), [(portraits.QUALITY, True), (100, False)])
def test_a_portrait_has_lost_what_a_card_has_no_room_for(
    pictures: dict[str, str], monkeypatch: pytest.MonkeyPatch, quality: int, coarse: bool
) -> None:
    """So that to lose it once more changes little."""
    monkeypatch.setattr(portraits, "QUALITY", quality)
    made = np.frombuffer(portraits.portrait(Path(pictures["woman"])), np.uint8)
    once = cv2.imdecode(made, cv2.IMREAD_COLOR)
    jpeg = cv2.imencode(".jpg", once, [cv2.IMWRITE_JPEG_QUALITY, 25])[1]
    twice = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
    assert (float(np.abs(once.astype(int) - twice).mean()) < 2.0) is coarse
    assert len(made) == 54 + 126 * 308


# ---- The sample decoder, alone ---------------------------------------------------------------


def decoded(wlt: bytes, folder: Path) -> subprocess.CompletedProcess[bytes]:
    words = [sys.executable, "-I", "-S", str(sample_decoder.__file__), str(folder)]
    return subprocess.run(words, input=wlt, capture_output=True, timeout=LIMIT, check=False)


@pytest.mark.parametrize(
    "wlt",
    [b"", WLT_MARK, sample_wlt("zhang"), sample_wlt("zhang", "../secret"),
     sample_wlt("zhang", "0123456789abcdef"), sample_wlt("zhang", "0123456789ABCDEF"),
     b"x" + sample_wlt("zhang", "00000000000000aa")],
)  # fmt: skip
def test_what_holds_no_key_of_a_portrait_that_is_there_decodes_to_nothing(
    tmp_path: Path, wlt: bytes
) -> None:
    (tmp_path / "secret.bmp").write_bytes(b"a secret")
    (tmp_path / "portraits").mkdir()
    (tmp_path / "portraits" / "00000000000000aa.bmp").write_bytes(b"a picture")
    told = decoded(wlt, tmp_path / "portraits")
    assert (told.returncode, told.stdout, told.stderr) == (1, b"", b"")


def test_a_key_gives_what_lies_under_it(tmp_path: Path) -> None:
    (tmp_path / "00000000000000aa.bmp").write_bytes(b"a picture")
    wlt = sample_wlt("zhang", "00000000000000aa")
    assert len(wlt) == 1024
    assert decoded(wlt, tmp_path).stdout == b"a picture"


def test_it_lives_within_the_limits_of_every_decoder(
    tmp_path: Path, pictures: dict[str, str]
) -> None:
    made = portraits.portrait(Path(pictures["man"]))
    key = portraits.store(made, tmp_path / "portraits")
    decoder = PhotoDecoder(f"{DECODER} {tmp_path / 'portraits'}")
    assert decoder.decode(sample_wlt("li", key), threading.Event(), LIMIT) == made
    assert decoder.state() is PhotoState.READY
