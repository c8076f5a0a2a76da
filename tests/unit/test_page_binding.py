"""Pages → one PDF of bounded size."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.doccam.binding import MOST_PAGES, bind, page_of
from drivers.doccam.papers import paper
from kiosk.model import Page, ScanFault


def page(name: str, longest: int = 1200) -> Page:
    sheet = paper(name)
    scale = longest / max(sheet.shape)
    small = cv2.resize(sheet, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return page_of(np.asarray(small, np.uint8))


def bound(pages: list[Page], most: int) -> bytes:
    made = bind(pages, most)
    assert isinstance(made, bytes)
    return made


def test_all_pages_are_in_the_file_in_their_order_and_shape(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(bound([page("letter"), page("form"), page("letter")], 10**7))
    told = subprocess.run(
        ["pdfinfo", "-l", "3", str(tmp_path / "x.pdf")], capture_output=True, text=True, check=True
    ).stdout
    sizes = [line.split(":")[1].split() for line in told.splitlines() if "size:" in line][:3]
    shapes = [float(size[0]) < float(size[2]) for size in sizes]
    assert shapes == [True, False, True]
    assert float(sizes[0][0]) == pytest.approx(595, abs=8)  # A4
    assert "Date" not in told
    assert "Producer" not in told


@pytest.mark.parametrize("most", [2_000_000, 400_000, 150_000])
def test_the_file_is_never_larger_than_allowed(most: int) -> None:
    assert 1000 < len(bound([page("letter"), page("certificate")], most)) <= most


def test_what_can_not_be_made_to_fit_is_too_long() -> None:
    assert bind([page("letter")], 5_000) is ScanFault.TOO_LONG
    assert bind([page("card", 200)] * (MOST_PAGES + 1), 10**8) is ScanFault.TOO_LONG
    assert isinstance(bind([page("card", 200)] * MOST_PAGES, 10**8), bytes)


def test_no_page_is_no_file() -> None:
    assert bind([], 10**6) is ScanFault.NOT_READABLE


def test_a_page_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    bomb = io.BytesIO()
    from PIL import Image

    Image.new("L", (20_000, 20_000)).save(bomb, "JPEG")
    assert bind([Page(20_000, 20_000, bomb.getvalue())], 10**7) is ScanFault.NOT_READABLE


JPEG = page("card", 200).jpeg


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, len(JPEG)), st.integers(0, 10**5))
def test_any_bytes_for_a_page_are_bound_or_refused(junk: bytes, at: int, most: int) -> None:
    for spoilt in (junk, JPEG[:at], JPEG[:at] + junk + JPEG[at:]):
        made = bind([Page(200, 126, spoilt)], most)
        assert isinstance(made, ScanFault) or len(made) <= most
