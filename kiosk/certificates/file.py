"""Checking any file: what it is, is told by its bytes, never by its name."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

from kiosk.certificates.pdf import MAGIC as PDF_MAGIC
from kiosk.certificates.pdf import verify_pdf
from kiosk.certificates.qr import PREFIX, verify_qr
from kiosk.certificates.verdict import Reason, Verdict

LARGEST = 32 * 1024 * 1024  # bytes
LARGEST_PICTURE = 100_000_000  # pixels: an A4 page at 600 dpi has 35 million
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def verify_file(path: Path, trust: Path, now: datetime | None = None) -> Verdict:
    """Check a PDF, a picture (PNG, JPEG) of a paper, or a text file with a code. Never raises."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError:
        return Verdict(Reason.UNREADABLE)
    if len(content) > LARGEST:
        return Verdict(Reason.NOT_A_CERTIFICATE)
    return verify_bytes(content, trust, now)


def verify_bytes(content: bytes, trust: Path, now: datetime | None = None) -> Verdict:
    """`verify_file` of what was read already."""
    if content.startswith(PDF_MAGIC):
        return verify_pdf(content, trust, now)
    if content.startswith(PICTURES):
        return _verify_picture(content, trust, now)
    return verify_qr(content.decode("latin-1"), trust, now)


def _verify_picture(content: bytes, trust: Path, now: datetime | None) -> Verdict:
    """Every certificate's code in the picture must be valid: the first that is not, is told."""
    codes = _codes(content)
    if not codes:
        return Verdict(Reason.UNREADABLE)
    ours = [code for code in codes if code.startswith(PREFIX)]
    verdicts = [verify_qr(code, trust, now) for code in ours or codes[:1]]
    return next((verdict for verdict in verdicts if not verdict.valid), verdicts[0])


def _codes(content: bytes) -> list[str]:
    """The texts of the QR codes in a picture; empty also where no reader is installed."""
    try:
        import zxingcpp
        from PIL import Image

        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > LARGEST_PICTURE:
                return []
            found = zxingcpp.read_barcodes(
                picture.convert("L"),
                formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
            )
    except Exception:  # noqa: BLE001 - a stranger's file: the decoder may raise anything
        return []
    return [code.text for code in found]
