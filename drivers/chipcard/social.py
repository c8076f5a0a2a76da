"""Social security cards (LD/T 32-2015): the two files that anyone may read, and what they say.

EF05 tells of the card, EF06 of its holder; both are files of TLV records with one-byte tags. What
they say is not signed and needs no PIN: it tells a name, and proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from drivers.chipcard.apdu import OK, CardStopError, Channel
from kiosk.identity.codes import PEOPLES, SEXES
from kiosk.model import CardFault, CardType, IdCard

APPLICATION = "sx1.sh.社会保障".encode("gb18030")
CARD_FILE, HOLDER_FILE = 0xEF05, 0xEF06
ISSUED, EXPIRES, CARD_NUMBER = 0x05, 0x06, 0x07
NUMBER, NAME, NAME_MORE, SEX, PEOPLE, BIRTH = 0x08, 0x09, 0x4E, 0x0A, 0x0B, 0x0D

_SELECT_FILE = bytes.fromhex("00A40200")
_MAX_RECORDS = 16
_PAST_THE_END = 0x6A83
_PADDING = b"\x00\xff "

Records = Mapping[int, bytes]


def read(channel: Channel) -> IdCard:
    """The application is selected. Raises `CardStopError`."""
    about_card = _read_file(channel, CARD_FILE)
    about_holder = _read_file(channel, HOLDER_FILE)
    card = decode(about_card, about_holder)
    if card is None:
        raise CardStopError(CardFault.UNREADABLE)
    return card


def record(data: bytes) -> tuple[int, bytes] | None:
    """One record: tag, length, value. A length beyond the record's end is damage."""
    if len(data) < 2 or len(data) < 2 + data[1]:
        return None
    return data[0], data[2 : 2 + data[1]]


def decode(about_card: Records, about_holder: Records) -> IdCard | None:
    """None when name, number, birth or the day of issue are missing or no such thing."""
    name = name_of(about_holder)
    number = _text(about_holder.get(NUMBER, b""))
    birth = _day(about_holder.get(BIRTH, b""))
    issued = _day(about_card.get(ISSUED, b""))
    if not name or not number or birth is None or issued is None:
        return None
    people = about_holder.get(PEOPLE, b"").hex()
    return IdCard(
        card_type=CardType.SOCIAL_SECURITY,
        name=name,
        number=number.upper(),
        sex=SEXES.get(_text(about_holder.get(SEX, b"")), SEXES["0"]),
        birth=birth,
        valid_from=issued,
        valid_to=_day(about_card.get(EXPIRES, b"")),
        ethnic=PEOPLES.get(people, ""),
    )


def name_of(about_holder: Records) -> str:
    """A name of more than 30 bytes goes on in its extension, even amid a character.

    Empty when it is no GB 18030: half a name must not stand on an official paper.
    """
    begun = about_holder.get(NAME, b"")
    whole = begun.rstrip(_PADDING) + about_holder.get(NAME_MORE, b"").rstrip(_PADDING)
    try:
        return whole.decode("gb18030").strip()
    except UnicodeDecodeError:
        return ""


def _read_file(channel: Channel, file: int) -> Records:
    """By record number until the card says that there are no more; each record tells its tag."""
    selected = channel.send(_SELECT_FILE, file.to_bytes(2, "big"), 256)
    if selected.status != OK:
        raise CardStopError(CardFault.UNREADABLE)
    records: dict[int, bytes] = {}
    for number in range(1, _MAX_RECORDS + 1):
        answer = channel.send(bytes((0x00, 0xB2, number, 0x04)), b"", 256)
        if answer.status == _PAST_THE_END:
            break
        one = record(answer.data) if answer.status == OK else None
        if one:
            records.setdefault(*one)
    return MappingProxyType(records)


def _text(value: bytes) -> str:
    return value.strip(_PADDING).decode("ascii", "replace")


def _day(bcd: bytes) -> date | None:
    """Four bytes, two digits to a byte; None for no day: all zeros or F where it is not told."""
    digits = bcd.hex()
    if len(digits) != 8 or not digits.isdigit():
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
