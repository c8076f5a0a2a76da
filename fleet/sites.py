"""Where sites are: entered by people, kept in the store."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sqlalchemy import delete, select

from fleet.store.console_tables import sites
from fleet.store.database import Store, put

LONGEST = 200  # characters of a name, and of an address


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees of WGS 84, north and east."""

    site: str
    latitude: float
    longitude: float
    address: str = ""

    @property
    def sound(self) -> bool:
        known = math.isfinite(self.latitude) and math.isfinite(self.longitude)
        there = known and abs(self.latitude) <= 90 and abs(self.longitude) <= 180
        return there and 0 < len(self.site) <= LONGEST and len(self.address) <= LONGEST


class Sites:
    """Blocking; raises SQLAlchemy's errors."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def every(self) -> dict[str, Place]:
        columns = (sites.c.site, sites.c.latitude, sites.c.longitude, sites.c.address)
        with self._store.read() as connection:
            return {row.site: Place(*row) for row in connection.execute(select(*columns))}

    def save(self, place: Place, person: str, now: float) -> None:
        """`place`: a sound one."""
        if not place.sound:
            raise ValueError("no place on earth")
        values = {
            "latitude": place.latitude, "longitude": place.longitude, "address": place.address,
            "changed_by": person, "changed_at": now,
        }  # fmt: skip
        with self._store.write() as connection:
            put(connection, sites, {"site": place.site, **values}, ("site",), values)

    def remove(self, site: str) -> None:
        with self._store.write() as connection:
            connection.execute(delete(sites).where(sites.c.site == site))
