"""What a camera's process and its parent say to each other. Pictures go beside it: see `ring`."""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from enum import StrEnum

READY = b"R"  # up: everything is imported
SAME = b"S"  # up: the source still gives the picture that was told last, and no other
NEXT = b"N"  # down: the next picture, when it is there; the last one's slot is free again
_END = b"E"
_FRAME = struct.Struct("<cBQ4I")


@dataclass(frozen=True, slots=True)
class Mode:
    """What is asked of a source. Files and streams give the size that they have.

    `exposure`: milliseconds, None: automatic. `rate`: pictures a second, at most.
    `view`: the box (width, height) into which `look`'s small pictures fit.
    `largest`: pixels of a picture; a source that gives more ends with `End.TOO_LARGE`.
    `open_seconds`: until the first picture comes; `read_seconds`: until the next;
    `frozen_seconds`: how long a live source may give one and the same.
    """

    width: int = 640
    height: int = 480
    exposure: float | None = None
    rate: float = 15.0
    view: tuple[int, int] = (854, 480)
    largest: int = 4096 * 3072
    open_seconds: float = 4.0
    read_seconds: float = 2.0
    frozen_seconds: float = 2.0


class End(StrEnum):
    """Why no more pictures come."""

    HALTED = "halted"
    NOT_OPENED = "not_opened"
    NO_MORE = "no_more"  # the source ended, or could not be read
    TOO_LARGE = "too_large"
    FROZEN = "frozen"  # one picture came again and again
    SILENT = "silent"  # nothing came in time: the process was killed
    CRASHED = "crashed"  # the process ended by itself, or could not be started


@dataclass(frozen=True, slots=True)
class Offer:
    """A picture that lies in the ring. Shapes: (height, width)."""

    slot: int
    number: int
    picture: tuple[int, int]
    view: tuple[int, int]

    def pack(self) -> bytes:
        return _FRAME.pack(b"F", self.slot, self.number, *self.picture, *self.view)


@dataclass(frozen=True, slots=True)
class Order:
    """The first message down; the ring's descriptor comes with it."""

    opener: str
    source: str
    mode: Mode

    def pack(self) -> bytes:
        return json.dumps(asdict(self)).encode()


def unpack_order(message: bytes) -> Order:
    said = json.loads(message)
    mode = said["mode"]
    return Order(said["opener"], said["source"], Mode(**{**mode, "view": tuple(mode["view"])}))


def pack_end(end: End) -> bytes:
    return _END + end.encode()


def unpack(message: bytes) -> Offer | End | None:
    """What came up; None: it lives. Anything else is a child that has lost its mind: `CRASHED`."""
    if message in (READY, SAME):
        return None
    if len(message) == _FRAME.size and message[:1] == b"F":
        _, slot, number, *shapes = _FRAME.unpack(message)
        return Offer(slot, number, (shapes[0], shapes[1]), (shapes[2], shapes[3]))
    told = message[1:].decode("ascii", "replace")
    return End(told) if message[:1] == _END and told in set(End) else End.CRASHED
