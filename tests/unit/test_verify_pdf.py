"""Checking a sealed PDF: the genuine one is valid, anything else is not, and nothing raises."""

from __future__ import annotations

import asyncio
import io
import json
import random
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from certificatework import APPLICANT, AUTHORITY, NUMBER, facts, item
from fleet.certificates import qr, trustlist
from fleet.certificates.compose import Composer
from fleet.certificates.sheet import compose
from fleet.certificates.template import load
from kiosk.certificates import Reason, verify_pdf, verify_qr
from paperwork import NOW, case, platform

REJECTED = {Reason.CHANGED, Reason.UNREADABLE, Reason.NOT_A_CERTIFICATE, Reason.UNKNOWN_ISSUER}


@dataclass(frozen=True)
class Made:
    pdf: bytes
    other: bytes  # another person's
    trust: Path

    @property
    def gap(self) -> tuple[int, int]:
        """Where the signature's container lies, which no signature covers."""
        reader = PdfFileReader(io.BytesIO(self.pdf))
        _, start, end, _ = reader.embedded_signatures[0].byte_range
        return start, end


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    home = tmp_path_factory.mktemp("made")
    sample = platform(home)
    pdf = sample.decide(case("V1")).certificate
    other = sample.decide(case("V2", name="李䶮", born="19800101")).certificate
    return Made(pdf, other, home / "trust")


def flipped(pdf: bytes, position: int, bit: int) -> bytes:
    changed = bytearray(pdf)
    changed[position] ^= 1 << bit
    return bytes(changed)


def test_the_genuine_file_is_valid(made: Made) -> None:
    verdict = verify_pdf(made.pdf, made.trust, NOW)
    assert verdict.reason is Reason.OK
    assert [label for label, _, _ in verdict.summary][:4] == ["编号", "机关", "姓名", "证件号码"]


async def test_it_can_be_checked_while_an_event_loop_runs(made: Made) -> None:
    assert asyncio.get_running_loop().is_running()
    assert verify_pdf(made.pdf, made.trust, NOW).valid


def test_every_changed_bit_of_the_signed_part_is_rejected(made: Made) -> None:
    start, end = made.gap
    places = random.Random(7)
    covered = [*range(start), *range(end, len(made.pdf))]
    for position in [0, start - 1, end, len(made.pdf) - 1, *places.sample(covered, 200)]:
        verdict = verify_pdf(flipped(made.pdf, position, places.randrange(8)), made.trust, NOW)
        assert verdict.reason in REJECTED, position
        assert verdict.claims == {}


def test_every_changed_bit_of_the_signature_itself_is_rejected(made: Made) -> None:
    """Also where it means nothing: in letter case, in the padding, in unsigned fields."""
    start, end = made.gap
    places = random.Random(8)
    used = len(made.pdf[start:end].rstrip(b"0>"))
    digits = places.sample(range(start, start + used), 250)
    padding = places.sample(range(start + used, end), 30)
    for position in [start, end - 1, *digits, *padding]:
        verdict = verify_pdf(flipped(made.pdf, position, places.randrange(8)), made.trust, NOW)
        assert verdict.reason in REJECTED, position


def test_hex_digits_in_small_letters_are_rejected(made: Made) -> None:
    start, end = made.gap
    changed = made.pdf[:start] + made.pdf[start:end].lower() + made.pdf[end:]
    assert verify_pdf(changed, made.trust, NOW).reason is Reason.CHANGED


@pytest.mark.parametrize("tail", [b"\n", b"%", b"\0", b"\n%%EOF\n", b"x" * 5000])
def test_an_added_byte_is_rejected(made: Made, tail: bytes) -> None:
    assert verify_pdf(made.pdf + tail, made.trust, NOW).reason in REJECTED
    assert verify_pdf(b"%PDF-1.7\n" + made.pdf, made.trust, NOW).reason in REJECTED


