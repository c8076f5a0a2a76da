"""The search finds what is there, in every form, and nothing else; or it would prove nothing."""

from __future__ import annotations

import ctypes
import json
import random
import sys
from pathlib import Path
from urllib.parse import quote

import cv2
import numpy as np
import pytest

import canaries
import canarypictures
from canaries import ENCODINGS, MARKS, Found, Needles, Person

ANN = Person(407)
NOISE = random.Random(1).randbytes(300_000)
PERSONAL = {
    "name": ANN.name,
    "masked name": f"{canaries.FAMILY}******",
    "number": ANN.number,
    "masked number": f"{ANN.number[:6]}********{ANN.number[-4:]}",
    "address": ANN.address,
    "unit": ANN.unit,
    "phone": ANN.phone,
    "masked phone": f"{ANN.phone[:3]}****{ANN.phone[-4:]}",
    "PIN": ANN.pin,
}


def found_in(folder: Path, planted: bytes, wanted: Needles) -> list[Found]:
    file = folder / "planted"
    file.write_bytes(NOISE + planted + NOISE)
    return canaries.search(file, wanted)


def test_each_kind_has_its_sample() -> None:
    assert PERSONAL.keys() == MARKS.keys()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("kind", PERSONAL)
def test_found_in_each_encoding(tmp_path: Path, kind: str, encoding: str) -> None:
    found = found_in(tmp_path, PERSONAL[kind].encode(encoding), canaries.texts())
    assert {one.kind for one in found} == {kind}


@pytest.mark.parametrize(
    "form", [json.dumps(ANN.name), quote(ANN.name), quote(ANN.address), json.dumps(ANN.address)]
)
def test_found_in_json_and_addresses(tmp_path: Path, form: str) -> None:
    assert found_in(tmp_path, form.encode(), canaries.texts())


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    marks_alone = b"; ".join(mark.encode() for mark in MARKS.values())
    assert found_in(tmp_path, marks_alone, canaries.texts() | canaries.papers()) == []


def test_a_code_is_found_as_a_string_and_in_json(tmp_path: Path) -> None:
    code = "".join(["40", "7192"])
    string = ctypes.string_at(id(code), sys.getsizeof(code))
    wanted = canaries.codes([code])
    assert [one.form for one in found_in(tmp_path, string, wanted)] == ["string"]
    assert [one.form for one in found_in(tmp_path, b'{"code": "407192"}', wanted)] == ["JSON"]
    assert found_in(tmp_path, b"2.1407192\0", wanted) == []


@pytest.mark.parametrize("order", ["BGR", "RGB", "BGRA", "mirrored", "grey", "turned over", "JPEG"])
def test_a_picture_is_found_by_a_row(tmp_path: Path, order: str) -> None:
    picture = canarypictures.marked(np.full((32, 200, 3), 77, np.uint8), 407)
    wanted = canarypictures.needles(picture) | canarypictures.jpeg_needle(picture)
    planted = {
        "BGR": picture,
        "RGB": picture[..., ::-1],
        "BGRA": cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA),
        "mirrored": picture[:, ::-1],
        "grey": cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY),
        "turned over": picture[::-1],
        "JPEG": cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 88])[1],
    }[order]
    assert found_in(tmp_path, planted.tobytes(), wanted)
    assert found_in(tmp_path, np.full((32, 200, 3), 77, np.uint8).tobytes(), wanted) == []


def test_pictures_without_a_mark_are_not_found(tmp_path: Path) -> None:
    picture = canarypictures.marked(np.full((32, 200, 3), 77, np.uint8), 407)
    plain = np.random.default_rng(1).integers(0, 255, (300, 400, 3), np.uint8)
    assert found_in(tmp_path, plain.tobytes(), canarypictures.needles(picture)) == []
