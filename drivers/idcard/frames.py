"""Bytes of the SDT serial protocol (SAM-V readers). Pure functions; no port is opened here.

Request `AA AA AA 96 69 | length | CMD PARA data | check`, reply `… | length | SW1 SW2 SW3 data |
check`. `length` (two bytes, high first) counts what follows it; `check` is the XOR of everything
from `length` up to itself. One byte of XOR is weak: a damaged length can leave a shorter frame
that passes it. So a reply is accepted only if its data has the size that its command and status
ask for.

SW3 is the reader's own status. SW1 and SW2 are zero, unless the reader passes on what the card
said about a failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from functools import reduce
from operator import xor
from types import MappingProxyType

from drivers.idcard.blocks import ADDRESS_SIZE, LONGEST, split_blocks

PREAMBLE = bytes.fromhex("AAAAAA9669")
_HEAD = len(PREAMBLE) + 2
_SHORTEST = 4  # three status bytes and the check byte
_LONGEST = _SHORTEST + LONGEST


class Command(Enum):
    """`CMD PARA` of a request."""

    RESET = bytes.fromhex("10FF")
    SAM_STATUS = bytes.fromhex("11FF")
    SAM_ID = bytes.fromhex("12FF")
    FIND = bytes.fromhex("2001")
    SELECT = bytes.fromhex("2002")
    READ = bytes.fromhex("3001")
    READ_ADDRESS = bytes.fromhex("3003")  # the address that was appended after a move
    READ_FINGERS = bytes.fromhex("3010")  # text, photo and fingerprints
    BAUD_115200 = bytes.fromhex("6000")
    BAUD_57600 = bytes.fromhex("6001")
    BAUD_38400 = bytes.fromhex("6002")
    BAUD_19200 = bytes.fromhex("6003")
    BAUD_9600 = bytes.fromhex("6004")


class Status(IntEnum):
    """SW3 of a reply."""

    CHECKSUM_ERROR = 0x10
    LENGTH_ERROR = 0x11
    BAD_COMMAND = 0x21
    UNKNOWN_ERROR = 0x24
    CARD_REJECTS_READER = 0x31
    READER_REJECTS_CARD = 0x32
    NOT_VERIFIED = 0x33
    WRONG_CARD = 0x40
    READ_FAILED = 0x41
    RANDOM_FAILED = 0x47
    SELF_TEST_FAILED = 0x60
    SAM_NOT_AUTHORISED = 0x66
    NOT_FOUND = 0x80
    SELECT_FAILED = 0x81
    OK = 0x90
    NO_CONTENT = 0x91
    FOUND = 0x9F


_SIZES: Mapping[tuple[Command, int], int] = MappingProxyType(
    {  # bytes of data after the status; every other status comes without data
        (Command.FIND, Status.FOUND): 4,
        (Command.SELECT, Status.OK): 8,
        (Command.SAM_ID, Status.OK): 16,
        (Command.READ_ADDRESS, Status.OK): ADDRESS_SIZE,
    }
)
BLOCKS: Mapping[Command, int] = MappingProxyType(
    {  # how many blocks come after their sizes
        Command.READ: 2,
        Command.READ_FINGERS: 3,
    }
)
_PASSED_ON = frozenset(  # failures that come with the card's own SW1 and SW2
    (
        Status.CARD_REJECTS_READER,
        Status.READ_FAILED,
        Status.RANDOM_FAILED,
        Status.SELECT_FAILED,
    )
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole, verified reply. `status` is SW3: a `Status`, or a number nobody has documented."""

    status: int
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class NeedMore:
    """So far it could be a reply; at least `missing` bytes are still to come."""

    missing: int


@dataclass(frozen=True, slots=True)
class BadChecksum:
    """The XOR does not match."""


@dataclass(frozen=True, slots=True)
class BadLength:
    """The length, or the amount of data, is not that of a reply to this command."""


@dataclass(frozen=True, slots=True)
class CutShort:
    """The line fell silent inside a frame."""


@dataclass(frozen=True, slots=True)
class Garbage:
    """`dropped` bytes could not begin a frame; parse what is left."""

    dropped: int


Parsed = Reply | NeedMore | BadChecksum | BadLength | CutShort | Garbage


def request(command: Command, data: bytes = b"") -> bytes:
    return frame(command.value + data)


def reply(status: int, data: bytes = b"") -> bytes:
    """What a reader answers."""
    return frame(bytes((0, 0, status)) + data)


def frame(content: bytes) -> bytes:
    body = (len(content) + 1).to_bytes(2, "big") + content
    return PREAMBLE + body + bytes((checksum(body),))


def checksum(body: Iterable[int]) -> int:
    """XOR of all bytes; zero over a right frame's body together with its check byte."""
    return reduce(xor, body, 0)


def parse(buffer: bytes, command: Command) -> tuple[Parsed, bytes]:
    """The first thing in `buffer`, which holds what has come since `command`; and what is left.

    After a bad check or length the whole buffer goes: the damaged byte may be the length itself,
    and a reader sends one reply to one request, so that nothing of value can follow. Never raises.
    """
    start = _find_preamble(buffer)
    if start:
        return Garbage(start), buffer[start:]
    length = int.from_bytes(buffer[len(PREAMBLE) : _HEAD], "big")
    if len(buffer) >= _HEAD and not _SHORTEST <= length <= _LONGEST:
        return BadLength(), b""
    missing = _HEAD + max(length, _SHORTEST) - len(buffer)
    if len(buffer) < _HEAD or missing > 0:
        return NeedMore(max(missing, 1)), buffer
    parsed = _verified(buffer[: _HEAD + length], command)
    return parsed, buffer[_HEAD + length :] if isinstance(parsed, Reply) else b""


def parse_end(buffer: bytes) -> CutShort | None:
    """The line has fallen silent: was there the beginning of a frame?"""
    return CutShort() if buffer.startswith(PREAMBLE) else None


def take_request(buffer: bytes) -> tuple[bytes | None, bytes]:
    """The content of the first whole request in `buffer`, as a reader sees it, and what is left.

    Empty content stands for a request with a wrong length or check byte.
    """
    rest = buffer[_find_preamble(buffer) :]
    end = _HEAD + int.from_bytes(rest[len(PREAMBLE) : _HEAD], "big")
    if end > _HEAD + _LONGEST:
        return b"", b""
    if len(rest) <= _HEAD or len(rest) < end:
        return None, rest
    body = rest[len(PREAMBLE) : end]
    return b"" if checksum(body) else body[2:-1], rest[end:]


def _verified(whole: bytes, command: Command) -> Reply | BadChecksum | BadLength:
    if checksum(whole[len(PREAMBLE) :]):
        return BadChecksum()
    status = whole[_HEAD + 2]
    data = whole[_HEAD + 3 : -1]
    if status not in _PASSED_ON and any(whole[_HEAD : _HEAD + 2]):
        return BadLength()
    return Reply(status, data) if _fits(command, status, data) else BadLength()


def _fits(command: Command, status: int, data: bytes) -> bool:
    if command in BLOCKS and status == Status.OK:
        return split_blocks(data, BLOCKS[command]) is not None
    return len(data) == _SIZES.get((command, status), 0)


def _find_preamble(buffer: bytes) -> int:
    """Where a frame begins or may begin; the buffer's length when nowhere."""
    found = buffer.find(PREAMBLE)
    if found >= 0:
        return found
    for size in range(min(len(PREAMBLE) - 1, len(buffer)), 0, -1):
        if buffer.endswith(PREAMBLE[:size]):
            return len(buffer) - size
    return len(buffer)
