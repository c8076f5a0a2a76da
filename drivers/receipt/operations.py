"""What a receipt printer can be told to do, one class for each command of `decode`."""

from __future__ import annotations

from dataclasses import dataclass, field


class Op:
    """Base of all operations."""


class Initialise(Op):
    pass


class LineFeed(Op):
    pass


class QrPrint(Op):
    pass


class ClearBuffers(Op):
    pass


@dataclass(frozen=True, slots=True)
class Chinese(Op):
    on: bool


@dataclass(frozen=True, slots=True)
class Text(Op):
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SetAlign(Op):
    """0 left, 1 centre, 2 right."""

    value: int


@dataclass(frozen=True, slots=True)
class Bold(Op):
    on: bool


@dataclass(frozen=True, slots=True)
class Size(Op):
    """Multipliers, 1 to 8."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Pitch(Op):
    dots: int


@dataclass(frozen=True, slots=True)
class Feed(Op):
    dots: int


@dataclass(frozen=True, slots=True)
class Raster(Op):
    """`width` in bytes, `height` in dots; 1 = black."""

    width: int
    height: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class QrSetting(Op):
    """`name`: model, size or level."""

    name: str
    value: int


@dataclass(frozen=True, slots=True)
class QrStore(Op):
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cut(Op):
    feed: int


@dataclass(frozen=True, slots=True)
class AskBuffered(Op):
    """GS r: a status request that waits for its turn."""

    what: int


@dataclass(frozen=True, slots=True)
class AskId(Op):
    """GS I: what printer is this? Waits for its turn too."""

    what: int


@dataclass(frozen=True, slots=True)
class AutomaticStatus(Op):
    """GS a: not 0: tell your status, now and whenever it changes."""

    what: int


@dataclass(frozen=True, slots=True)
class AskNow(Op):
    """DLE EOT: was answered when it arrived; in the buffer it does nothing."""

    what: int


@dataclass(frozen=True, slots=True)
class Unknown(Op):
    offset: int
    reason: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """An operation and the bytes that asked for it."""

    offset: int
    raw: bytes = field(repr=False)
    op: Op


_ROW = 36  # dots of a row of text
_QR = 300


def paper_dots(op: Op) -> int:
    """How far the paper moves, roughly."""
    match op:
        case LineFeed():
            return _ROW
        case Feed(dots) | Cut(dots):
            return dots
        case Raster():
            return op.height
        case QrPrint():
            return _QR
        case _:
            return 0
