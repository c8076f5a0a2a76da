"""One simulated station: its journal, its supplies, its troubles, on a clock of its own."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec

from fleet.simulate import visit
from fleet.simulate.profile import Profile
from fleet.simulate.supplies import Printer
from kiosk import wire
from kiosk.wire import PieceKind

MONTH = 30 * 24 * 3600.0
VERSIONS = {PieceKind.SOFTWARE: "0.1.0", PieceKind.SETTINGS: "", PieceKind.CATALOGUE: "2026.1"}


class Station:
    """Everything follows from `seed` and `number`. `key`: the fleet's, for sealed cases."""

    def __init__(
        self, profile: Profile, seed: int, number: int, key: bytes, start: datetime
    ) -> None:
        self.id = f"{profile.prefix}-{number:05}"
        self.profile, self.key, self.now = profile, key, start
        self.dice = Random(f"{seed}/{number}")
        self.journal = f"{self.dice.getrandbits(64):016x}"
        self.site = profile.site.format(number=number)
        self.slips = Printer("receipt", "slips", profile.supplies.slips)
        self.sheets = Printer("document", "sheets", profile.supplies.sheets)
        self.luck = Random(f"{seed}/{number}/asked")  # of what the fleet asks it to do
        self.boot, self.session, self.online, self.closed = 1, 0, True, ""
        self.versions = dict(VERSIONS)
        self.news: set[str] = set()  # what it is to say of itself, soon
        self.unacked: list[wire.Record] = []
        self.seq, self.newest_hash = 0, wire.GENESIS
        self._plan: list[tuple[datetime, int, Callable[[], None]]] = []
        self._planned = 0
        self._told: dict[str, wire.DeviceHealth] = {}
        self._say_boot()
        self.tell(self.slips)
        self.tell(self.sheets)
        self._next_visit()
        faults = profile.faults
        self._sometime(faults.offline_per_month, self._go_offline)
        self._sometime(faults.restarts_per_month, self._restart)

    # ---- Time --------------------------------------------------------------------------------

    @property
    def due(self) -> datetime:
        """When something happens here next."""
        return self._plan[0][0]

    def live(self, until: datetime) -> None:
        """Everything that happens up to then."""
        while self._plan[0][0] <= until:
            moment, _, act = heapq.heappop(self._plan)
            self.now = max(self.now, moment)  # a visit may have lasted longer
            act()
        self.now = max(self.now, until)

    def plan(self, seconds: float, act: Callable[[], None]) -> None:
        self._planned += 1
        moment = self.now + timedelta(seconds=seconds)
        heapq.heappush(self._plan, (moment, self._planned, act))

    # ---- The journal -------------------------------------------------------------------------

    def record(
        self, kind: str, data: dict[str, Any], session: str = "", sealed: str = "", of: int = 0
    ) -> wire.Record:
        self.seq += 1
        draft = wire.Record(
            id=f"{self.journal}-{self.seq}", source=f"/terminals/{self.id}",
            type=f"kiosk.{kind}", time=self.now.isoformat(timespec="milliseconds"),
            journal=self.journal, boot=self.boot, seq=self.seq, prev=self.newest_hash, hash="",
            data=msgspec.Raw(msgspec.json.encode(data)), session=session, of=of, sealed=sealed,
        )  # fmt: skip
        made = msgspec.structs.replace(draft, hash=wire.digest(draft))
        self.newest_hash = made.hash
        self.unacked.append(made)
        return made

    def acknowledged(self, ack: wire.Ack) -> None:
        if ack.journal == self.journal:
            first = self.unacked[0].seq if self.unacked else 0
            del self.unacked[: max(0, ack.through - first + 1)]

    def tell(self, printer: Printer) -> None:
        """Into the journal, when it is another than it said last."""
        status = printer.status(self.profile.supplies.low)
        if self._told.get(printer.device) != status:
            self._told[printer.device] = status
            self.record("device.event", {**msgspec.structs.asdict(status), "readings": {}})

    def tend(self, printer: Printer, act: Callable[[], None]) -> None:
        """Somebody has come."""
        act()
        self.tell(printer)

    @property
    def screen(self) -> str:
        return self.closed or "idle"

    # ---- What it says of itself --------------------------------------------------------------

    def state(self, *, online: bool) -> wire.State:
        software, given, catalogue = self.versions.values()
        return wire.State(
            self.id, online, self.session, self.boot, self._time(), software, "sim", catalogue,
            protocol=wire.PROTOCOL, given=given,
        )  # fmt: skip

    def birth(self) -> wire.Birth:
        software, given, catalogue = self.versions.values()
        return wire.Birth(
            self.id, self.session, self.boot, self.journal, self.seq, self._time(), self.site,
            software, "sim", catalogue, self._devices(), self._offers(), protocol=wire.PROTOCOL,
            given=given,
        )  # fmt: skip

    def health(self) -> wire.Health:
        dice = Random(f"{self.id}/{self.now.isoformat()}")  # looking changes nothing
        load, memory = dice.uniform(0.5, 20), dice.uniform(300, 420)
        return wire.Health(
            self.id, self.session, self._time(), self._devices(), self.screen,
            len(self.unacked), 0, round(load, 1), round(memory, 1), 18_000.0, 86_400.0,
        )  # fmt: skip

    def services(self) -> wire.Services:
        return wire.Services(self.id, self.session, self._time(), self._offers())

    def _offers(self) -> dict[str, str]:
        paper = "" if self.slips.works else "why_not.no_receipt_paper"
        return {one.task_code: paper for one in self.profile.visits.items}

    def _devices(self) -> list[wire.DeviceHealth]:
        return [
            wire.DeviceHealth("idcard", "online", driver="sdt_serial"),
            *(printer.status(self.profile.supplies.low) for printer in (self.slips, self.sheets)),
        ]

    def _time(self) -> str:
        return self.now.isoformat(timespec="milliseconds")

    # ---- What happens ------------------------------------------------------------------------

    def _next_visit(self) -> None:
        """By thinning: as many tries as in the busiest hour, some of which nobody makes."""
        self.plan(self.dice.expovariate(self.profile.busiest / 3600), self._visit)

    def _visit(self) -> None:
        chance = self.dice.random() * self.profile.busiest
        if chance < self.profile.rate(self.now) and self.slips.works and not self.closed:
            visit.happens(self)
        self._next_visit()

    def _go_offline(self) -> None:
        self.online = False
        self.plan(self.dice.expovariate(1 / (3600 * self._hours_away())), self._come_back)

    def _come_back(self) -> None:
        self.online = True
        self._sometime(self.profile.faults.offline_per_month, self._go_offline)

    def _hours_away(self) -> float:
        return max(self.profile.faults.offline_hours, 1 / 60)

    def start_again(self) -> None:
        self.boot += 1
        self.news |= {"state", "birth"}
        self._say_boot()

    def _say_boot(self) -> None:
        software, _given, catalogue = self.versions.values()
        self.record("boot.event", {"software": software, "catalogue": catalogue})

    def _restart(self) -> None:
        self.start_again()
        self._sometime(self.profile.faults.restarts_per_month, self._restart)

    def _sometime(self, per_month: float, act: Callable[[], None]) -> None:
        if per_month > 0:
            self.plan(self.dice.expovariate(per_month / MONTH), act)
