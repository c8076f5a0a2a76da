"""One device as staff see it: how it is, what is wrong, what to do, what to bring."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.view import DeviceRow
from screens.theme import Look
from screens.widgets.box import Column, Row
from screens.widgets.marks import Medallion
from screens.widgets.text import Label

_ICONS = {
    "idcard": "account-card-details",
    "chipcard": "chip",
    "camera": "camera",
    "receipt": "receipt",
    "document": "certificate",
    "scanner": "barcode-scan",
    "doccam": "file-find",
    "keypad": "dialpad",
    "sensors": "gauge",
    "speech": "volume-high",
}
_TONES = {"online": "good", "busy": "accent", "starting": "accent"}  # other states: bad
_SCARCE = ("low", "out", "jammed")
_NOT_FITTED = "not_fitted"  # nothing is wrong: this terminal has none
_PALE = {"muted": ("on_idle", "idle")}


class DeviceLine(Row):
    def __init__(self, look: Look) -> None:
        super().__init__(look, gap=24, pad=(0, 4, 0, 4), flow=True)
        self.pos_hint = {"top": 1}
        self._icon = Medallion(look, "information", 76)
        self._name = Label(look, "body", bold=True)
        self._state = Label(look, "small")
        self._supplies = Label(look, "small", colour="muted")
        self._words = Column(look, flow=True)
        self._words.pos_hint = {"center_y": 0.5}
        self.hold(self._icon, self._words)

    def fill(self, row: DeviceRow, say: Callable[..., str]) -> None:
        tone = _tone(row)
        self._icon.change(_ICONS.get(row.device, "information"),
                          *_PALE.get(tone, (tone, f"{tone}_soft")))  # fmt: skip
        self._name.say(say(f"device.{row.device}"))
        self._state.say(_state(row, say))
        self._state.paint(tone)
        parts = [f"{say(f'supply.{name}')} {say(f'supply.level.{x}')}" for name, x in row.supplies]
        self._supplies.say(" · ".join(parts))
        scarce = any(level in _SCARCE for _, level in row.supplies)
        self._supplies.paint("warn" if scarce else "muted")
        self._words.hold(self._name, self._state, *((self._supplies,) if parts else ()))


def _tone(row: DeviceRow) -> str:
    if row.fault == _NOT_FITTED:
        return "muted"
    tone = _TONES.get(row.state, "bad")
    scarce = row.fault or any(level in _SCARCE for _, level in row.supplies)
    return "warn" if scarce and tone == "good" else tone


def _state(row: DeviceRow, say: Callable[..., str]) -> str:
    fault = say(f"fault.{row.fault}") if row.fault else ""
    if row.fault == _NOT_FITTED:
        return fault
    state = say(f"device.state.{row.state}")
    if fault and row.action:
        fault = say("staff.fault", fault=fault, action=say(f"action.{row.action}"))
    return f"{state} · {fault}" if fault else state
