"""How a county's stations are used and what goes wrong: `config/simulate/<name>.toml`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from fleet.errors import FleetError
from kiosk.services import workdays

FOLDER = Path("config/simulate")
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Rate = Annotated[float, msgspec.Meta(ge=0)]
Hours = Annotated[list[Rate], msgspec.Meta(min_length=24, max_length=24)]


class ProfileError(FleetError):
    """The profile is wrong; names the file and the key."""


class Thing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item that people come for. `kind` as in the catalogue."""

    task_code: str
    task_version: str
    kind: str
    weight: Annotated[float, msgspec.Meta(gt=0)]
    answers: dict[str, str] = {}


class Visits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    workday: Rate
    dayoff: Rate
    hours: Hours
    submits: Share
    rates: Share
    certificate: Share
    items: Annotated[list[Thing], msgspec.Meta(min_length=1)]


class Supplies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    slips: Annotated[int, msgspec.Meta(gt=0)]
    low: Annotated[int, msgspec.Meta(ge=0)]
    sheets: Annotated[int, msgspec.Meta(gt=0)]
    refill_hours: Rate


class Faults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    jams: Share
    jam_hours: Rate
    offline_per_month: Rate
    offline_hours: Rate
    restarts_per_month: Rate
    orders: Share
    updates: Share
    health_seconds: tuple[float, float]


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`terminals`: how many there are, unless somebody says otherwise."""

    prefix: str
    site: str
    terminals: Annotated[int, msgspec.Meta(gt=0)]
    visits: Visits
    supplies: Supplies
    faults: Faults

    def rate(self, moment: datetime) -> float:
        """Visits an hour, at one station."""
        visits = self.visits
        day = visits.workday if workdays.is_workday(moment.date()) else visits.dayoff
        return day * visits.hours[moment.hour] / sum(visits.hours)

    @property
    def busiest(self) -> float:
        """No hour has more visits than this."""
        visits = self.visits
        return max(visits.workday, visits.dayoff) * max(visits.hours) / sum(visits.hours)


def load(name: str, folder: Path = FOLDER) -> Profile:
    """Raises `ProfileError`."""
    file = folder / f"{name}.toml"
    try:
        return msgspec.toml.decode(file.read_bytes(), type=Profile)
    except (OSError, msgspec.DecodeError) as error:
        raise ProfileError(f"{file}: {error}") from None
