"""Certificates that strangers bring: texts of QR codes, PDFs, pictures."""

from __future__ import annotations

import io
import json
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import base45
import cbor2
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from given import text
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from fleet.certificates import authority
from fleet.certificates.keys import Keys
from fleet.certificates.seal import Sealer
from kiosk.certificates.file import verify_bytes
from kiosk.certificates.qr import PREFIX, verify_qr
from kiosk.certificates.verdict import Reason, Verdict, report
from kiosk.model import Language

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
KID = bytes.fromhex("0123456789abcdef")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def certificate_codes(data: bytes) -> None:
    """Text; bytes behind the prefix; and any claims, rightly signed: nothing else is valid."""
    trust = _trust()
    signed = _signed(data)
    for said in (text(data), PREFIX + text(data), PREFIX + base45.b45encode(data).decode()):
        verdict = verify_qr(said, trust, NOW)
        _checked(verdict)
        assert not verdict.valid or said.strip() == _genuine()
    _checked(verify_qr(signed, trust, NOW))


def _checked(verdict: Verdict) -> None:
    assert isinstance(verdict, Verdict)
    assert isinstance(verdict.reason, Reason)
    for language in Language:
        assert len(report(verdict, language)) < 30_000


def certificate_files(data: bytes) -> None:
    """PDFs, pictures, anything."""
    for content in (data, b"%PDF-" + data):
        verdict = verify_bytes(content, _trust(), NOW)
        _checked(verdict)
        assert not verdict.valid or content == _pdf() or text(content).strip() == _genuine()


def _signed(payload: bytes) -> str:
    protected = cbor2.dumps({1: -8, 4: KID})
    signature = KEY.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    sealed = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))
    return PREFIX + base45.b45encode(sealed).decode()


@cache
def _claims() -> bytes:
    issued = int(NOW.timestamp())
    words = dict.fromkeys((1, "no", "task", "holder", "id", "sum"), "示例 1")
    return cbor2.dumps({**words, 4: issued + 86400, 6: issued})


@cache
def _genuine() -> str:
    return _signed(_claims())


@cache
def _made() -> tuple[Path, bytes]:
    """The trust folder, and a small sealed certificate."""
    trust = Path(tempfile.mkdtemp(prefix="trust-"))
    root_key, seal_key = (generate_private_key(SECP256R1()) for _ in range(2))
    since, until = NOW - timedelta(days=1), NOW + timedelta(days=900)
    root = authority.root(root_key, since, until)
    seal = authority.seal("示例县", seal_key, root, root_key, since=since, until=until)
    (trust / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    public = KEY.public_key().public_bytes_raw().hex()
    (trust / "keys.json").write_text(json.dumps({KID.hex(): public}))
    picture = Image.new("RGB", (2, 2))
    return trust, Sealer(Keys(root, seal, seal_key, KEY), picture, "Sample").seal(_page())


def _page() -> bytes:
    writer = PdfFileWriter()
    contents = writer.add_object(generic.StreamObject(stream_data=b"0 0 m"))
    writer.insert_page(PageObject(contents=contents, media_box=(0, 0, 595, 842)))
    keywords = generic.TextStringObject(_genuine())
    writer.set_info(generic.DictionaryObject({generic.NameObject("/Keywords"): keywords}))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _trust() -> Path:
    return _made()[0]


def _pdf() -> bytes:
    return _made()[1]


def _texts() -> list[bytes]:
    """With such as once cost memory: what is no bytes, but a number of them."""
    genuine = _genuine()
    sealed = base45.b45decode(genuine[len(PREFIX) :])
    many = cbor2.CBORTag(18, [cbor2.dumps({1: -8, 4: 1}), {}, 1 << 33, b""])
    huge = (many, [1] * 4, {1: 1 << 900})
    return [genuine.encode(), sealed, _claims(), *map(cbor2.dumps, huge)]


def _files() -> list[bytes]:
    pictures = []
    made = zxingcpp.create_barcode("KC1:NO", zxingcpp.BarcodeFormat.QRCode).to_image(scale=2)
    for kind in ("PNG", "JPEG"):
        out = io.BytesIO()
        Image.fromarray(made).save(out, kind)
        pictures.append(out.getvalue())
    return [*pictures, _page()[5:], _page(), _pdf()]


SEEDS = {"certificate_codes": _texts, "certificate_files": _files}
