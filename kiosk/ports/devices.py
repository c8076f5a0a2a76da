"""What a session needs from devices; drivers implement these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from kiosk.model import (
    CardFault,
    Code,
    DeviceStatus,
    FaceCapture,
    FaceDecision,
    FaceFault,
    FaceHint,
    IdCard,
    Key,
    Language,
    Page,
    PageHint,
    PrintOutcome,
    Receipt,
    Rung,
    ScanFault,
    Spoken,
    Voice,
)

OnRung = Callable[[Rung], None]
OnHint = Callable[[FaceHint], None]
OnPageHint = Callable[[PageHint], None]


class Device(Protocol):
    """What every driver can do, whatever its class."""

    async def status(self) -> DeviceStatus:
        """How the device is now, in bounded time."""

    async def close(self) -> None:
        """Let the device go; ends calls that wait. Later calls find no device."""


class CardReader(Device, Protocol):
    """A reader of ID cards, social security cards or passports."""

    async def arrival(self, *, fresh: bool = False) -> CardFault | None:
        """Wait until a card lies there that can be read; None then. Cancel to stop waiting.

        `NO_READER` at once when the reader is away. A card that was read counts again only after
        it was lifted. `fresh`: so does every card that already lies there at the call.
        """

    async def read(self, access: str = "", *, expired: bool = False) -> IdCard | CardFault:
        """Read the card that `arrival` saw. `access`: a passport's two or three MRZ lines.

        `expired`: a card whose validity has ended is given too.
        """


class FaceCamera(Device, Protocol):
    """A camera with face framing. Frames for the mirror on screen go to a `FrameSlot`."""

    @property
    def matching(self) -> bool:
        """Is a model pack there, so that `verify` can compare?"""

    async def verify(self, portrait: bytes, on_hint: OnHint, seconds: float) -> FaceDecision:
        """Guide the person, ask for a challenge, compare with a card's `portrait` (a picture file).

        Releases the camera and forgets every picture before it returns.
        """

    async def capture(self, on_hint: OnHint, seconds: float) -> FaceCapture | FaceFault:
        """Open the camera, guide the person, return one good frame; then release the camera."""


class ReceiptPrinter(Device, Protocol):
    async def print(self, job: str, receipt: Receipt, on_rung: OnRung) -> PrintOutcome:
        """Print and cut; climbs `on_rung` rung by rung. Never retries by itself."""


class DocumentPrinter(Device, Protocol):
    async def print(self, job: str, pdf: bytes, on_rung: OnRung) -> PrintOutcome:
        """Print one sealed document. A `job` that the printer knows is not printed again."""


class CodeScanner(Device, Protocol):
    """A scanner of QR codes and barcodes."""

    async def scan(self, seconds: float) -> Code | ScanFault:
        """The next code that is shown; codes from before the call are thrown away."""


class DocumentCamera(Device, Protocol):
    """A camera over a plate on which papers are laid."""

    async def capture(self, on_hint: OnPageHint, seconds: float) -> Page | ScanFault:
        """Guide the person until one page is flat, whole and legible; then release the camera."""

    async def bind(self, pages: Sequence[Page], max_bytes: int) -> bytes | ScanFault:
        """All pages as one PDF of at most `max_bytes`; `TOO_LONG` when they don't fit."""


@runtime_checkable
class Keypad(Device, Protocol):
    async def key(self) -> Key | None:
        """Wait for the next key; None when there is no keypad (any more)."""


@runtime_checkable
class Sensors(Device, Protocol):
    """Doors, power, proximity, headphones. What they say is in `status().readings`."""

    async def change(self) -> None:
        """Wait until any reading has changed. Cancel to stop waiting."""


@runtime_checkable
class Speech(Device, Protocol):
    async def say(
        self, text: str, language: Language, voice: Voice, *, private: bool = False
    ) -> Spoken:
        """Speak to the end, or until `stop` or the next `say`. Private: into headphones or not."""

    async def beep(self) -> Spoken:
        """Short tones on the loudspeaker, for whoever looks for this terminal."""

    def stop(self) -> None:
        """Fall silent at once. From any thread."""
