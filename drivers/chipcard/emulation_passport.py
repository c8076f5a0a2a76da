"""A travel document's chip: access by BAC, files behind secure messaging, a signed EF.SOD."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from drivers.chipcard import emrtd, lds, mrz, tlv
from drivers.chipcard.bac import CHALLENGE_SIZE, SEED_SIZE, access_keys, agreed, opened, sealed
from drivers.chipcard.emulation import (
    BAD_INSTRUCTION,
    BAD_LENGTH,
    CONTACTLESS_ATR,
    DENIED,
    NOT_ALLOWED,
    NOT_FOUND,
    OK,
    Command,
    parse,
)
from drivers.chipcard.messaging import CHECKSUM, CRYPTOGRAM, EXPECTED, STATUS, SecureMessaging, pad
from drivers.chipcard.samples import Passport, picture

REFUSED = b"\x63\x00"
_BROKEN_SESSION = b"\x69\x88"
_SHORT_NUMBER = 0x80  # in P1 of READ BINARY: the file's short number follows

Sign = Callable[[Mapping[int, bytes]], bytes]


def groups_of(sample: Passport) -> dict[int, bytes]:
    """Number of a data group → its file."""
    groups = {
        1: tlv.build(0x61, tlv.build(0x5F1F, "".join(sample.mrz).encode("ascii"))),
        2: _portrait(picture(sample.picture)),
    }
    if sample.full_name:
        name = tlv.build(0x5C, b"\x5f\x0e") + tlv.build(0x5F0E, sample.full_name.encode())
        groups[11] = tlv.build(0x6B, name)
    if sample.issued:
        day = tlv.build(0x5C, b"\x5f\x26") + tlv.build(0x5F26, sample.issued.encode("ascii"))
        groups[12] = tlv.build(0x6C, day)
    return groups


def _portrait(image: bytes) -> bytes:
    """DG2 with one ISO 19794-5 record; no feature points."""
    size = 20 + 12 + len(image)
    face = size.to_bytes(4, "big") + bytes(16) + bytes(12) + image
    record = b"FAC\x00010\x00" + (14 + size).to_bytes(4, "big") + b"\x00\x01" + face
    header = tlv.build(0xA1, tlv.build(0x81, b"\x02") + tlv.build(0x87, b"\x01\x01"))
    template = tlv.build(0x7F60, header + tlv.build(0x5F2E, record))
    return tlv.build(0x75, tlv.build(0x7F61, tlv.build(0x02, b"\x01") + template))


class PassportEmulation:
    """`sign`: makes EF.SOD of the data groups."""

    def __init__(self, sample: Passport, sign: Sign) -> None:
        self.atr = CONTACTLESS_ATR
        groups = groups_of(sample)
        tags = {number: tag for tag, number in lds.GROUPS.items()}
        listed = tlv.build(0x5C, bytes(tags[number] for number in groups))
        versions = tlv.build(0x5F01, b"0107") + tlv.build(0x5F36, b"040000")
        self.files = {lds.file_of(number): content for number, content in groups.items()}
        self.files[lds.COM] = tlv.build(0x60, versions + listed)
        self.files[lds.SOD] = sign(groups)
        printed = mrz.parse("".join(sample.mrz))
        assert printed is not None
        self._keys = access_keys(printed.key)
        self.reset()

    def reset(self) -> None:
        self._selected = False
        self._file = b""
        self._challenge = b""
        self._session: SecureMessaging | None = None

    def answer(self, command: bytes) -> bytes:
        parsed = parse(command)
        if parsed is None:
            return BAD_LENGTH
        if parsed.head[0] & 0x0C != 0x0C:
            self._session = None  # a command in clear ends the session
            return self._act(parsed)
        return self._protected(parsed)

    def _protected(self, command: Command) -> bytes:
        inner = _unwrap(self._session, command) if self._session else None
        if inner is None or self._session is None:
            self._session = None
            return _BROKEN_SESSION
        answer = self._act(inner)
        body = self._session.seal(answer[:-2]) + tlv.build(STATUS, answer[-2:])
        return body + tlv.build(CHECKSUM, self._session.mac(body)) + OK

    def _act(self, command: Command) -> bytes:
        acts = {
            0xA4: self._select,
            0x84: self._give_challenge,
            0x82: self._authenticate,
            0xB0: self._read,
        }
        act = acts.get(command.head[1])
        return act(command) if act else BAD_INSTRUCTION

    def _select(self, command: Command) -> bytes:
        if command.head[2] == 4:
            self.reset()
            self._selected = command.data == emrtd.APPLICATION
            return OK if self._selected else NOT_FOUND
        return self._open(int.from_bytes(command.data, "big"))

    def _open(self, file: int) -> bytes:
        if not self._selected or file not in self.files:
            return NOT_FOUND
        if self._session is None:
            return DENIED
        self._file = self.files[file]
        return OK

    def _read(self, command: Command) -> bytes:
        if self._session is None:
            return DENIED
        high, low = command.head[2:]
        if high & _SHORT_NUMBER:
            opened_file = self._open(0x0100 | high & 0x1F)
            if opened_file != OK:
                return opened_file
            high = 0
        if not self._file:
            return NOT_ALLOWED
        offset = high << 8 | low
        return self._file[offset : offset + command.expected] + OK

    def _give_challenge(self, _command: Command) -> bytes:
        self._challenge = secrets.token_bytes(CHALLENGE_SIZE)
        return self._challenge + OK

    def _authenticate(self, command: Command) -> bytes:
        challenge, self._challenge = self._challenge, b""
        plain = opened(self._keys, command.data)
        if not self._selected or plain is None or not challenge or plain[8:16] != challenge:
            return REFUSED
        of_terminal, seed, own = plain[:8], plain[16:], secrets.token_bytes(SEED_SIZE)
        self._session = agreed(seed, own, challenge, of_terminal)
        return sealed(self._keys, challenge + of_terminal + own) + OK


def _unwrap(session: SecureMessaging, command: Command) -> Command | None:
    """The command within; None when these keys did not seal it."""
    objects = tlv.parse(command.data) or ()
    values = dict(objects)
    body = b"".join(tlv.build(*one) for one in objects if one.tag != CHECKSUM)
    if session.mac(pad(command.head) + body) != values.get(CHECKSUM):
        return None
    data = session.open(values[CRYPTOGRAM]) if CRYPTOGRAM in values else b""
    if data is None:
        return None
    asked = values.get(EXPECTED)
    return Command(command.head, data, 0 if asked is None else asked[0] or 256)
