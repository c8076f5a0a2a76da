"""People who work at terminals, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class StaffRole(StrEnum):
    HELPER = "helper"  # 代办员: acts for citizens who stand beside them
    OPERATOR = "operator"  # paper, toner, test prints
    ADMINISTRATOR = "administrator"  # that, and taking the terminal out of service


class Level(StrEnum):
    """Whose service point somebody works for (县、乡镇、村)."""

    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


class Handling(StrEnum):
    """What a service point may do with an item (终审、代受理、代办)."""

    FINAL = "final"  # the decision can be given here
    ACCEPT = "accept"  # accepted here on behalf of the office that decides
    CARRY = "carry"  # handed on; it counts as accepted when that office accepts it
    NONE = "none"  # not offered


@dataclass(frozen=True, slots=True)
class Member:
    """`id` goes into records and onto slips: H-07. The name is shown to those present."""

    id: str
    name: str = field(repr=False)
    role: StaffRole
    level: Level
