"""What a terminal takes on trust from its fleet: the key for cases, the seal on certificates."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

WARM_SECONDS = 20.0


def case_key(trust: Path) -> Callable[[], bytes | None]:
    """Reads the fleet's public key when it is there; a terminal may start before its fleet."""

    def read() -> bytes | None:
        try:
            return bytes.fromhex((trust / "case.pub").read_text().strip())
        except (OSError, ValueError):
            return None

    return read


def certificate_check(trust: Path) -> Callable[[bytes], bool]:
    """The library behind it takes long to import: not before the first frame, but before use."""

    def check(pdf: bytes) -> bool:
        from kiosk import certificates

        return certificates.verify_pdf(pdf, trust).valid

    warm = threading.Timer(WARM_SECONDS, check, args=(b"",))
    warm.daemon = True
    warm.start()
    return check


def copy_mark(pdf: bytes, number: int, note: str) -> bytes:
    """What goes to the printer instead of the sealed file; b"" when that can't be marked."""
    from kiosk.certificates.copy import CopyError, marked

    try:
        return marked(pdf, number, note)
    except CopyError:
        return b""
