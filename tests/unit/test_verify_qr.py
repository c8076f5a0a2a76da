"""Checking the text of a QR code: one encoding, one signer, one time; nothing raises."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import base45
import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.certificates import qr
from kiosk.certificates import Reason, verify_qr
from kiosk.certificates.qr import CHINA
from paperwork import NOW

KID = bytes.fromhex("0123456789abcdef")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ISSUED = int(NOW.timestamp())
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
CLAIMS = qr.Claims(
    authority="示例县人力资源和社会保障局",
    issued=ISSUED,
    valid_until=ISSUED + 90 * 86400,
    number="CB-WW4S-WM67-XB17",
    task_code="11445299MB2D00006J2000100001001",
    holder="张小满",
    masked_id="445***********2043",
    summary="城镇职工基本养老保险，2025年11月至2026年10月缴费12个月",
)
TEXT = qr.text(CLAIMS, KEY, KID)
WORDS = dict.fromkeys((1, "no", "task", "holder", "id", "sum"), "x")
NESTED = (b"\x81" * 2000, b"\xc2" * 2000, b"\x9b" + b"\xff" * 8, b"\x5b\x7f" + b"\xff" * 7)


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trust")
    public = KEY.public_key().public_bytes_raw().hex()
    (folder / "keys.json").write_text(json.dumps({KID.hex(): public}))
    return folder


def parts(text: str) -> tuple[bytes, dict[Any, Any], bytes, bytes]:
    protected, unprotected, payload, signature = cbor2.loads(base45.b45decode(text[4:])).value
    return protected, unprotected, payload, signature


def packed(*of: object, tag: int = 18) -> str:
    return f"KC1:{base45.b45encode(cbor2.dumps(cbor2.CBORTag(tag, list(of)))).decode()}"


def signed(payload: bytes, protected: bytes | None = None, key: Ed25519PrivateKey = KEY) -> str:
    protected = protected if protected is not None else cbor2.dumps({1: -8, 4: KID})
    message = cbor2.dumps(["Signature1", protected, b"", payload])
    return packed(protected, {}, payload, key.sign(message))


def test_the_genuine_code_is_valid_and_says_all(trust: Path) -> None:
    verdict = verify_qr(TEXT, trust, NOW)
    assert verdict.reason is Reason.OK
    assert dict(verdict.claims) == {
        "authority": CLAIMS.authority, "issued": CLAIMS.issued, "valid_until": CLAIMS.valid_until,
        "number": CLAIMS.number, "task": CLAIMS.task_code, "holder": CLAIMS.holder,
        "id": CLAIMS.masked_id, "sum": CLAIMS.summary,
    }  # fmt: skip


def test_the_code_fits_qr_s_alphanumeric_mode() -> None:
    assert TEXT.startswith("KC1:")
    assert set(TEXT) <= set(ALPHABET)


@given(st.integers(0, len(TEXT) - 1), st.integers(0, 7))
@settings(max_examples=1500, deadline=None)
def test_every_flipped_bit_is_rejected(trust: Path, place: int, bit: int) -> None:
    flipped = TEXT[:place] + chr(ord(TEXT[place]) ^ 1 << bit) + TEXT[place + 1 :]
    assert not verify_qr(flipped, trust, NOW).valid


def test_every_other_character_in_every_place_is_rejected(trust: Path) -> None:
    for place in range(len(TEXT)):
        for character in (ALPHABET[place % 45], ALPHABET[(place * 7 + 3) % 45], "é", "中"):
            other = TEXT[:place] + character + TEXT[place + 1 :]
            assert other == TEXT or not verify_qr(other, trust, NOW).valid, place


def test_every_flipped_bit_of_the_message_is_rejected(trust: Path) -> None:
    message = base45.b45decode(TEXT[4:])
    for place in range(len(message) * 8):
        changed = bytearray(message)
        changed[place // 8] ^= 1 << place % 8
        text = "KC1:" + base45.b45encode(bytes(changed)).decode()
        assert not verify_qr(text, trust, NOW).valid, place


@pytest.mark.parametrize("other", [TEXT[:-1], TEXT[:-3], TEXT + "0", TEXT + "00"])
def test_a_longer_or_shorter_text_is_rejected(trust: Path, other: str) -> None:
    assert not verify_qr(other, trust, NOW).valid


@pytest.mark.parametrize("around", ["\n", "\r\n", "\t", "  "])
def test_white_space_around_the_code_is_forgiven(trust: Path, around: str) -> None:
    assert verify_qr(around + TEXT + around, trust, NOW).valid


def _fields() -> dict[str, Any]:
    return {name: getattr(CLAIMS, name) for name in CLAIMS.__slots__}


def test_parts_of_two_genuine_codes_do_not_fit_together(trust: Path) -> None:
    other = qr.text(qr.Claims(**{**_fields(), "holder": "李四"}), KEY, KID)
    assert verify_qr(other, trust, NOW).valid
    protected, _, payload, signature = parts(TEXT)
    _, _, payload2, signature2 = parts(other)
    for mixed in (packed(protected, {}, payload, signature2),
                  packed(protected, {}, payload2, signature)):  # fmt: skip
        assert verify_qr(mixed, trust, NOW).reason is Reason.CHANGED
    half = len(TEXT) // 2
    assert not verify_qr(TEXT[:half] + other[half:], trust, NOW).valid


@pytest.mark.parametrize(
    "rewrap",
    [
        lambda p, u, b, s: packed(p, {1: 1}, b, s),  # an unsigned header
        lambda p, u, b, s: packed(p, u, b, s, tag=98),
        lambda p, u, b, s: packed(p, u, b, s, b""),
        lambda p, u, b, s: packed(cbor2.dumps({4: KID, 1: -8}), u, b, s),
        lambda p, u, b, s: packed(list(p), u, b, s),
        lambda p, u, b, s: packed(p, u, b.hex(), s),
        lambda p, u, b, s: packed(p, u, b, s + b"\0"),
        lambda p, u, b, s: packed(p, u, b, b""),
        lambda p, u, b, s: packed(b"", u, b, s),
    ],
)
def test_only_the_one_encoding_is_accepted(trust: Path, rewrap: Callable[..., str]) -> None:
    assert verify_qr(rewrap(*parts(TEXT)), trust, NOW).reason is Reason.CHANGED


def test_another_algorithm_is_not_accepted_even_when_signed(trust: Path) -> None:
    weak = signed(parts(TEXT)[2], cbor2.dumps({1: -7, 4: KID}))
    assert verify_qr(weak, trust, NOW).reason is Reason.CHANGED


def test_a_stranger_s_key_is_unknown_and_with_our_name_is_forgery(trust: Path) -> None:
    stranger = Ed25519PrivateKey.generate()
    assert verify_qr(qr.text(CLAIMS, stranger, b"stranger"), trust, NOW).reason is (
        Reason.UNKNOWN_ISSUER
    )
    assert verify_qr(qr.text(CLAIMS, stranger, KID), trust, NOW).reason is Reason.CHANGED


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (ISSUED - 3600, Reason.NOT_YET_VALID),
        (ISSUED - 60, Reason.OK),  # clocks differ a little
        (CLAIMS.valid_until, Reason.OK),
        (CLAIMS.valid_until + 1, Reason.EXPIRED),
    ],
)
def test_a_code_has_its_time(trust: Path, moment: int, reason: Reason) -> None:
    verdict = verify_qr(TEXT, trust, NOW.fromtimestamp(moment, CHINA))
    assert verdict.reason is reason
    assert verdict.claims["holder"] == "张小满"  # told also when expired


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff",
        cbor2.dumps([1, 2]),
        cbor2.dumps({}),
        cbor2.dumps({**WORDS, 4: "x", 6: 1}),
        cbor2.dumps({**WORDS, 4: True, 6: 1}),
        cbor2.dumps({**WORDS, 4: 1 << 20_000, 6: 1}),  # longer than Python prints
    ],
)
def test_signed_but_no_claims_is_not_a_certificate(trust: Path, payload: bytes) -> None:
    assert verify_qr(signed(payload), trust, NOW).reason is Reason.NOT_A_CERTIFICATE


def test_times_beyond_any_calendar_are_no_trouble(trust: Path) -> None:
    text = qr.text(qr.Claims(**{**_fields(), "issued": -(2**60), "valid_until": 2**60}), KEY, KID)
    assert verify_qr(text, trust, NOW).valid


@pytest.mark.parametrize("text", ["", "KC1", "kc1:AAA", "HC1:" + TEXT[4:], "https://example.org"])
def test_other_codes_are_not_certificates(trust: Path, text: str) -> None:
    assert verify_qr(text, trust, NOW).reason is Reason.NOT_A_CERTIFICATE


@pytest.mark.parametrize(
    "content", [None, "", "[]", "{", '{"xx": "00"}', '{"00": 1}', "null", "[" * 100_000]
)
def test_without_keys_nothing_is_known(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "keys.json").write_text(content)
    assert verify_qr(TEXT, tmp_path, NOW).reason is Reason.NO_TRUST


@given(st.text(max_size=300), st.sampled_from(["", "KC1:"]))
@settings(deadline=None)
def test_any_text_gets_a_verdict(trust: Path, text: str, head: str) -> None:
    assert not verify_qr(head + text, trust, NOW).valid


@given(st.binary(max_size=300))
@settings(max_examples=500, deadline=None)
def test_any_message_gets_a_verdict(trust: Path, message: bytes) -> None:
    text = "KC1:" + base45.b45encode(b"\xd2\x84" + message).decode()
    assert verify_qr(text, trust, NOW).reason in (Reason.CHANGED, Reason.UNKNOWN_ISSUER)


@pytest.mark.parametrize("place", ["kid", "payload", "signature"])
def test_a_number_in_place_of_bytes_costs_no_memory(trust: Path, place: str) -> None:
    """Few characters can name a number of some thousand million bytes."""
    many = 1 << 27
    kid = many if place == "kid" else KID
    payload, signature = (many if place == part else b"" for part in ("payload", "signature"))
    text = packed(cbor2.dumps({1: -8, 4: kid}), {}, payload, signature)
    tracemalloc.start()
    try:
        assert verify_qr(text, trust, NOW).reason is Reason.CHANGED
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_deeply_nested_messages_are_no_trouble(trust: Path) -> None:
    for message in NESTED:
        text = "KC1:" + base45.b45encode(message).decode()
        assert verify_qr(text, trust, NOW).reason is Reason.CHANGED


def test_a_verdict_shows_nothing_of_the_citizen_when_printed(trust: Path) -> None:
    shown = repr(verify_qr(TEXT, trust, NOW))
    assert "张小满" not in shown
    assert "2043" not in shown
