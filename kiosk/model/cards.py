"""Cards that identify people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kiosk.model.devices import FaultAction


class CardType(StrEnum):
    """ID cards: the mark at offset 248 of the 256-byte text block ('' = citizen); and others."""

    CITIZEN = ""
    FOREIGN_2017 = "I"
    HMT_RESIDENCE = "J"
    FOREIGN_2023 = "Y"
    SOCIAL_SECURITY = "SSC"  # LD/T 32: read without PIN, so it tells a name but proves nothing
    PASSPORT = "P"  # an eMRTD (ICAO 9303)


@dataclass(frozen=True, slots=True)
class IdCard:
    """What a card says. `valid_to` None: 长期, no expiry.

    `photo`: a picture file (BMP, JPEG or JPEG 2000), empty when none could be decoded.
    `fingerprints`: blocks of 512 bytes, as the card gives them; read only when asked for.
    `nationality`: ISO 3166 alpha-3. `pass_number` and `issue_count` are of residence permits.
    """

    card_type: CardType
    name: str = field(repr=False)
    number: str = field(repr=False)
    sex: str = field(repr=False)
    birth: date = field(repr=False)
    valid_from: date = field(repr=False)
    valid_to: date | None = field(repr=False)
    ethnic: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    issuer: str = field(default="", repr=False)
    name_en: str = field(default="", repr=False)
    photo: bytes = field(default=b"", repr=False)
    new_address: str = field(default="", repr=False)
    nationality: str = field(default="", repr=False)
    pass_number: str = field(default="", repr=False)
    issue_count: str = field(default="", repr=False)
    fingerprints: tuple[bytes, ...] = field(default=(), repr=False)


class CardFault(StrEnum):
    """Why a card could not be read. Each has a text `problem.card.<value>` in the locales."""

    CHECKSUM = "checksum"  # a frame's XOR did not match
    CUT_SHORT = "cut_short"  # a frame ended before its length said
    LIFTED = "lifted"  # the card left the field during the read
    WRONG_CARD = "wrong_card"  # not an identity card, or an unknown layout
    REFUSED = "refused"  # card and reader did not accept each other
    BAD_NUMBER = "bad_number"  # the number's check digit is wrong
    EXPIRED = "expired"  # the card's validity has ended
    NO_READER = "no_reader"  # the reader is unplugged or silent
    UNREADABLE = "unreadable"  # a known kind of card whose chip is dead, torn or damaged
    ACCESS_NEEDED = "access_needed"  # a passport: its printed data page must be read first
    NOT_ACCEPTED = "not_accepted"  # a good card, but this service asks for another kind
    SAME_PERSON = "same_person"  # a second person is needed, and this is the first one's card
    HELPER_CARD = "helper_card"  # the helper's own card, where the citizen's is needed
    NOT_STAFF = "not_staff"  # a good card, but of nobody who works here
    TOO_YOUNG = "too_young"  # a guardian must be an adult


# What a person has to do at the terminal about it; the others are mended by the citizen alone.
CARD_ACTIONS: Mapping[CardFault, FaultAction] = {
    CardFault.CHECKSUM: FaultAction.MAINTENANCE,
    CardFault.CUT_SHORT: FaultAction.MAINTENANCE,
    CardFault.NO_READER: FaultAction.MAINTENANCE,
}
