"""Checking any file by what its bytes are, and telling a person what was found."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kiosk.certificates import Reason, Verdict, report, verify_file, verify_pdf, verify_qr
from kiosk.certificates.file import LARGEST, verify_bytes
from kiosk.model import Language
from paperwork import NOW, case, platform


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    pdf = platform(folder).decide(case("F1")).certificate
    (folder / "genuine.pdf").write_bytes(pdf)
    claims = verify_pdf(pdf, folder / "trust", NOW).claims
    assert claims["holder"] == "张小满"
    return folder


@pytest.fixture(scope="module")
def code(home: Path) -> str:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO((home / "genuine.pdf").read_bytes()))
    return str(reader.trailer_view["/Info"]["/Keywords"])


def picture(*texts: str) -> Image.Image:
    """QR codes one below the other."""
    page = Image.new("L", (900, 900 * len(texts)), 255)
    for i, text in enumerate(texts):
        made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
        code = Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=6))
        page.paste(code, (40, 40 + 900 * i))
    return page


def test_the_name_of_a_file_does_not_matter(home: Path, tmp_path: Path) -> None:
    content = (home / "genuine.pdf").read_bytes()
    (tmp_path / "photo.png").write_bytes(content)
    assert verify_file(tmp_path / "photo.png", home / "trust", NOW).valid


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_of_the_code_verifies(home: Path, code: str, tmp_path: Path, kind: str) -> None:
    picture(code).save(tmp_path / "code", kind)
    verdict = verify_file(tmp_path / "code", home / "trust", NOW)
    assert verdict == verify_qr(code, home / "trust", NOW)
    assert verdict.valid


def test_a_text_file_with_the_code_verifies(home: Path, code: str, tmp_path: Path) -> None:
    (tmp_path / "code.txt").write_text(code + "\n")
    assert verify_file(tmp_path / "code.txt", home / "trust", NOW).valid


def test_codes_of_others_beside_ours_do_not_disturb(home: Path, code: str, tmp_path: Path) -> None:
    picture("https://example.org", code).save(tmp_path / "two.png")
    assert verify_file(tmp_path / "two.png", home / "trust", NOW).valid


def test_a_forged_code_beside_a_genuine_one_is_told(home: Path, code: str, tmp_path: Path) -> None:
    forged = code[:-4] + ("AAAA" if code[-4:] != "AAAA" else "BBBB")
    picture(code, forged).save(tmp_path / "two.png")
    assert verify_file(tmp_path / "two.png", home / "trust", NOW).reason is Reason.CHANGED


def test_a_picture_with_another_code_is_not_a_certificate(home: Path, tmp_path: Path) -> None:
    picture("https://example.org").save(tmp_path / "other.png")
    found = verify_file(tmp_path / "other.png", home / "trust", NOW)
    assert found.reason is Reason.NOT_A_CERTIFICATE


def test_what_cannot_be_opened_is_unreadable(home: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        assert verify_file(path, home / "trust", NOW).reason is Reason.UNREADABLE


def test_a_huge_file_is_not_read_to_its_end(home: Path, tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.write(b"%PDF-1.7")
        file.truncate(LARGEST + 1)
    found = verify_file(tmp_path / "huge", home / "trust", NOW)
    assert found.reason is Reason.NOT_A_CERTIFICATE


def test_a_picture_that_would_fill_the_memory_is_not_opened(home: Path, tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png")
    assert verify_file(tmp_path / "bomb.png", home / "trust", NOW).reason is Reason.UNREADABLE


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-"])
)
@settings(max_examples=200, deadline=None)
def test_any_bytes_get_a_verdict(home: Path, content: bytes, head: bytes) -> None:
    assert not verify_bytes(head + content, home / "trust", NOW).valid


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", Language)
def test_every_finding_is_told_in_each_language(reason: Reason, language: Language) -> None:
    told = report(Verdict(reason), language)
    english = told.isascii()
    assert english == (language is Language.EN)
    opening = {Language.ZH: "有效", Language.EN: "Valid:"}[language]
    assert told.startswith(opening) == (reason is Reason.OK)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.ZH, ("有效：", "姓名：张小满", "有效期至：2027-02-18", "比对")),
        (Language.EN, ("Valid:", "Name: 张小满", "Valid until: 2027-02-18", "Compare")),
    ],
)
def test_a_report_says_what_to_compare(
    home: Path, language: Language, words: tuple[str, ...]
) -> None:
    told = report(verify_file(home / "genuine.pdf", home / "trust", NOW), language)
    for word in words:
        assert word in told
    assert len({told.index(word) for word in words}) == len(words)