def test_an_addition_that_pdf_allows_is_rejected(made: Made) -> None:
    """An incremental update leaves every signed byte as it was, and may show another page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(made.pdf))
    note = generic.DictionaryObject({generic.NameObject("/Note"): generic.pdf_string("forged")})
    writer.root["/Forged"] = writer.add_object(note)
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(made.pdf)
    assert verify_pdf(out.getvalue(), made.trust, NOW).reason is Reason.CHANGED


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_short_is_rejected(made: Made, share: float) -> None:
    cut = made.pdf[: int(len(made.pdf) * share)]
    assert verify_pdf(cut, made.trust, NOW).reason in REJECTED


def test_the_signature_of_another_certificate_does_not_fit(made: Made) -> None:
    start, end = made.gap
    reader = PdfFileReader(io.BytesIO(made.other))
    _, first, last, _ = reader.embedded_signatures[0].byte_range
    spliced = made.pdf[:start] + made.other[first:last] + made.pdf[end:]
    assert verify_pdf(spliced, made.trust, NOW).reason is Reason.CHANGED


def test_another_fleet_s_certificate_is_of_an_unknown_issuer(made: Made, tmp_path: Path) -> None:
    stranger = platform(tmp_path).decide(case("V1")).certificate
    assert verify_pdf(stranger, made.trust, NOW).reason is Reason.UNKNOWN_ISSUER
    assert verify_pdf(stranger, tmp_path / "trust", NOW).valid


def test_a_known_code_under_a_stranger_s_seal_is_rejected(made: Made, tmp_path: Path) -> None:
    """The code inside may be genuine, copied from another paper: the seal must be too."""
    stranger = platform(tmp_path).decide(case("V1")).certificate
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    shutil.copy(tmp_path / "trust/keys.json", mixed)
    shutil.copy(made.trust / "root.pem", mixed)
    assert verify_pdf(stranger, mixed, NOW).reason is Reason.UNKNOWN_ISSUER


def test_the_given_time_counts_not_the_machine_s(tmp_path: Path) -> None:
    long_ago = NOW.replace(year=2010)
    paper = platform(tmp_path, now=long_ago).decide(case("V1")).certificate
    assert verify_pdf(paper, tmp_path / "trust", long_ago).valid
    assert verify_pdf(paper, tmp_path / "trust").reason is Reason.EXPIRED


def test_a_pdf_without_a_seal_is_not_a_certificate(made: Made) -> None:
    kind = "insurance"
    said = compose(load(kind), item(kind), APPLICANT, facts(kind), NUMBER, AUTHORITY, NOW.date())
    page = Composer().page(msgspec.structs.replace(said, qr="KC1:", qr_svg=qr.svg("KC1:")), NOW)
    assert verify_pdf(page, made.trust, NOW).reason is Reason.NOT_A_CERTIFICATE


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        (-2, Reason.NOT_YET_VALID),
        (0, Reason.OK),
        (90, Reason.OK),
        (91, Reason.EXPIRED),
        (365 * 12, Reason.EXPIRED),  # the seal's own certificate has ended too
    ],
)
def test_a_certificate_has_its_time(made: Made, days: int, reason: Reason) -> None:
    assert verify_pdf(made.pdf, made.trust, NOW + timedelta(days=days)).reason is reason


@pytest.mark.parametrize("broken", ["root.pem", "anchors.json", "list.cose"])
@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN CERTIFICATE-----\n", b"[1]", b"\xff"])
def test_without_trust_nothing_is_known(
    made: Made, tmp_path: Path, broken: str, content: bytes | None
) -> None:
    trust = shutil.copytree(made.trust, tmp_path / "trust")
    (trust / broken).unlink()
    if broken == "anchors.json" and content is None:
        (trust / "keys.json").unlink()  # without anchors there is no list, and these keys would do
    if content is not None:
        (trust / broken).write_bytes(content)
    assert verify_pdf(made.pdf, trust, NOW).reason is Reason.NO_TRUST


def test_a_withdrawn_code_key_withdraws_its_certificates(made: Made, tmp_path: Path) -> None:
    shutil.copytree(made.trust.parent, tmp_path / "home")
    fleet, trust = tmp_path / "home/fleet", tmp_path / "home/trust"
    [kid] = json.loads((trust / "keys.json").read_bytes())
    trustlist.revoke_key(fleet, trust, NOW, bytes.fromhex(kid))
    assert verify_pdf(made.pdf, trust, NOW).reason is Reason.KEY_REVOKED


def test_a_revoked_certificate_is_not_valid_and_others_are(made: Made, tmp_path: Path) -> None:
    shutil.copytree(made.trust.parent, tmp_path / "home")
    fleet, trust = tmp_path / "home/fleet", tmp_path / "home/trust"
    number = str(verify_pdf(made.pdf, trust, NOW).claims["number"])
    trustlist.revoke(fleet, trust, NOW, [number])
    assert verify_pdf(made.pdf, trust, NOW).reason is Reason.REVOKED
    assert verify_pdf(made.other, trust, NOW).reason is Reason.OK


@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.7\n", b"%PDF-2.0\nstartxref\n0\n"]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_get_a_verdict(made: Made, rubbish: bytes, head: bytes) -> None:
    assert verify_pdf(head + rubbish, made.trust, NOW).reason in REJECTED


@given(st.integers(0, 10**9), st.integers(1, 4000), st.binary(max_size=60))
@settings(max_examples=80, deadline=None)
def test_a_mangled_certificate_gets_a_verdict(
    made: Made, place: int, length: int, instead: bytes
) -> None:
    place %= len(made.pdf)
    mangled = made.pdf[:place] + instead + made.pdf[place + length :]
    if mangled != made.pdf:
        assert verify_pdf(mangled, made.trust, NOW).reason in REJECTED


def test_the_file_carries_the_code_that_is_printed_on_it(made: Made) -> None:
    keywords = PdfFileReader(io.BytesIO(made.pdf)).trailer_view["/Info"]["/Keywords"]
    assert verify_qr(str(keywords), made.trust, NOW) == verify_pdf(made.pdf, made.trust, NOW)
