"""What is known of devices and network; from it follows what can be done now, and why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kiosk.model import DeviceStatus, Text
from kiosk.services.item import Assurance, Item
from kiosk.view import Notice

# Device → locale key `notice.<key>` while it can't be used.
_NOTICES = {
    "idcard": "no_idcard",
    "receipt": "no_receipts",
    "document": "no_certificates",
    "camera": "no_camera",
    "chipcard": "no_chipcard",
    "scanner": "no_scanner",
    "doccam": "no_doccam",
    "speech": "no_speech",
    "keypad": "no_keypad",
    "sensors": "no_sensors",
}
_EXPECTED = ("receipt", "document", "camera")
# Fault of the sensors → `out_of_service.<key>`: nobody is served while staff work inside, while
# somebody who is not staff does, or when power is about to end.
_CLOSING = {"door_open": "maintenance", "door_tampered": "tampered", "ups_low": "power"}

# Which device reads which document of `Item.documents`.
_READERS = {"id_card": "idcard", "social_security_card": "chipcard", "passport": "chipcard"}


@dataclass(slots=True)
class Condition:
    statuses: dict[str, DeviceStatus] = field(default_factory=dict)
    online: bool = False
    commissioned: bool = False  # the fleet's case key is here
    journal_ok: bool = True
    closed_by_staff: bool = False
    closed_by_fleet: str = ""  # maintenance or message
    message: Text | None = None  # of the fleet, while it is closed by one
    defective: bool = False  # the idle page itself fails: see `refuge`
    order: str = ""  # hold, identify or test_print: what the fleet has asked for is being done
    flash: bool = False  # the bright half of what shows people which terminal this is

    def usable(self, device: str) -> bool:
        """An unknown device is not usable."""
        return device in self.statuses and self.statuses[device].usable

    def headphones(self) -> bool:
        """Are they plugged in? Unknown is no."""
        status = self.statuses.get("sensors")
        return status is not None and status.readings.get("headphones") == "present"

    def why_not(self, item: Item) -> str:
        """Locale key why `item` can't be had now, or ''."""
        obstacles = (
            (item.assurance is not Assurance.NONE and not self._readable(item), "no_reader"),
            (item.certificate and not self.usable("document"), "no_certificate_printer"),
            (not item.offline and not self.online, "offline"),
        )
        return next((f"why_not.{reason}" for obstacle, reason in obstacles if obstacle), "")

    def _readable(self, item: Item) -> bool:
        return any(self.usable(_READERS[document]) for document in item.documents)

    def notices(self) -> tuple[Notice, ...]:
        """What is limited today: the network first, then devices as `_NOTICES` weighs them."""
        offline = () if self.online else (Notice("offline"),)
        return offline + tuple(
            self._notice(device, key) for device, key in _NOTICES.items() if self._missed(device)
        )

    def _missed(self, device: str) -> bool:
        """A class that this terminal was built without is missed only if citizens count on it."""
        status = self.statuses.get(device)
        fitted = status is not None and (status.usable or status.fault is not None)
        return not self.usable(device) and (fitted or device in _EXPECTED)

    def _notice(self, device: str, key: str) -> Notice:
        status = self.statuses.get(device)
        fault = status.fault if status else None
        if fault is None:
            return Notice(key, device)
        return Notice(key, device, fault.code, str(fault.action))

    def closed(self) -> str:
        """Why nobody may be served although the devices could, by staff or sensors; or ''."""
        if self.order:
            return self.order
        if self.closed_by_staff:
            return "maintenance"
        if self.closed_by_fleet:
            return self.closed_by_fleet
        status = self.statuses.get("sensors")
        return _CLOSING.get(status.fault.code, "") if status and status.fault else ""


def status_data(status: DeviceStatus, driver: str) -> dict[str, Any]:
    """As the journal and the wire hold it. A fault's `detail` stays here: it may name anything."""
    fault = status.fault
    return {
        "device": status.device,
        "state": str(status.state),
        "supplies": {name: str(level) for name, level in status.supplies.items()},
        "fault": fault.code if fault else "",
        "action": str(fault.action) if fault else "",
        "readings": dict(status.readings),
        "driver": driver,
    }
