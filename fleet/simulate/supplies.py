"""A simulated printer's paper: it runs low, runs out, jams, and somebody comes."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk import wire

DRIVERS = {"receipt": "escpos_serial", "document": "ipp"}


@dataclass(slots=True)
class Printer:
    """`supply`: the paper's name in health; `left`: lines of a roll's slips, or sheets."""

    device: str
    supply: str
    left: int
    jammed: bool = False

    @property
    def works(self) -> bool:
        return self.left > 0 and not self.jammed

    def clear(self) -> None:
        self.jammed = False

    def refill(self, full: int) -> None:
        self.left = full

    def status(self, low: int) -> wire.DeviceHealth:
        paper = "out" if not self.left else "low" if self.left <= low else "full"
        fault, action = "", ""
        if self.jammed:
            fault, action, paper = "paper_jam", "clear", "jammed"
        elif not self.left:
            fault, action = "paper_out", "refill"
        state = "online" if self.works else "user_error"
        driver = DRIVERS[self.device]
        return wire.DeviceHealth(self.device, state, {"paper": paper}, fault, action, driver)
