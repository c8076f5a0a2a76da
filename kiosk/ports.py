"""What a session needs from the world. Drivers and the gateway implement these.

All methods are coroutines on the session's asyncio loop and must not block it; drivers run their
library on a worker thread (`drivers.worker`). Expected failures are returned, never raised.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from kiosk.model import (
    CardFault,
    DeviceStatus,
    FaceCapture,
    FaceFault,
    FaceHint,
    IdCard,
    PrintOutcome,
    Receipt,
    Rung,
)

OnRung = Callable[[Rung], None]
OnHint = Callable[[FaceHint], None]


class CardReader(Protocol):
    """An ID card reader."""

    async def status(self) -> DeviceStatus: ...

    async def find(self) -> bool | CardFault:
        """Is a card on the reader? `NO_READER` when the reader does not answer."""

    async def read(self) -> IdCard | CardFault:
        """Select and read the card that `find` saw."""

    async def close(self) -> None: ...


class FaceCamera(Protocol):
    """A camera with face framing. Frames for the mirror on screen go to a `FrameSlot`."""

    async def status(self) -> DeviceStatus: ...

    async def capture(self, on_hint: OnHint, seconds: float) -> FaceCapture | FaceFault:
        """Open the camera, guide the person, return one good frame; then release the camera."""

    async def close(self) -> None: ...


class ReceiptPrinter(Protocol):
    async def status(self) -> DeviceStatus: ...

    async def print(self, job: str, receipt: Receipt, on_rung: OnRung) -> PrintOutcome:
        """Print and cut; climbs `on_rung` rung by rung. Never retries by itself."""

    async def close(self) -> None: ...


class DocumentPrinter(Protocol):
    async def status(self) -> DeviceStatus: ...

    async def print(self, job: str, pdf: bytes, on_rung: OnRung) -> PrintOutcome:
        """Print one sealed document. A `job` that the printer knows is not printed again."""

    async def close(self) -> None: ...


class CaseState(StrEnum):
    """A case as the gateway tells it."""

    UNKNOWN = "unknown"  # the fleet has not (yet) committed it
    RECEIVED = "received"  # committed, not yet decided
    PENDING = "pending"  # a person will decide; `due_date` says until when
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CaseProgress:
    """`result` are the lines of a query's answer: (label zh, label en, value)."""

    case_no: str
    state: CaseState
    due_date: str = ""
    certificate_no: str = ""
    reason: str = ""
    result: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)


class Gateway(Protocol):
    """Client of the fleet's gateway API. None: unreachable within the given seconds."""

    async def progress(self, case_no: str, seconds: float) -> CaseProgress | None: ...

    async def certificate(self, case_no: str, seconds: float) -> bytes | None:
        """The sealed PDF, exactly as the fleet made it."""

    async def reachable(self, seconds: float) -> bool: ...

    async def close(self) -> None: ...


class FrameSlot:
    """The newest camera picture, from the camera's thread to the screen. Older ones are dropped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frame: tuple[int, int, bytes] | None = None
        self._serial = 0

    def put(self, width: int, height: int, bgr: bytes) -> None:
        """`bgr`: rows from the top, three bytes a pixel, already mirrored for the person."""
        with self._lock:
            self._frame = (width, height, bgr)
            self._serial += 1

    def newest(self) -> tuple[int, tuple[int, int, bytes] | None]:
        """A serial number that grows with each picture, and the picture."""
        with self._lock:
            return self._serial, self._frame

    def wipe(self) -> None:
        with self._lock:
            self._frame = None
            self._serial += 1
