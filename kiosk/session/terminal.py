"""What a session works with: its place, its limits, its devices. Wired by `kiosk.bootstrap`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.journal import Journal
from kiosk.model import DeviceStatus, Language, Text
from kiosk.ports import (
    CardReader,
    DocumentPrinter,
    FaceCamera,
    FrameSlot,
    Gateway,
    ReceiptPrinter,
)
from kiosk.services.item import Assurance, Item
from kiosk.services.load import Catalogue


@dataclass(frozen=True, slots=True)
class Place:
    """Which terminal this is, and where it stands."""

    terminal: str
    site: Text
    hotline: str
    language: Language = Language.ZH
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """All waiting times of a session, in seconds."""

    idle: float = 60
    still_there: int = 15
    thanks: int = 8
    rating: int = 30
    problem: int = 30
    face: float = 30
    face_tries: int = 3
    ack: float = 4
    decision: float = 8
    poll: float = 0.05
    health: float = 5


@dataclass(slots=True)
class Devices:
    """One port for each device class of this terminal."""

    reader: CardReader
    camera: FaceCamera
    receipt: ReceiptPrinter
    document: DocumentPrinter
    gateway: Gateway
    frames: FrameSlot


@dataclass(slots=True)
class Condition:
    """What is known of devices and network now; from it follows what can be done, and why not."""

    statuses: dict[str, DeviceStatus] = field(default_factory=dict)
    online: bool = False
    commissioned: bool = False  # the fleet's case key is here
    journal_ok: bool = True

    def usable(self, device: str) -> bool:
        """An unknown device is not usable."""
        return device in self.statuses and self.statuses[device].usable

    def why_not(self, item: Item) -> str:
        """Locale key why `item` can't be had now, or ''."""
        obstacles = (
            (item.assurance is not Assurance.NONE and not self.usable("idcard"), "no_reader"),
            (item.certificate and not self.usable("document"), "no_certificate_printer"),
            (not item.offline and not self.online, "offline"),
        )
        return next((f"why_not.{reason}" for obstacle, reason in obstacles if obstacle), "")

    def notices(self) -> tuple[str, ...]:
        """Locale keys of what is limited today."""
        limits = (
            (not self.online, "offline"),
            (not self.usable("receipt"), "no_receipts"),
            (not self.usable("document"), "no_certificates"),
            (not self.usable("camera"), "no_camera"),
        )
        return tuple(f"notice.{name}" for limited, name in limits if limited)


@dataclass(slots=True)
class Terminal:
    """`case_key` gives the fleet's public key once it is known; `check_certificate` says whether a
    PDF carries a valid seal."""

    place: Place
    limits: Limits
    catalogue: Catalogue
    journal: Journal
    devices: Devices
    case_key: Callable[[], bytes | None]
    check_certificate: Callable[[bytes], bool]
    condition: Condition = field(default_factory=Condition)

    def out_of_service(self) -> str:
        """Locale key part `out_of_service.<code>` when nobody can be served, or ''."""
        condition = self.condition
        if not condition.journal_ok:
            return "journal"
        if not condition.commissioned or not condition.statuses:
            return "starting"
        if all(condition.why_not(item) for item in self.catalogue.items):
            return "no_reader"
        return ""
