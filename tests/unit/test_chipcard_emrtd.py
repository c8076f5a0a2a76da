"""Passports' bytes against what ICAO has printed, and against cards that do not play along."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from drivers.chipcard import lds, mrz, tlv
from drivers.chipcard.apdu import LinkFault
from drivers.chipcard.authority import Authority
from drivers.chipcard.bac import Handshake, access_keys
from drivers.chipcard.emulation_passport import PassportEmulation, groups_of
from drivers.chipcard.messaging import Keys, SecureMessaging
from drivers.chipcard.reading import read_card
from drivers.chipcard.samples import SAMPLES, Passport
from drivers.chipcard.trust import Doubt, check
from kiosk.model import CardFault, IdCard

TODAY = date(2026, 11, 21)
FIXTURES = Path(__file__).parents[1] / "fixtures" / "chipcard"
ICAO: dict[str, Any] = json.loads((FIXTURES / "icao_9303_11_appendix_d.json").read_text())
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = (
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
)
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
TD2_LONG = "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8"


def of(name: str) -> bytes:
    return bytes.fromhex(ICAO[name])


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("UT")


class Wire:
    """A card in memory. `spoil` may change an answer on its way."""

    t0 = False

    def __init__(
        self, card: PassportEmulation, spoil: Callable[[bytes, bytes], bytes | LinkFault]
    ) -> None:
        self.atr = card.atr
        self._card = card
        self._spoil = spoil

    def transmit(self, command: bytes) -> bytes | LinkFault:
        return self._spoil(command, self._card.answer(command))


def sample(name: str) -> Passport:
    found = SAMPLES[name]
    assert isinstance(found, Passport)
    return found


# ---- ICAO 9303-11, Appendix D --------------------------------------------------------------------


def test_access_keys_are_icaos() -> None:
    keys = access_keys(ICAO["mrz_key"])
    assert (keys.encryption, keys.mac) == (of("encryption_key"), of("mac_key"))


def test_the_handshake_is_icaos() -> None:
    handshake = Handshake(access_keys(ICAO["mrz_key"]), of("challenge"), of("seed"))
    assert handshake.request(of("card_challenge")) == of("request")
    assert handshake.session(of("card_challenge"), of("answer")) is not None
    assert handshake.session(of("challenge"), of("answer")) is None


def test_protected_commands_and_answers_are_icaos() -> None:
    handshake = Handshake(access_keys(ICAO["mrz_key"]), of("challenge"), of("seed"))
    agreed = handshake.session(of("card_challenge"), of("answer"))
    assert agreed is not None
    keys = Keys(of("session_encryption_key"), of("session_mac_key"))
    for session in (agreed, SecureMessaging(keys, of("session_counter"))):
        for one in ICAO["exchanges"]:
            header, data = bytes.fromhex(one["header"]), bytes.fromhex(one["data"])
            protected = session.protect(header, data, one["expected"])
            assert protected == bytes.fromhex(one["protected"])
            opened = session.unprotect(bytes.fromhex(one["answer"]))
            assert opened is not None
            assert (opened.data, opened.status) == (bytes.fromhex(one["plain"]), 0x9000)


def test_no_byte_of_a_protected_answer_can_be_changed() -> None:
    keys, counter = Keys(of("session_encryption_key"), of("session_mac_key")), of("session_counter")
    one = ICAO["exchanges"][0]
    answer = bytes.fromhex(one["answer"])
    for place in range(len(answer)):
        session = SecureMessaging(keys, counter)
        session.protect(bytes.fromhex(one["header"]), bytes.fromhex(one["data"]))
        changed = answer[:place] + bytes([answer[place] ^ 1]) + answer[place + 1 :]
        assert session.unprotect(changed) is None


# ---- The printed page ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "key", "surname", "given"),
    [
        (TD3, "L898902C3674081221204159", "ERIKSSON", "ANNA MARIA"),
        (TD1, "D23145890774081221204159", "ERIKSSON", "ANNA MARIA"),
        (TD2, "D23145890774081221204159", "ERIKSSON", "ANNA MARIA"),
        (TD2_LONG, "D23145890734934071279507122", "STEVENSON", "PETER JOHN"),
    ],
)
def test_icaos_specimens_are_parsed(lines: str, key: str, surname: str, given: str) -> None:
    for text in (lines, lines.replace("\n", ""), lines.lower(), f" {lines}\r\n"):
        found = mrz.parse(text)
        assert found is not None
        assert (found.key, found.surname, found.given) == (key, surname, given)
        assert surname not in repr(found)


@pytest.mark.parametrize("lines", [TD3, TD1, TD2])
def test_a_misread_digit_is_noticed(lines: str) -> None:
    for place, character in enumerate(lines):
        if character.isdigit():
            wrong = str((int(character) + 1) % 10)
            assert mrz.parse(lines[:place] + wrong + lines[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "P<", TD3[:-1], TD3 + "<", TD3.replace("<", "，"), "٣" * 88])
def test_what_is_no_page_is_none(text: str) -> None:
    assert mrz.parse(text) is None


def test_dates_have_their_century() -> None:
    assert mrz.birth_date("740812", TODAY) == date(1974, 8, 12)
    assert mrz.birth_date("261121", TODAY) == TODAY
    assert mrz.birth_date("261122", TODAY) == date(1926, 11, 22)
    assert mrz.expiry_date("310519") == date(2031, 5, 19)
    for untold in ("<<<<<<", "74<<<<", "741399", ""):
        assert mrz.birth_date(untold, TODAY) is None
        assert mrz.expiry_date(untold) is None


# ---- Files of the chip ---------------------------------------------------------------------------


def test_the_portrait_is_found_behind_feature_points_and_in_other_records() -> None:
    image = b"\xff\xd8\xff\xe0 picture \xff\xd9"
    points = 3
    face = (20 + points * 8 + 12 + len(image)).to_bytes(4, "big") + points.to_bytes(2, "big")
    record = b"FAC\x00010\x00" + bytes(6) + face + bytes(14 + points * 8 + 12) + image + b"rest"
    for block, found in ((record, image), (b"39794" + image, image), (b"nothing", b"")):
        template = tlv.build(0x7F60, tlv.build(0x5F2E, block))
        dg2 = tlv.build(0x75, tlv.build(0x7F61, tlv.build(0x02, b"\x01") + template))
        assert lds.portrait_of(dg2) == found


def test_the_list_of_groups_names_known_ones() -> None:
    com = tlv.build(0x60, tlv.build(0x5F01, b"0107") + tlv.build(0x5C, b"\x61\x75\x6b\x99"))
    assert lds.groups_of(com) == frozenset({1, 2, 11})
    assert lds.groups_of(b"\x60\x00") is None


@pytest.mark.parametrize(
    ("told", "day"),
    [(b"20210520", date(2021, 5, 20)), (b"\x20\x21\x05\x20", date(2021, 5, 20)), (b"2021", None),
     (b"20211399", None), ("２０２１".encode(), None)],
)  # fmt: skip
def test_the_day_of_issue_has_two_forms(told: bytes, day: date | None) -> None:
    assert lds.issued_of(tlv.build(0x6C, tlv.build(0x5F26, told))) == day


# ---- Who signed ----------------------------------------------------------------------------------


def test_signed_groups_are_trusted_and_any_change_is_told(authority: Authority) -> None:
    groups = groups_of(sample("passport_zhang"))
    sod, issuers = authority.sign(groups), [authority.certificate]
    assert check(sod, groups, issuers) is None
    assert check(sod, {1: groups[1]}, issuers) is None, "not every group need be read"
    assert check(sod, groups | {2: groups[2] + b"\0"}, issuers) is Doubt.ALTERED
    assert check(sod, groups | {3: b"more"}, issuers) is Doubt.ALTERED
    assert check(sod, groups, ()) is Doubt.UNKNOWN_ISSUER
    assert check(sod, groups, [Authority("UT").certificate]) is Doubt.UNKNOWN_ISSUER
    assert check(sod[:-1], groups, issuers) is Doubt.MALFORMED


def test_a_security_object_of_another_signer_does_not_verify(authority: Authority) -> None:
    """Hashes of one, the signature of another: as if someone had put his own hashes in."""
    groups = groups_of(sample("passport_eriksson"))
    sod = authority.sign(groups)
    digest = sod.find(b"\x02\x01\x01\x04\x20") + 5
    forged_group = b"forged"
    forged = sod[:digest] + hashlib.sha256(forged_group).digest() + sod[digest + 32 :]
    altered = {1: forged_group, 2: groups[2]}
    assert check(forged, altered, [authority.certificate]) is Doubt.BAD_SIGNATURE


@pytest.mark.parametrize("kind", [0, 2, 3])  # CertificateChoices' tags (RFC 5652, 10.2.2)
def test_certificates_of_other_kinds_are_passed_over(authority: Authority, kind: int) -> None:
    groups = groups_of(sample("passport_zhang"))
    sod = authority.sign(groups)
    signed = tlv.parse(tlv.find(sod, 0x77, 0x30, 0xA0, 0x30) or b"") or ()
    own = tlv.find(sod, 0x77, 0x30, 0xA0, 0x30, 0xA0, 0x30) or b""
    for body in (own, b"\x06\x01\x2a"):
        both = tlv.build(0xA0 | kind, body) + tlv.build(0x30, own)
        parts = [(tag, both if tag == 0xA0 else value) for tag, value in signed]
        content = tlv.build(0x30, b"".join(tlv.build(*part) for part in parts))
        info = tlv.build(0x06, tlv.find(sod, 0x77, 0x30, 0x06) or b"") + tlv.build(0xA0, content)
        again = tlv.build(0x77, tlv.build(0x30, info))
        assert check(again, groups, [authority.certificate]) is None


# ---- A whole read --------------------------------------------------------------------------------


def read(
    authority: Authority,
    spoil: Callable[[bytes, bytes], bytes | LinkFault] = lambda _command, answer: answer,
    issuers: list[x509.Certificate] | None = None,
    change: Callable[[dict[int, bytes]], object] = lambda _files: None,
) -> IdCard | CardFault | LinkFault:
    card = PassportEmulation(sample("passport_zhang"), authority.sign)
    change(card.files)
    access = "\n".join(sample("passport_zhang").mrz)
    return read_card(Wire(card, spoil), access, TODAY, issuers)


def test_the_emulated_passport_keeps_its_files_closed_without_access(authority: Authority) -> None:
    card = PassportEmulation(sample("passport_zhang"), authority.sign)
    assert card.answer(bytes.fromhex("00A4020C020101")) == b"\x6a\x82"
    assert card.answer(bytes.fromhex("00A4040C07A0000002471001")) == b"\x90\x00"
    assert card.answer(bytes.fromhex("00A4020C020101")) == b"\x69\x82"
    assert card.answer(bytes.fromhex("00B0810008")) == b"\x69\x82"
    assert card.answer(bytes.fromhex("0CB0000000")) == b"\x69\x88"


def test_it_is_read_and_its_issuer_counts_once_issuers_are_given(authority: Authority) -> None:
    assert isinstance(read(authority), IdCard)
    assert isinstance(read(authority, issuers=[authority.certificate]), IdCard)
    assert read(authority, issuers=[]) is CardFault.REFUSED


@pytest.mark.parametrize("fault", list(LinkFault))
@pytest.mark.parametrize("after", [0, 3, 20])
def test_a_link_that_breaks_off_says_how(
    authority: Authority, fault: LinkFault, after: int
) -> None:
    count = iter(range(10_000))
    assert read(authority, lambda _c, answer: fault if next(count) >= after else answer) is fault


@pytest.mark.parametrize(
    ("file", "content"),
    [
        (lds.COM, b""),
        (lds.COM, tlv.build(0x60, tlv.build(0x5C, b"\x75"))),
        (0x0101, b"\x61\x84\xff\xff\xff\xff" + bytes(40)),
        (0x0101, b"\x61\x83\x00\xff\xff" + bytes(0xFFFF)),  # larger than is read
        (0x0101, tlv.build(0x61, b"")[:1]),
    ],
)
def test_files_that_lie_about_themselves_are_unreadable(
    authority: Authority, file: int, content: bytes
) -> None:
    told = read(authority, change=lambda files: files.update({file: content}))
    assert told is CardFault.UNREADABLE


def test_a_portrait_that_is_too_large_is_left_out(authority: Authority) -> None:
    def change(files: dict[int, bytes]) -> None:
        files[0x0102] = tlv.build(0x75, bytes(lds.MAX_FILE))
        files[lds.SOD] = authority.sign(
            {number: files[0x0100 | number] for number in (1, 2, 11, 12)}
        )

    card = read(authority, change=change, issuers=[authority.certificate])
    assert isinstance(card, IdCard)
    assert card.photo == b""


def test_a_chip_of_another_page_is_refused(authority: Authority) -> None:
    """It opens with the page's keys and then says that it is somebody else's."""
    other = PassportEmulation(sample("passport_eriksson"), authority.sign)

    def change(files: dict[int, bytes]) -> None:
        files[0x0101] = other.files[0x0101]
        groups = {number: files[0x0100 | number] for number in (1, 2, 11, 12)}
        files[lds.SOD] = authority.sign(groups)

    assert read(authority, change=change) is CardFault.REFUSED


@pytest.mark.parametrize("status", [b"\x69\x85", b"\x6f\x00", b"\x63\x00", b"\x90\x00"])
def test_a_card_that_refuses_the_handshake_refuses(authority: Authority, status: bytes) -> None:
    told = read(authority, lambda c, answer: status if c[1] == 0x82 else answer)
    assert told is CardFault.REFUSED
