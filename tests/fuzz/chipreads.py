"""Whole reads: cards that say whatever they like, and passports with any files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from given import FIXTURES, Given, counted

from drivers.chipcard import lds, tlv
from drivers.chipcard.apdu import LinkFault
from drivers.chipcard.authority import Authority
from drivers.chipcard.emulation_passport import PassportEmulation
from drivers.chipcard.reading import read_card
from drivers.chipcard.samples import SAMPLES, Passport
from kiosk.model import CardFault, IdCard

TODAY = date(2026, 11, 21)
FAULTS = list(LinkFault)
MOST = 4000  # exchanges of one read
LONGEST = 3000  # bytes of a file: each 231 of them are one exchange
PLACES = (lds.COM, lds.SOD, *(lds.file_of(group) for group in (1, 2, 11, 12)))
PASSPORT = SAMPLES["passport_zhang"]


class Speaking:
    """Answers with counted bytes; then it is gone."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self.t0 = bool(given.number() & 1)
        self.atr = given.some()
        self.count = 0

    def transmit(self, _command: bytes) -> bytes | LinkFault:
        self.count += 1
        return self._given.some() if self._given else LinkFault.GONE


def chip_talk(data: bytes) -> None:
    link = Speaking(Given(data))
    told = read_card(link, "", TODAY)
    assert isinstance(told, IdCard | CardFault | LinkFault)
    assert link.count <= MOST


class Sound:
    """A whole passport behind BAC."""

    t0 = False

    def __init__(self, card: PassportEmulation) -> None:
        self.atr = card.atr
        self._card = card
        self.count = 0

    def transmit(self, command: bytes) -> bytes | LinkFault:
        self.count += 1
        return self._card.answer(command)


def chip_passport(data: bytes) -> None:
    """Files that are the fuzzer's, read through a sound session; signed, if it wants so."""
    given = Given(data)
    assert isinstance(PASSPORT, Passport)
    authority, card, sound = _sound()
    given_files, sign = given.number(), given.number() & 1
    files = {
        place: given.some(2)[:LONGEST] if given_files >> number & 1 else sound[place]
        for number, place in enumerate(PLACES)
    }
    if sign:
        files[lds.SOD] = authority.sign({place & 0xFF: files[place] for place in PLACES[2:]})
    card.files = files
    link = Sound(card)
    told = read_card(link, "\n".join(PASSPORT.mrz), TODAY)
    assert isinstance(told, IdCard | CardFault | LinkFault)
    assert link.count <= MOST


@cache
def _sound() -> tuple[Authority, PassportEmulation, Mapping[int, bytes]]:
    """With a small portrait."""
    assert isinstance(PASSPORT, Passport)
    authority = Authority("UT")
    card = PassportEmulation(PASSPORT, authority.sign)
    small = tlv.build(0x7F60, tlv.build(0x5F2E, b"\xff\xd8\xff"))
    card.files[lds.file_of(2)] = tlv.build(0x75, tlv.build(0x7F61, small))
    card.files[lds.SOD] = authority.sign({place & 0xFF: card.files[place] for place in PLACES[2:]})
    return authority, card, dict(card.files)


def _talks() -> list[bytes]:
    seeds = []
    for name in ("social_li", "social_zhang", "bank"):
        told: dict[str, Any] = json.loads((FIXTURES / "chipcard" / f"{name}.json").read_text())
        answers = [bytes.fromhex(said) for _, said in told["exchanges"]]
        t0 = bytes([told["protocol"] == "T=0"])
        seeds.append(t0 + counted(bytes.fromhex(told["atr"]), *answers))
    return seeds


def _passports() -> list[bytes]:
    _, _, files = _sound()
    listed, signed = (counted(files[place], size=2) for place in PLACES[:2])
    groups = [counted(files[place], size=2) for place in PLACES[2:]]
    return [b"\x00\x00", b"\x01\x00" + listed, b"\x02\x00" + signed,
            b"\x3c\x01" + b"".join(groups), b"\x01\x00\xff\xff\x61\x83\x7f\xff\xff"]  # fmt: skip


SEEDS = {"chip_talk": _talks, "chip_passport": _passports}
