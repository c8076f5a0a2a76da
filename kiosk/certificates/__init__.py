"""Checking certificates offline: a sealed PDF, the text of a QR code, or a picture of a paper."""

from kiosk.certificates.file import verify_bytes, verify_file
from kiosk.certificates.pdf import verify_pdf
from kiosk.certificates.qr import verify_qr
from kiosk.certificates.trust import update
from kiosk.certificates.verdict import Reason, Verdict, report

__all__ = [
    "Reason",
    "Verdict",
    "report",
    "update",
    "verify_bytes",
    "verify_file",
    "verify_pdf",
    "verify_qr",
]
