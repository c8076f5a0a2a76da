"""Chip cards: objects, answers to reset, printed pages, files, sealed answers, signatures."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

from given import FIXTURES, Given, text

from drivers.chipcard import atr, lds, mrz, tlv
from drivers.chipcard.apdu import Response
from drivers.chipcard.authority import Authority
from drivers.chipcard.bac import Handshake, access_keys
from drivers.chipcard.emulation_passport import groups_of
from drivers.chipcard.messaging import CHECKSUM, CRYPTOGRAM, STATUS, Keys, SecureMessaging
from drivers.chipcard.samples import SAMPLES, Passport
from drivers.chipcard.trust import Doubt, check

TODAY = date(2026, 11, 21)
ALPHABET = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
KEYS = Keys(bytes(range(16)), bytes(range(16, 32)))
PASSPORTS = [sample for sample in SAMPLES.values() if isinstance(sample, Passport)]


def chip_tlv(data: bytes) -> None:
    objects = tlv.parse(data)
    if objects is not None:
        assert sum(len(one.value) for one in objects) <= len(data)
        built = b"".join(tlv.build(*one) for one in objects)
        assert tlv.parse(built) == objects
    for path in ((0x60, 0x5C), (0x61, 0x5F1F), (0x75, 0x7F61, 0x7F60, 0x5F2E)):
        found = tlv.find(data, *path)
        assert found is None or found in data
    size = tlv.whole_size(data)
    assert size is None or 2 <= size <= tlv.MAX_LENGTH + 7
    reset = atr.parse(data)
    assert reset is None or (len(reset.historical) <= 15 and reset.protocols)


# By the length of the page: what is counted, and where its digit stands; the last is of several.
CHECKED = {
    88: ((44, 53), (57, 63), (65, 71), (72, 86)),
    72: ((36, 45), (49, 55), (57, 63)),
    90: ((5, 14), (30, 36), (38, 44)),
}
ALL_CHECKED = {
    88: (((44, 54), (57, 64), (65, 87)), 87),
    72: (((36, 46), (49, 56), (57, 71)), 71),
    90: (((5, 30), (30, 37), (38, 45), (48, 59)), 59),
}


def chip_mrz(data: bytes) -> None:
    """As it is, and with the right check digits."""
    page = text(data)
    _page(page)
    letters = [one if one in ALPHABET else mrz.FILLER for one in "".join(page.split()).upper()]
    if len(letters) in CHECKED:
        for start, place in CHECKED[len(letters)]:
            if letters[place] != mrz.FILLER:  # a long number goes on elsewhere
                letters[place] = mrz.check_digit("".join(letters[start:place]))
        spans, place = ALL_CHECKED[len(letters)]
        letters[place] = mrz.check_digit("".join("".join(letters[a:b]) for a, b in spans))
        _page("".join(letters))


def _page(page: str) -> None:
    """What is told is in the page; and the keys can be made of it."""
    found = mrz.parse(page)
    if found is None:
        return
    access_keys(found.key)
    birth, expiry = mrz.birth_date(found.birth, TODAY), mrz.expiry_date(found.expiry)
    assert birth is None or birth <= TODAY
    assert expiry is None or 2000 <= expiry.year < 2100
    assert mrz.parse("".join(page.split()).lower()) == found


def chip_files(data: bytes) -> None:
    """As they are; and what is within them, in sound envelopes."""
    files = [data]
    for path in ((0x60, 0x5C), (0x61, 0x5F1F), (0x6B, 0x5F0E), (0x6C, 0x5F26), _FACE):
        wrapped = data
        for tag in reversed(path):
            wrapped = tlv.build(tag, wrapped)
        files.append(wrapped)
    for file in files:
        groups = lds.groups_of(file)
        assert groups is None or groups <= set(range(1, 17))
        zone = lds.mrz_of(file)
        assert zone is None or zone.isascii()
        assert lds.portrait_of(file) in file
        assert len(lds.full_name_of(file)) <= len(file)
        assert isinstance(lds.issued_of(file), date | None)


_FACE = (0x75, 0x7F61, 0x7F60, 0x5F2E)


def chip_messaging(data: bytes) -> None:
    """Bytes as an answer; then sealed with the right keys, as a card's own mistakes are."""
    assert _session().unprotect(data) is None
    given = Given(data)
    sealing = _session()
    body = given.pick([b"", sealing.seal(given.some())]) + tlv.build(STATUS, given.take(2))
    value = given.some()
    body += given.pick([b"", tlv.build(CRYPTOGRAM, value), tlv.build(0x85, value), value])
    answer = body + tlv.build(CHECKSUM, sealing.mac(body))
    opened = _session().unprotect(answer)
    assert opened is None or (isinstance(opened, Response) and len(opened.data) <= len(answer))
    handshake = Handshake(KEYS, bytes(8), bytes(16))
    assert handshake.session(bytes(8), given.rest()) is None


def _session() -> SecureMessaging:
    return SecureMessaging(KEYS, bytes(8))


def chip_trust(data: bytes) -> None:
    """Nothing but the signed object itself is trusted with other groups than were signed."""
    authority, _, groups = _signed()
    for sod in (data, tlv.build(0x77, data)):
        doubt = check(sod, groups, [authority.certificate])
        assert doubt is None or isinstance(doubt, Doubt)
        changed = {**groups, 2: groups[2] + b"\0"}
        assert check(sod, changed, [authority.certificate]) is not None


@cache
def _signed() -> tuple[Authority, bytes, dict[int, bytes]]:
    authority, groups = Authority("UT"), groups_of(PASSPORTS[0])
    return authority, authority.sign(groups), groups


def _atrs() -> list[bytes]:
    names = ("bank", "social_li", "social_zhang")
    told = [json.loads((FIXTURES / "chipcard" / f"{name}.json").read_text()) for name in names]
    return [bytes.fromhex(one["atr"]) for one in told]


def _files() -> list[bytes]:
    files = [file for sample in PASSPORTS for file in groups_of(sample).values()]
    face = next(file for file in files if file.startswith(b"\x75"))
    record = tlv.find(face, *_FACE) or b""
    short = record[:46] + b"\xff\xd8\xff\xe0 and so on"
    wanted = [b"\x61\x75\x6b\x6c", b"20200229", b"\x20\x20\x02\x29", "张<示例".encode(), short]
    return [*wanted, *(file for file in files if len(file) < 200)]


def _answers() -> list[bytes]:
    told = json.loads((FIXTURES / "chipcard" / "icao_9303_11_appendix_d.json").read_text())
    said = [value for key, value in told.items() if "answer" in key and isinstance(value, str)]
    cut = [b"\x01\x04abcd\x90\x00\x00\x00", b"\x00\x00\x90\x00\x01x\x02"]
    return [*map(bytes.fromhex, said), *cut]


SEEDS = {
    "chip_tlv": lambda: [*_atrs(), *_files()],
    "chip_mrz": lambda: ["\n".join(one.mrz).encode() for one in PASSPORTS],
    "chip_files": _files,
    "chip_messaging": _answers,
    "chip_trust": lambda: [_signed()[1], tlv.find(_signed()[1], 0x77) or b""],
}
