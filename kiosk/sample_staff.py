"""Invented staff for a demonstration: enrolled once, with PINs that nobody could know before."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import msgspec

from drivers.idcard.samples import SAMPLES
from kiosk.identity.pins import pin_problem
from kiosk.identity.roster import Roster
from kiosk.model import Level, StaffRole

FILE = "staff.json"  # beside the simulators' state: what these people know by heart
# Card in the dock → what its owner does here.
_PEOPLE = {
    "helper": (StaffRole.HELPER, Level.VILLAGE),
    "operator": (StaffRole.ADMINISTRATOR, Level.COUNTY),
}


def enrol(roster_path: Path, folder: Path) -> dict[str, str]:
    """Card of the dock → PIN, for a roster that is still empty; read again from `folder` later."""
    known = folder / FILE
    roster = Roster.load(roster_path)
    if not roster.empty:
        return _read(known)
    roster_path.parent.mkdir(parents=True, exist_ok=True)
    pins = {}
    for card, (role, level) in _PEOPLE.items():
        person = SAMPLES[card]
        pins[card] = _pin(person.number)
        roster.add(person.name, person.number, role, level, pins[card])
    folder.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(known, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(pins))
    return pins


def _read(path: Path) -> dict[str, str]:
    """Nothing when the file is lost or was changed: new PINs come from `kiosk staff pin`."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError):
        return {}


def _pin(card_number: str) -> str:
    while True:
        pin = f"{secrets.randbelow(10**6):06d}"
        if pin_problem(pin, card_number) is None:
            return pin
