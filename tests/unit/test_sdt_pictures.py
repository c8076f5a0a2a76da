"""What photo decoders give back, and what is made of it."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from drivers.idcard.pictures import HEIGHT, LARGEST, WIDTH, bmp_of_rgb, picture


def test_bare_pixels_become_a_picture_from_the_lowest_row_up() -> None:
    red, blue = b"\xff\x00\x00", b"\x00\x00\xff"
    pixels = red * WIDTH + blue * (WIDTH * (HEIGHT - 1))
    image = Image.open(io.BytesIO(picture(pixels)))
    assert image.getpixel((0, HEIGHT - 1)) == (255, 0, 0)
    assert image.getpixel((0, 0)) == (0, 0, 255)
    assert len(picture(pixels)) == 38862


@given(st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_nothing(output: bytes) -> None:
    assert picture(output) in (b"", output)


GOOD = bmp_of_rgb(bytes(WIDTH * HEIGHT * 3))


@given(st.data())
def test_a_damaged_head_is_a_picture_of_bounded_size_or_nothing(data: st.DataObject) -> None:
    damaged = bytearray(GOOD)
    for place in data.draw(st.lists(st.integers(0, 53), min_size=1, max_size=4)):
        damaged[place] = data.draw(st.integers(0, 255))
    made = picture(bytes(damaged))
    assert made in (b"", bytes(damaged))
    if made:
        with contextlib.suppress(OSError):  # a viewer's own opinion on the rest of the head
            image = Image.open(io.BytesIO(made))
            assert image.width * image.height <= LARGEST


@pytest.mark.parametrize("colours", [257, 0xFFFFFFFF])
def test_a_palette_that_is_none_makes_no_picture(colours: int) -> None:
    file = io.BytesIO()
    Image.new("P", (5, 3)).save(file, "BMP")
    sound = file.getvalue()
    assert picture(sound) == sound
    assert picture(sound[:46] + colours.to_bytes(4, "little") + sound[50:]) == b""
    assert picture(sound[:10] + b"\x36" + sound[11:]) == b"", "pixels within the palette"


@given(st.integers(0, len(GOOD) - 1))
def test_a_picture_that_ends_early_is_none(length: int) -> None:
    assert picture(GOOD[:length]) == b"" or length == WIDTH * HEIGHT * 3


def test_a_picture_that_is_too_large_is_none() -> None:
    assert picture(b"\xff\xd8\xff" + bytes(LARGEST) + b"\xff\xd9") == b""
    assert picture(GOOD) == GOOD
