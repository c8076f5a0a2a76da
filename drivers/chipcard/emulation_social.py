"""A social security card's file system, as far as anyone may read it (LD/T 32-2015)."""

from __future__ import annotations

from collections.abc import Mapping

from drivers.chipcard import social, tlv
from drivers.chipcard.emulation import (
    BAD_INSTRUCTION,
    BAD_LENGTH,
    CONTACTLESS_ATR,
    DENIED,
    NO_RECORD,
    NOT_ALLOWED,
    NOT_FOUND,
    OK,
    Command,
    parse,
)
from drivers.chipcard.samples import SocialCard

CONTACT_ATR = bytes.fromhex("3B6D00000081544A86864432DE55F7A6D3")
_NAME_SIZE, _MORE_SIZE = 30, 20
_LOCKED = (0xEF07, 0xEF08)  # fingerprint and picture: need keys that no terminal has
_BY_NUMBER, _BY_TAG = 4, 0

Records = tuple[tuple[int, bytes], ...]


def files_of(sample: SocialCard) -> Mapping[int, Records]:
    """EF → its records, by tag."""
    name = sample.name.encode("gb18030")
    more = name[_NAME_SIZE:]
    return {
        social.CARD_FILE: (
            (0x01, bytes.fromhex("445299D156000005") + bytes(8)),
            (0x02, b"3"),
            (0x03, b"3.00"),
            (0x04, bytes.fromhex("915600000244529944529900")),
            (social.ISSUED, bytes.fromhex(sample.issued)),
            (social.EXPIRES, bytes.fromhex(sample.expires or "FFFFFFFF")),
            (social.CARD_NUMBER, sample.card_number.encode("ascii")),
        ),
        social.HOLDER_FILE: (
            (social.NUMBER, sample.number.encode("ascii")),
            (social.NAME, name[:_NAME_SIZE].ljust(_NAME_SIZE, b"\0")),
            (social.NAME_MORE, more.ljust(_MORE_SIZE, b"\0")),
            (social.SEX, sample.sex.encode("ascii")),
            (social.PEOPLE, bytes.fromhex(sample.people)),
            (0x0C, bytes.fromhex(sample.number[:6])),
            (social.BIRTH, bytes.fromhex(sample.number[6:14])),
        ),
    }


class SocialEmulation:
    """Answers whole; `emulation.T0` makes a contact card of it."""

    def __init__(self, sample: SocialCard) -> None:
        self.atr = CONTACTLESS_ATR if sample.contactless else CONTACT_ATR
        self._files = files_of(sample)
        self._selected = False
        self._file = 0

    def reset(self) -> None:
        self._selected, self._file = False, 0

    def answer(self, command: bytes) -> bytes:
        parsed = parse(command)
        if parsed is None:
            return BAD_LENGTH
        if parsed.head[1] == 0xA4:
            return self._select(parsed)
        return self._record(parsed) if parsed.head[1] == 0xB2 else BAD_INSTRUCTION

    def _select(self, command: Command) -> bytes:
        if command.head[2] == 4:
            self.reset()
            self._selected = command.data == social.APPLICATION
            told = tlv.build(0x6F, tlv.build(0x84, command.data))
            return told + OK if self._selected else NOT_FOUND
        file = int.from_bytes(command.data, "big")
        if not self._selected or file not in (*self._files, *_LOCKED):
            return NOT_FOUND
        self._file = file
        return tlv.build(0x6F, tlv.build(0x83, command.data)) + OK

    def _record(self, command: Command) -> bytes:
        """Of the selected file, or of the one whose short number P2 names."""
        number, how = command.head[2], command.head[3]
        file = 0xEF00 | how >> 3 if how >> 3 and self._selected else self._file
        if file in _LOCKED:
            return DENIED
        if file not in self._files:
            return NOT_ALLOWED
        found = [
            (tag, value)
            for place, (tag, value) in enumerate(self._files[file], start=1)
            if number == (place if how & 7 == _BY_NUMBER else tag)
        ]
        return tlv.build(*found[0]) + OK if found else NO_RECORD
