"""What the face's process and its parent say to each other, as JSON. Pictures go beside it.

Down: `Load`, `Begin` (with two descriptors: the ring for pictures, the portrait's file), then
`Frame` by `Frame`. Up: `Loaded`, and an answer to each frame: `Hinted` or `Decided`. No embedding
ever goes up.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from kiosk.model import FaceDecision, FaceHint

MAX_PORTRAIT = 4 << 20  # bytes of a picture file

Shape = tuple[int, int]  # height, width


class Load(msgspec.Struct, frozen=True, tag=True):
    """The pack in that folder."""

    folder: str


class Loaded(msgspec.Struct, frozen=True, tag=True):
    """`label`: name and version of the pack. `fault`: why it can't be used, empty if it can."""

    label: str = ""
    fault: str = ""
    about: str = ""


class Begin(msgspec.Struct, frozen=True, tag=True):
    """`portrait`: bytes of its file. `largest`, `view`: pixels, see `ring`. `seconds`: from now."""

    portrait: int
    largest: int
    view: int
    challenges: int
    seconds: float


class Frame(msgspec.Struct, frozen=True, tag=True):
    """It lies in the ring."""

    slot: int
    number: int
    picture: Shape
    view: Shape


class Hinted(msgspec.Struct, frozen=True, tag=True):
    hint: FaceHint


class Decided(msgspec.Struct, frozen=True, tag=True):
    decision: FaceDecision


Down: TypeAlias = Load | Begin | Frame
Up: TypeAlias = Loaded | Hinted | Decided
_down = msgspec.json.Decoder(Load | Begin | Frame)
_up = msgspec.json.Decoder(Loaded | Hinted | Decided)


def pack(message: Down | Up) -> bytes:
    return msgspec.json.encode(message)


def unpack_down(message: bytes) -> Down:
    """From the parent, which says nothing else: anything else is a defect."""
    said: Down = _down.decode(message)
    return said


def unpack_up(message: bytes) -> Up | None:
    """None: a child that has lost its mind, or has ended."""
    try:
        said: Up = _up.decode(message)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return said
