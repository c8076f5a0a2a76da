"""The QR code of a certificate: `KC1:` + base45 of a COSE_Sign1 over a CBOR map of claims.

RFC 9052 (COSE), RFC 8392 (numbered claims), RFC 9285 (base45: fits QR's alphanumeric mode).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import base45
import cbor2
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PREFIX = "KC1:"
SIGN1 = 18  # CBOR tag of a COSE_Sign1
EDDSA = -8
QUIET = 4  # modules of white around the code
_KEPT_HEAD, _KEPT_TAIL = 3, 4


@dataclass(frozen=True, slots=True)
class Claims:
    """What the QR code says of a certificate. Times are epoch seconds."""

    authority: str
    issued: int
    valid_until: int
    number: str
    task_code: str
    holder: str = field(repr=False)
    masked_id: str = field(repr=False)
    summary: str = field(repr=False)


def masked(number: str) -> str:
    """445***********1234: the paper may be shown around, the birth date need not be."""
    hidden = max(len(number) - _KEPT_HEAD - _KEPT_TAIL, 0)
    return number[:_KEPT_HEAD] + "*" * hidden + number[_KEPT_HEAD + hidden :]


def text(claims: Claims, key: Ed25519PrivateKey, kid: bytes) -> str:
    """The content of the QR code, signed."""
    payload = cbor2.dumps(
        {
            1: claims.authority,
            4: claims.valid_until,
            6: claims.issued,
            "no": claims.number,
            "task": claims.task_code,
            "holder": claims.holder,
            "id": claims.masked_id,
            "sum": claims.summary,
        }
    )
    return f"{PREFIX}{base45.b45encode(signed(payload, key, kid)).decode()}"


def signed(payload: bytes, key: Ed25519PrivateKey, kid: bytes) -> bytes:
    """A COSE_Sign1 message."""
    protected = cbor2.dumps({1: EDDSA, 4: kid})
    signature = key.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    return cbor2.dumps(cbor2.CBORTag(SIGN1, [protected, {}, payload, signature]))


def svg(content: str) -> str:
    """A QR code (ECC M) as one SVG path, one unit per module, with its quiet zone.

    By ZXing-C++ in about a millisecond; the package qrcode takes fifty times as long. Its image is
    a buffer, which its types don't say.
    """
    code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = code.to_image(scale=1, add_quiet_zones=False)
    modules: Any = memoryview(image).tolist()
    rows = [[module == 0 for module in row] for row in modules]
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for x, length in _runs(row)
    )
    side = len(rows) + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def _runs(row: Iterable[bool]) -> Iterator[tuple[int, int]]:
    """(first, length) of dark modules beside each other."""
    at = 0
    for dark, modules in itertools.groupby(row):
        length = len(list(modules))
        if dark:
            yield at, length
        at += length
