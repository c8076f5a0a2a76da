"""For tests of rollouts: a fleet's store, a clock that is set, and terminals that act on their
pointers like real ones: some break, some fall back, some are away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection

from fleet.commands import Commander
from fleet.projection import enter
from fleet.rollouts.worker import RolloutWorker
from fleet.store.database import Store, put
from fleet.store.tables import terminals
from kiosk import wire
from kiosk.wire import Desired, PieceKind, Step

TENANT, START = "sample", 1_800_000_000.0


@dataclass
class Sim:
    """A terminal. `breaks`: versions that do not come up well; `hurts`: versions with which half of
    the visits are given up; `spoils`: versions with which papers stay unconfirmed."""

    name: str
    site: str = "示例县"
    online: bool = True
    breaks: tuple[str, ...] = ()
    dies: tuple[str, ...] = ()
    hurts: tuple[str, ...] = ()
    spoils: tuple[str, ...] = ()
    versions: dict[str, str] = field(
        default_factory=lambda: {"software": "0.1.0", "settings": "", "catalogue": "7-abc"}
    )
    pointer: Desired | None = None
    seq: int = 0
    steps: list[tuple[str, str]] = field(default_factory=list)


class Village:
    """Many of them, and the fleet; nothing moves but by `pass_time`."""

    def __init__(self, folder: Path, *sims: Sim, url: str = "") -> None:
        self.store = Store(url or f"sqlite:///{folder}/fleet.db")
        self.now = START
        self.sims = {sim.name: sim for sim in sims}
        self.commander = Commander(folder / "var", folder / "trust", TENANT, lambda: self.now)
        self.commands: list[wire.Command] = []
        self.broker: dict[str, Desired] = {}
        self._fresh: list[tuple[str, wire.Record]] = []
        self.worker = self.restart()
        self._flush(sims)

    def restart(self) -> RolloutWorker:
        self.worker = RolloutWorker(self.store, self.commander, self, lambda: self.now)
        return self.worker

    # ---- The broker --------------------------------------------------------------------------

    def say(self, terminal: str, leaf: str, body: bytes, *, retain: bool = False) -> bool:
        if leaf == "desired":
            assert retain
            self.broker[terminal] = msgspec.json.decode(body, type=Desired)
        else:
            self.commands.append(msgspec.json.decode(body, type=wire.Command))
        return True

    def close(self) -> None:
        """Nothing is open."""

    # ---- Time --------------------------------------------------------------------------------

    def pass_time(self, seconds: float, step: float = 600.0, visits: int = 4) -> None:
        """Terminals serve, and do what they are told; the fleet looks."""
        end = self.now + seconds
        while self.now < end:
            self.now = min(end, self.now + step)
            there = [sim for sim in self.sims.values() if sim.online]
            for sim in there:
                self._obey(sim)
                self._serve(sim, visits)
            self._flush(there)
            self.worker.tick()

    def _obey(self, sim: Sim) -> None:
        pointer = self.broker.get(sim.name)
        if pointer is None or (sim.pointer and pointer.number <= sim.pointer.number):
            return
        sim.pointer = pointer
        for kind in PieceKind:
            piece = getattr(pointer, kind.value)
            if piece is None:
                continue
            if sim.versions[kind] == piece.version:
                self.told(sim, kind, piece.version, Step.CONFIRMED)
                continue
            self.told(sim, kind, piece.version, Step.SWITCHED)
            if piece.version in sim.dies:
                sim.online = False
            elif piece.version in sim.breaks:
                self.told(sim, kind, piece.version, Step.FELL_BACK, "not_healthy")
            else:
                sim.versions[kind] = piece.version
                self.told(sim, kind, piece.version, Step.CONFIRMED)

    def told(self, sim: Sim, kind: str, version: str, step: str, why: str = "") -> None:
        sim.steps.append((version, str(step)))
        data = {"kind": str(kind), "version": version, "step": str(step), "why": why}
        self.record(sim, "kiosk.desired.event", data)

    def record(self, sim: Sim, kind: str, data: dict[str, Any]) -> None:
        sim.seq += 1
        record = wire.Record(
            id=f"j-{sim.seq}", source=f"/terminals/{sim.name}", type=kind, time="2026-01-02",
            journal=f"j-{sim.name}", boot=1, seq=sim.seq, prev="", hash="",
            data=msgspec.Raw(msgspec.json.encode(data)),
        )  # fmt: skip
        self._fresh.append((sim.name, record))

    def _flush(self, there: Iterable[Sim]) -> None:
        """In one transaction: the disk is not what is tested here."""
        with self.store.write() as connection:
            enter(connection, self.now, self._fresh)
            for sim in there:
                self._speak(connection, sim)
        self._fresh = []

    def _serve(self, sim: Sim, visits: int) -> None:
        version = sim.versions["software"]
        for number in range(visits):
            given_up = version in sim.hurts and number % 2
            lost = version in sim.spoils and number == 0
            data = {"reason": "left" if given_up else "finished", "wiped": {}, "seconds": 60}
            self.record(sim, "kiosk.session.outcome", data)
            rung = "unconfirmed" if lost else "presented"
            self.record(sim, "kiosk.print.outcome", {"rung": rung, "paper": "receipt"})

    def _speak(self, connection: Connection, sim: Sim) -> None:
        state = wire.State(
            sim.name, sim.online, 1, 1, "2026-01-02", sim.versions["software"], "x",
            sim.versions["catalogue"], given=sim.versions["settings"],
        )  # fmt: skip
        birth = wire.Birth(sim.name, 1, 1, "j", sim.seq, "2026-01-02", sim.site)
        values = {
            "online": sim.online, "heard_at": self.now, "seen_at": self.now,
            "state": wire.encode(state).decode(), "birth": wire.encode(birth).decode(),
        }  # fmt: skip
        row = {"terminal": sim.name, **values}
        put(connection, terminals, row, ("terminal",), values)

    def cut(self, sim: Sim) -> None:
        """Its link is gone: the broker says its will."""
        sim.online = False
        with self.store.write() as connection:
            where = terminals.c.terminal == sim.name
            connection.execute(terminals.update().where(where).values(online=False))
