"""The printed certificate, seen by others' tools: Poppler, OpenSSL, ZXing, OpenCV."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import base45
import cv2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image, ImageChops

from fleet.certificates import picture
from kiosk.certificates import Reason, verify_file, verify_qr
from paperwork import NOW, case, platform


@dataclass(frozen=True)
class Paper:
    pdf: Path
    page: Path  # 200 dpi
    trust: Path


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    home = tmp_path_factory.mktemp("paper")
    pdf = home / "paper.pdf"
    pdf.write_bytes(platform(home).decide(case("P1", name="李䶮")).certificate)
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", pdf, home / "page"], check=True)
    return Paper(pdf, home / "page.png", home / "trust")


def pdfsig(pdf: Path) -> str:
    done = subprocess.run(["pdfsig", "-nocert", pdf], capture_output=True, text=True, check=False)
    return done.stdout


def test_poppler_finds_one_valid_signature_over_the_whole_document(paper: Paper) -> None:
    said = pdfsig(paper.pdf)
    assert said.count("Signature #") == 1
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_poppler_notices_a_changed_byte(paper: Paper, tmp_path: Path) -> None:
    changed = bytearray(paper.pdf.read_bytes())
    changed[changed.index(b"/MediaBox") + 1] ^= 0x20
    (tmp_path / "changed.pdf").write_bytes(changed)
    assert "Digest Mismatch" in pdfsig(tmp_path / "changed.pdf")


def test_the_file_claims_to_be_pdf_a_with_every_font_inside(paper: Paper) -> None:
    metadata = subprocess.run(["pdfinfo", "-meta", paper.pdf], capture_output=True, check=True)
    assert re.search(rb'pdfaid:part(>|=")2\b', metadata.stdout)
    assert re.search(rb'pdfaid:conformance(>|=")B\b', metadata.stdout)
    fonts = subprocess.run(["pdffonts", paper.pdf], capture_output=True, text=True, check=True)
    rows = [line.split() for line in fonts.stdout.splitlines()[2:]]
    assert rows
    assert all(row[-5] == "yes" for row in rows)  # embedded


def test_zxing_reads_the_code_on_the_printed_page(paper: Paper) -> None:
    [code] = zxingcpp.read_barcodes(Image.open(paper.page))
    assert verify_qr(code.text, paper.trust, NOW).valid
    assert verify_file(paper.page, paper.trust, NOW).valid


def test_opencv_reads_the_code_on_the_printed_page(paper: Paper) -> None:
    page = cv2.imread(str(paper.page))
    assert page is not None
    assert verify_qr(opencv_text(page), paper.trust, NOW).valid


def opencv_text(page: Any) -> str:
    """As a scanner would: OpenCV's detectors miss some codes at some sizes, so it looks again."""
    for scale in (1.0, 0.75, 1.5, 0.6):
        looked_at = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        for detector in (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco()):
            if text := detector.detectAndDecode(looked_at)[0]:
                return str(text)
    return ""


def test_a_photo_of_the_paper_verifies(paper: Paper, tmp_path: Path) -> None:
    page = Image.open(paper.page).convert("RGB").rotate(4, expand=True, fillcolor="#554433")
    page.resize((page.width * 2 // 3, page.height * 2 // 3)).save(tmp_path / "p.jpg", quality=70)
    verdict = verify_file(tmp_path / "p.jpg", paper.trust, NOW)
    assert verdict.valid
    assert verdict.claims["holder"] == "李䶮"


def test_openssl_verifies_the_code_from_the_standards_alone(paper: Paper, tmp_path: Path) -> None:
    """COSE_Sign1 taken apart by hand: tag 18, protected, {}, payload, 64-byte signature."""
    [code] = zxingcpp.read_barcodes(Image.open(paper.page))
    message = base45.b45decode(code.text.removeprefix("KC1:"))
    assert message[:2] == b"\xd2\x84"  # tag 18, array of 4
    assert message[2] == 0x40 | 13  # protected: bytes of {1: -8, 4: kid}
    protected = message[3:16]
    assert protected[:5] == b"\xa2\x01\x27\x04\x48"
    assert message[16] == 0xA0  # unprotected: empty map
    body, signature = message[17:-66], message[-64:]  # body: head and bytes of the payload
    assert message[-66:-64] == b"\x58\x40"  # 64 bytes follow
    width = {0x58: 1, 0x59: 2}[body[0]]
    assert int.from_bytes(body[1 : 1 + width]) == len(body) - 1 - width
    signed = b"\x84\x6aSignature1" + message[2:16] + b"\x40" + body
    known = json.loads((paper.trust / "keys.json").read_bytes())
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(known[protected[5:].hex()]))
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for name, content in (("pem", pem), ("signed", signed), ("signature", signature)):
        (tmp_path / name).write_bytes(content)
    verify = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "pem",
              "-in", "signed", "-sigfile", "signature"]  # fmt: skip
    assert subprocess.run(verify, cwd=tmp_path, check=False, capture_output=True).returncode == 0


def test_openssl_finds_the_seal_under_the_root(paper: Paper) -> None:
    root, seal = paper.trust / "root.pem", paper.pdf.parent / "fleet/keys/seal.pem"
    verify = ["openssl", "verify", "-x509_strict", "-CAfile", str(root), str(seal)]
    assert subprocess.run(verify, check=False, capture_output=True).returncode == 0


def test_the_seal_lies_over_the_date_and_the_code_is_clear_of_it(paper: Paper) -> None:
    red, green, blue = Image.open(paper.page).convert("RGB").split()
    reddish = ImageChops.subtract(red, ImageChops.lighter(green, blue)).point(
        lambda v: 255 if v > 90 else 0
    )
    box = reddish.getbbox()
    assert box is not None
    left, top, right, bottom = (side / 200 * 25.4 for side in box)
    assert 41 < right - left < 43
    assert 41 < bottom - top < 43
    assert left > 105  # the right half of the page
    [code] = zxingcpp.read_barcodes(Image.open(paper.page))
    assert code.position.top_right.x / 200 * 25.4 < left


@pytest.mark.parametrize("name", ["示例县公安局", "示例县人力资源和社会保障局", "示" * 30])
def test_a_seal_of_any_name_stays_inside_its_ring(name: str) -> None:
    seal = picture.seal(name, "样章")
    ring = picture.seal("", "")
    outside = ImageChops.subtract(seal.getchannel("A"), ring.getchannel("A")).getbbox()
    assert outside is not None
    assert min(outside[:2]) > 20
    assert max(outside[2:]) < picture.SIZE - 20


def test_a_picture_without_a_code_is_unreadable(paper: Paper, tmp_path: Path) -> None:
    Image.new("L", (300, 300), 255).save(tmp_path / "white.png")
    assert verify_file(tmp_path / "white.png", paper.trust, NOW).reason is Reason.UNREADABLE
