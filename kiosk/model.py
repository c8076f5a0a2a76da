"""The nouns of a visit: people, cards, devices, papers. Frozen, with no behaviour of their own.

Fields that hold a citizen's data never show in `repr`, so that no log can print them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Language(StrEnum):
    """Languages of the screens; the value is the name of the file in `config/locales`."""

    ZH = "zh_CN"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the catalogue in each language."""

    zh: str
    en: str

    def into(self, language: Language) -> str:
        return self.zh if language is Language.ZH else self.en


# ---- Devices (vocabulary of XFS4IoT) ---------------------------------------------------------


class DeviceState(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"
    NO_DEVICE = "no_device"
    HARDWARE_ERROR = "hardware_error"
    USER_ERROR = "user_error"
    BUSY = "busy"
    STARTING = "starting"
    FRAUD_SUSPECTED = "fraud_suspected"


class SupplyLevel(StrEnum):
    FULL = "full"
    LOW = "low"
    OUT = "out"
    JAMMED = "jammed"
    UNKNOWN = "unknown"
    NOT_SUPPORTED = "not_supported"


class FaultAction(StrEnum):
    """What a person has to do about a fault."""

    RESET = "reset"
    CLEAR = "clear"
    REFILL = "refill"
    CONFIGURATION = "configuration"
    MAINTENANCE = "maintenance"
    SUSPEND = "suspend"


@dataclass(frozen=True, slots=True)
class Fault:
    """A typed fault: `code` is a word of the device's closed set; never citizen's data."""

    code: str
    action: FaultAction
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """What is known of one device now. An unknown supply is never the same as a full one."""

    device: str
    state: DeviceState
    supplies: Mapping[str, SupplyLevel] = field(default_factory=dict)
    fault: Fault | None = None

    @property
    def usable(self) -> bool:
        """Can serve a citizen: online (or busy) and no supply is out or jammed."""
        bad = (SupplyLevel.OUT, SupplyLevel.JAMMED)
        ready = self.state in (DeviceState.ONLINE, DeviceState.BUSY)
        return ready and not any(level in bad for level in self.supplies.values())


# ---- ID cards --------------------------------------------------------------------------------


class CardType(StrEnum):
    """Layouts of the 256-byte text block; the value is the mark at offset 248 ('' = citizen)."""

    CITIZEN = ""
    FOREIGN_2017 = "I"
    HMT_RESIDENCE = "J"
    FOREIGN_2023 = "Y"


@dataclass(frozen=True, slots=True)
class IdCard:
    """What an ID card says. `valid_to` None: 长期, no expiry. `photo`: 1024 bytes of WLT."""

    card_type: CardType
    name: str = field(repr=False)
    number: str = field(repr=False)
    sex: str = field(repr=False)
    birth: date = field(repr=False)
    valid_from: date = field(repr=False)
    valid_to: date | None = field(repr=False)
    ethnic: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    issuer: str = field(default="", repr=False)
    name_en: str = field(default="", repr=False)
    photo: bytes = field(default=b"", repr=False)


class CardFault(StrEnum):
    """Why a card could not be read. Each has a text `problem.card.<value>` in the locales."""

    CHECKSUM = "checksum"  # a frame's XOR did not match
    CUT_SHORT = "cut_short"  # a frame ended before its length said
    LIFTED = "lifted"  # the card left the field during the read
    WRONG_CARD = "wrong_card"  # not an identity card, or an unknown layout
    REFUSED = "refused"  # card and reader did not accept each other
    BAD_NUMBER = "bad_number"  # the number's check digit is wrong
    EXPIRED = "expired"  # the card's validity has ended
    NO_READER = "no_reader"  # the reader is unplugged or silent


# What a person has to do at the terminal about it; the others are mended by the citizen alone.
CARD_ACTIONS: Mapping[CardFault, FaultAction] = {
    CardFault.CHECKSUM: FaultAction.MAINTENANCE,
    CardFault.CUT_SHORT: FaultAction.MAINTENANCE,
    CardFault.NO_READER: FaultAction.MAINTENANCE,
}


# ---- Faces -----------------------------------------------------------------------------------


class FaceHint(StrEnum):
    """What to tell a person in front of the camera; text `face.hint.<value>`."""

    SEARCHING = "searching"  # nobody is seen
    CLOSER = "closer"
    FARTHER = "farther"
    CENTRE = "centre"
    STRAIGHT = "straight"  # a profile or a tilted head
    ONE_PERSON = "one_person"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    HOLD_STILL = "hold_still"  # well framed: keep so
    CAPTURED = "captured"


class FaceFault(StrEnum):
    """Why no face was captured; text `problem.face.<value>`."""

    NO_CAMERA = "no_camera"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True, slots=True)
class FaceCapture:
    """One well framed face: BGR bytes, row by row, `width * height * 3` of them."""

    width: int
    height: int
    bgr: bytes = field(repr=False)
    sharpness: float = 0.0


# ---- Papers ----------------------------------------------------------------------------------


class Rung(StrEnum):
    """The ladder of a print job. Success is shown at PRESENTED, never before.

    QUEUED means that nothing has reached the printer; UNCONFIRMED that nobody can know.
    """

    QUEUED = "queued"
    SENT = "sent"
    PRINTED = "printed"
    PRESENTED = "presented"
    TAKEN = "taken"
    RETRACTED = "retracted"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """The last rung that was reached for certain, and the fault that stopped the climb."""

    rung: Rung
    fault: Fault | None = None

    @property
    def done(self) -> bool:
        return self.rung in (Rung.PRESENTED, Rung.TAKEN)


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of print; the driver wraps it. `scale` 1 or 2 multiplies both dimensions."""

    text: str = field(repr=False)
    align: Align = Align.LEFT
    scale: int = 1
    bold: bool = False


@dataclass(frozen=True, slots=True)
class PairLine:
    """A label at the left edge, its value at the right; wraps below when too wide."""

    label: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A thin line across the paper."""


@dataclass(frozen=True, slots=True)
class QrLine:
    """A QR code (ECC M), centred."""

    data: str = field(repr=False)


ReceiptLine = TextLine | PairLine | RuleLine | QrLine


@dataclass(frozen=True, slots=True)
class Receipt:
    """A slip, top to bottom; the driver feeds and cuts after the last line."""

    lines: tuple[ReceiptLine, ...]
