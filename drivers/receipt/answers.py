"""What a printer says, in bytes -> answers. Pure.

A printer mixes four kinds of answer on one line, and tells them apart by fixed bits (Epson's
ESC/POS reference): 0xx1xx10 to `DLE EOT`, 0xx0xxxx to a question that waited its turn, 0xx1xx00
and three bytes 0xx0xxxx for an automatic status, 37h to NUL for a block. XON and XOFF may stand
anywhere, even inside the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_FLOW_CONTROL = b"\x11\x13"  # XON, XOFF
_AUTOMATIC_LENGTH = 4
_BLOCK_HEADER, _BLOCK_LONGEST = 0x37, 32


class Kind(StrEnum):
    REAL_TIME = "real_time"
    IN_TURN = "in_turn"
    AUTOMATIC = "automatic"
    BLOCK = "block"
    NONSENSE = "nonsense"


@dataclass(frozen=True, slots=True)
class Answer:
    kind: Kind
    raw: bytes


@dataclass(frozen=True, slots=True)
class Question:
    """One that is answered after all that was sent before it has been done."""

    name: str
    ask: bytes
    kind: Kind


# What printers know differs: nearly all know GS r, cheap ones only another. GS a switches the
# automatic status on, which sends it once, in its turn; and off again.
QUESTIONS = (
    Question("GS r", b"\x1dr\x01", Kind.IN_TURN),
    Question("GS I", b"\x1dI\x02", Kind.IN_TURN),
    Question("GS a", b"\x1da\x0e\x1da\x00", Kind.AUTOMATIC),
)


def is_real_time(byte: int) -> bool:
    """Has the form of an answer to DLE EOT."""
    return byte & 0x93 == 0x12


def is_in_turn(byte: int) -> bool:
    """Has the form of an answer to GS r or GS I, or of an automatic status' later bytes."""
    return byte & 0x90 == 0x00


def split(data: bytes) -> tuple[list[Answer], bytes]:
    """All whole answers in `data`, and the part of one that has begun (less than 32 bytes)."""
    data = data.translate(None, _FLOW_CONTROL)
    found, at = [], 0
    while at < len(data):
        kind, length = _next(data[at : at + _BLOCK_LONGEST])
        if not length:
            break
        found.append(Answer(kind, data[at : at + length]))
        at += length
    return found, data[at:]


def _next(data: bytes) -> tuple[Kind, int]:
    """Kind and length of the first answer; length 0: more must come before anyone can say."""
    first = data[0]
    if is_real_time(first):
        return Kind.REAL_TIME, 1
    if is_in_turn(first):
        return Kind.IN_TURN, 1
    if first & 0x93 == 0x10:
        return _automatic(data)
    return _block(data) if first == _BLOCK_HEADER else (Kind.NONSENSE, 1)


def _automatic(data: bytes) -> tuple[Kind, int]:
    rest = data[1:_AUTOMATIC_LENGTH]
    if not all(is_in_turn(byte) for byte in rest):
        return Kind.NONSENSE, 1
    return Kind.AUTOMATIC, _AUTOMATIC_LENGTH if len(rest) == _AUTOMATIC_LENGTH - 1 else 0


def _block(data: bytes) -> tuple[Kind, int]:
    body, nul, _ = data[1:].partition(b"\x00")
    if not all(0x20 <= byte < 0x80 for byte in body) or (not nul and len(data) >= _BLOCK_LONGEST):
        return Kind.NONSENSE, 1
    return Kind.BLOCK, len(body) + 2 if nul else 0
