"""One card, from its answer to reset to an `IdCard` or the reason why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from cryptography import x509

from drivers.chipcard import atr, emrtd, social
from drivers.chipcard.apdu import OK, CardStopError, Channel, Link, LinkFault
from kiosk.identity.acceptance import check_card
from kiosk.model import CardFault, IdCard

_SELECT = bytes.fromhex("00A40400")
_SELECT_SILENTLY = bytes.fromhex("00A4040C")
_UID = bytes.fromhex("FFCA0000")
# SW of a card that does not have an application, or does not know how to look for one
_UNKNOWN = frozenset((0x6A82, 0x6A81, 0x6A86, 0x6A87, 0x6D00, 0x6E00, 0x6881, 0x6882))

OF_LINK: Mapping[LinkFault, CardFault] = MappingProxyType(
    {
        LinkFault.GONE: CardFault.LIFTED,
        LinkFault.MUTE: CardFault.UNREADABLE,
        LinkFault.BROKEN: CardFault.UNREADABLE,
        LinkFault.GIVEN_UP: CardFault.UNREADABLE,
        LinkFault.IN_USE: CardFault.NO_READER,
        LinkFault.NO_READER: CardFault.NO_READER,
    }
)


def read_card(
    link: Link,
    access: str,
    today: date,
    issuers: Sequence[x509.Certificate] | None = None,
    *,
    expired: bool = False,
) -> IdCard | CardFault | LinkFault:
    """`issuers`: None when passports' signers need not be vouched for."""
    told = atr.parse(link.atr)
    if told and told.storage_card:
        return CardFault.WRONG_CARD
    channel = Channel(link)
    try:
        card = _read_application(channel, access, today, issuers)
    except CardStopError as stop:
        return stop.fault
    return check_card(card, today, expired=expired) or card


def read_uid(link: Link) -> bytes | LinkFault:
    """The radio number of a contactless card, made up anew by some cards; empty when there is none.

    The reader answers this, not the card (PC/SC part 3, 3.2.2.1.3). It identifies nobody.
    """
    try:
        answer = Channel(link).send(_UID, b"", 256)
    except CardStopError as stop:
        return stop.fault if isinstance(stop.fault, LinkFault) else LinkFault.BROKEN
    return answer.data if answer.status == OK else b""


def _read_application(
    channel: Channel, access: str, today: date, issuers: Sequence[x509.Certificate] | None
) -> IdCard:
    if _select(channel, _SELECT, social.APPLICATION, 256):
        return social.read(channel)
    if _select(channel, _SELECT_SILENTLY, emrtd.APPLICATION, None):
        return emrtd.read(channel, access, today, issuers)
    raise CardStopError(CardFault.WRONG_CARD)


def _select(channel: Channel, header: bytes, application: bytes, expected: int | None) -> bool:
    status = channel.send(header, application, expected).status
    if status != OK and status not in _UNKNOWN:
        raise CardStopError(CardFault.UNREADABLE)
    return status == OK
