"""A reprint says on paper that it is one; the sealed file stays as it was."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops

from certificatework import APPLICANT, NUMBER, facts, issuer, item
from kiosk.certificates import Reason, verify_pdf, verify_qr
from kiosk.certificates.copy import CopyError, marked
from paperwork import NOW

NOTE = "KT-0001 2026-11-22 09:30"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("copy")


@pytest.fixture(scope="module")
def sealed(home: Path) -> bytes:
    return issuer(home).certify(item("statement"), APPLICANT, facts("statement"), NUMBER, NOW)


def pages(pdf: bytes, folder: Path) -> list[Image.Image]:
    (folder / "p.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "150", "-png", folder / "p.pdf", folder / "page"], check=True)
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("page*.png"))]


def test_every_page_bears_the_mark_and_the_code_still_holds(
    sealed: bytes, home: Path, tmp_path: Path
) -> None:
    copy = marked(sealed, 3, NOTE)
    (tmp_path / "copy.pdf").write_bytes(copy)
    for page in ("1", "2"):
        text = subprocess.run(
            ["pdftotext", "-f", page, "-l", page, tmp_path / "copy.pdf", "-"],
            capture_output=True, text=True, check=True,
        ).stdout.replace(" ", "")  # fmt: skip
        assert "副本第3次·Copyno.3" in text
        assert NOTE.replace(" ", "") in text
    [code] = zxingcpp.read_barcodes(pages(copy, tmp_path)[-1])
    assert verify_qr(code.text, home / "trust", NOW).valid


def test_the_seal_s_picture_is_still_there(sealed: bytes, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    before, after = (
        pages(sealed, tmp_path / "a")[-1],
        pages(marked(sealed, 1, ""), tmp_path / "b")[-1],
    )
    seal = tuple(round(mm / 25.4 * 150) for mm in (122, 210, 166, 253))
    differ = ImageChops.difference(before.crop(seal), after.crop(seal)).convert("L")
    assert differ.getextrema()[1] < 90  # at most the pale mark behind it
    assert ImageChops.difference(before, after).getbbox() is not None


def test_the_file_for_the_printer_is_no_certificate_and_the_file_is_unchanged(
    sealed: bytes, home: Path
) -> None:
    kept = bytes(sealed)
    copy = marked(sealed, 1, NOTE)
    assert verify_pdf(copy, home / "trust", NOW).reason is Reason.CHANGED
    assert sealed == kept
    assert verify_pdf(sealed, home / "trust", NOW).valid


def test_an_original_bears_no_mark(sealed: bytes) -> None:
    with pytest.raises(CopyError):
        marked(sealed, 0, NOTE)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7\n", b"\x00" * 100, b"%PDF-1.7\nstartxref\n0\n"]
)
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(CopyError):
        marked(content, 1, NOTE)


@pytest.mark.parametrize("part", [0.01, 0.5, 0.99])
def test_a_file_cut_short_is_refused_without_naming_anybody(sealed: bytes, part: float) -> None:
    with pytest.raises(CopyError) as refused:
        marked(sealed[: int(len(sealed) * part)], 1, NOTE)
    assert "张" not in str(refused.value)
