"""What the fleet knows, as frozen rows: the answers of `fleet.live.Live`.

No row holds a citizen's data. Times ending in `_at` are epoch seconds by the fleet's own clock;
`time` is what a terminal's clock said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

READY = ("online", "busy")
SUPPLY_ACTION = {"out": "refill", "low": "refill", "jammed": "clear", "unknown": ""}


class Serving(StrEnum):
    """Can a citizen be served here? Unknown is never the same as yes."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Need:
    """Something a person has to see to.

    `what`: a supply (paper, toner, …), `fault`, or `state`; `level`: its word; `action`: one of
    reset, clear, refill, configuration, maintenance, suspend, or '' when nobody can say yet.
    """

    device: str
    what: str
    level: str
    action: str


@dataclass(frozen=True, slots=True)
class NeedCount:
    """A need, and at how many terminals."""

    need: Need
    terminals: int


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One device in the words of `wire.DeviceHealth`. `supplies`: source -> level."""

    device: str
    state: str
    supplies: Mapping[str, str]
    fault: str
    action: str
    driver: str
    needs: tuple[Need, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Thousands are asked for their needs again and again."""
        object.__setattr__(self, "needs", self._needs())

    def _needs(self) -> tuple[Need, ...]:
        """Empty only when the device is ready and every supply is known to suffice."""
        found = [Need(self.device, "fault", self.fault, self.action)] if self.fault else []
        if self.state not in READY and not self.fault:
            found.append(Need(self.device, "state", self.state, self.action))
        for source, level in self.supplies.items():
            if level in SUPPLY_ACTION:
                found.append(Need(self.device, source, level, SUPPLY_ACTION[level]))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class TerminalRow:
    """One terminal, with its three separate truths: connection, liveness, ability to serve.

    `online`: what the broker last said of its connection. `heard_seconds_ago`: None = never;
    `stale`: silent for longer than the limit. `serving` with `reasons` in words: offline, stale,
    no_health, no_services, screen.<state>, device.<name>.<level>, or the reasons that the terminal
    itself gives for its items. `services`: task_code -> '' or why it cannot be had. `through`: all
    records up to there are held; `missing`: inclusive ranges that are not. `certificate_days`: how
    long its own is still good; None: it has not said. `link_faults`: why it cannot have the next
    one, and what kept it away last. `clock_offset`: seconds by which its clock was ahead of the
    fleet's in its last word of health. `read_at`: when all of this was so.
    """

    id: str
    site: str
    online: bool
    session: int
    boot: int
    heard_seconds_ago: float | None
    stale: bool
    serving: Serving
    reasons: tuple[str, ...]
    screen: str
    devices: tuple[DeviceRow, ...]
    services: Mapping[str, str]
    software: str
    settings: str
    catalogue: str
    outbox: int
    cpu_percent: float
    memory_mb: float
    disk_free_mb: float
    uptime_s: float
    journal: str
    through: int
    missing: tuple[tuple[int, int], ...]
    chain_broken: bool
    certificate_days: int | None = None
    link_faults: tuple[str, ...] = ()
    clock_offset: float | None = None
    read_at: float = 0.0

    @property
    def needs(self) -> tuple[Need, ...]:
        return tuple(need for device in self.devices for need in device.needs)


@dataclass(frozen=True, slots=True)
class TransactionRow:
    """One act of a terminal. `position` grows with each arrival and is the paging key.

    `kind`: case, print or rating. `outcome`: the case's state (received, pending, approved,
    refused), the print's last rung, or the rating's level 1 to 5; `other` for an unknown word.
    `staff`: the id of the helper who handled a case; `bundle`: the number that it has in common
    with the others of one visit.
    """

    position: int
    kind: str
    terminal: str
    time: str
    received_at: float
    case_no: str
    task_code: str
    outcome: str
    paper: str = ""
    fault: str = ""
    action: str = ""
    reason: str = ""
    due_date: str = ""
    certificate_no: str = ""
    historical: bool = False
    staff: str = ""
    bundle: str = ""


@dataclass(frozen=True, slots=True)
class MomentRow:
    """Something that people did at a terminal, or how somebody was identified there.

    `kind`: staff, maintenance, card, consent, face, way, code, pin, witness, ticket, session, case
    (handled by a helper). `role`: of whom it is told; `staff`: the id of who works there; `count`:
    of a session, how many things were forgotten at its end.
    """

    position: int
    kind: str
    terminal: str
    time: str
    received_at: float
    outcome: str
    role: str
    staff: str
    count: int


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """Something that must not happen. `times`: how often it was seen.

    `kind`: one of `incidents.AlarmKind`.
    """

    id: int
    kind: str
    terminal: str
    journal: str
    seq: int
    case_no: str
    first_at: float
    last_at: float
    times: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of everything. `serving`: Serving -> terminals; `cases`: state -> cases.

    `online + offline == terminals`; `stale` counts those silent for too long, online or not.
    `needs`: the most frequent first. `rating`: mean level of all ratings, None without any.
    """

    terminals: int
    online: int
    offline: int
    stale: int
    serving: Mapping[Serving, int]
    cases: Mapping[str, int]
    prints: Mapping[str, int]
    ratings: int
    rating: float | None
    records: int
    missing: int
    alarms: int
    dead_letters: int
    needs: tuple[NeedCount, ...]
