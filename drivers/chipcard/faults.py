"""Sample cards as the simulator's state file wants them: sound, or ailing in one way."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from drivers.chipcard import lds
from drivers.chipcard.authority import Authority
from drivers.chipcard.emulation import DEAD, T0, Contactless, EmulatedCard, Foreign
from drivers.chipcard.emulation_passport import PassportEmulation
from drivers.chipcard.emulation_social import SocialEmulation
from drivers.chipcard.samples import SAMPLES, OtherCard, Passport, SocialCard

_UID = bytes.fromhex("08A1B2C3")
_TOO_LONG_ATR = b"\x3b" * 40  # vpcd takes it for a card that is there and cannot be powered up
_APDUS_BEFORE_TORN = 9
_SECONDS_PER_APDU = 0.02


class SimFault(StrEnum):
    MUTE = "mute"  # the chip gives no answer to reset
    SILENT = "silent"  # answers to reset, then never again
    DEAD = "dead"  # answers every command with an error
    TORN = "torn"  # pulled out amid the read
    SLOW = "slow"
    CUT_SHORT = "cut_short"  # files end before their length says
    BAD_MAC = "bad_mac"  # passports: answers are not sealed with the session's keys
    ALTERED = "altered"  # passports: a data group is not the one that was signed
    FORGED = "forged"  # passports: signed by an authority that nobody knows


class TornError(Exception):
    """The card is away."""


class Card(Protocol):
    """What lies in the reader."""

    @property
    def atr(self) -> bytes: ...

    def reset(self) -> None: ...

    def answer(self, command: bytes) -> bytes | None:
        """None: says nothing, for ever. Raises `TornError`."""


class Ailing:
    def __init__(self, card: EmulatedCard, act: Callable[[bytes, int], bytes | None]) -> None:
        """`act` is given the sound answer, and how many there were before it."""
        self.atr = card.atr
        self._card = card
        self._act = act
        self._count = 0

    def reset(self) -> None:
        self._card.reset()

    def answer(self, command: bytes) -> bytes | None:
        self._count += 1
        return self._act(self._card.answer(command), self._count - 1)


class Mute(Ailing):
    def __init__(self, card: EmulatedCard) -> None:
        super().__init__(card, lambda _answer, _count: None)
        self.atr = _TOO_LONG_ATR


class Authorities:
    """The sample state, whose certificate the simulator publishes, and one that nobody knows."""

    def __init__(self) -> None:
        self.known, self.unknown = Authority("UT"), Authority("XX")


def make(name: str, fault: SimFault | None, authorities: Authorities) -> Card | None:
    """None for a name that no sample has."""
    sample = SAMPLES.get(name)
    if sample is None:
        return None
    card = _emulate(sample, fault, authorities)
    if fault is SimFault.MUTE:
        return Mute(card)
    act = _ACTS.get(fault) if fault else None
    return Ailing(card, act) if act else card


def _emulate(
    sample: SocialCard | Passport | OtherCard, fault: SimFault | None, authorities: Authorities
) -> EmulatedCard:
    if isinstance(sample, OtherCard):
        return Foreign(sample)
    if isinstance(sample, SocialCard):
        social = SocialEmulation(sample)
        return Contactless(social, _UID) if sample.contactless else T0(social)
    authority = authorities.unknown if fault is SimFault.FORGED else authorities.known
    passport = PassportEmulation(sample, authority.sign)
    portrait = lds.file_of(2)
    if fault is SimFault.ALTERED:
        changed = bytearray(passport.files[portrait])
        changed[-1] ^= 1
        passport.files[portrait] = bytes(changed)
    if fault is SimFault.CUT_SHORT:
        passport.files[portrait] = passport.files[portrait][:1000]
    return Contactless(passport, _UID)


def _tear(answer: bytes, count: int) -> bytes:
    if count >= _APDUS_BEFORE_TORN:
        raise TornError
    return answer


def _dawdle(answer: bytes, _count: int) -> bytes:
    time.sleep(_SECONDS_PER_APDU)
    return answer


def _cut(answer: bytes, _count: int) -> bytes:
    """Records of a social security card; a passport's file is cut itself."""
    record = len(answer) > 6 and answer[1] == len(answer) - 4
    return answer[:3] + answer[-2:] if record else answer


def _spoil_mac(answer: bytes, _count: int) -> bytes:
    sealed = len(answer) > 12 and answer[-12:-10] == b"\x8e\x08"
    return answer[:-3] + bytes([answer[-3] ^ 1]) + answer[-2:] if sealed else answer


_ACTS: Mapping[SimFault, Callable[[bytes, int], bytes | None]] = MappingProxyType(
    {
        SimFault.SILENT: lambda _answer, _count: None,
        SimFault.DEAD: lambda _answer, _count: DEAD,
        SimFault.TORN: _tear,
        SimFault.SLOW: _dawdle,
        SimFault.CUT_SHORT: _cut,
        SimFault.BAD_MAC: _spoil_mac,
    }
)
