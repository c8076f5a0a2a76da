"""A console in a process of its own, and terminals that talk to it; for its browser tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from kiosk import wire

SERVER = Path(__file__).parent / "fleet" / "console_server.py"
GOOD = [
    wire.DeviceHealth("idcard", "online", driver="sdt_serial"),
    wire.DeviceHealth("camera", "online", driver="opencv"),
    wire.DeviceHealth("receipt", "online", {"paper": "full"}, driver="escpos_network"),
    wire.DeviceHealth("document", "online", {"paper": "full", "toner": "full"}, driver="ipp"),
]
NO_RECEIPT_PAPER = wire.DeviceHealth(
    "receipt", "offline", {"paper": "out"}, "paper_out", "refill", "escpos_network"
)
JAMMED = wire.DeviceHealth(
    "document", "hardware_error", {"paper": "unknown", "toner": "low"}, "jam", "clear", "ipp"
)
ALL = {"SAMPLE-CERT": "", "SAMPLE-QUERY": ""}


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass
class Terminal:
    """What one terminal would send, with a journal whose chain holds."""

    fleet: Fleet
    id: str
    seq: int = 0
    prev: str = wire.GENESIS
    at: str = ""  # its clock; '' is now
    records: list[wire.Record] = field(default_factory=list)

    def report(
        self,
        devices: list[wire.DeviceHealth] | None = None,
        services: dict[str, str] | None = None,
        site: str = "示例县政务服务中心",
        screen: str = "idle",
        ago: float = 0.0,
    ) -> None:
        said = GOOD if devices is None else devices
        birth = wire.Birth(
            self.id, 1, 1, f"j-{self.id}", 9, now(), site, "0.1.0", devices=said,
            services=ALL if services is None else services,
        )  # fmt: skip
        self.fleet.send(self.id, "birth", birth, ago)
        self.fleet.send(
            self.id, "health", wire.Health(self.id, 1, now(), said, screen, outbox=3), ago
        )

    def disconnect(self, ago: float = 0.0) -> None:
        self.fleet.send(self.id, "state", wire.State(self.id, False, 1, 1, now()), ago)

    def write(self, type_: str, **data: Any) -> wire.Record:
        self.seq += 1
        journal = f"j-{self.id}"
        record = wire.Record(
            f"{journal}-{self.seq}", f"/terminals/{self.id}", type_, self.at or now(), journal, 1,
            self.seq, self.prev, "", msgspec.Raw(json.dumps(data).encode()), sealed="c2VhbGVk",
        )  # fmt: skip
        record = msgspec.structs.replace(record, hash=wire.digest(record))
        self.prev = record.hash
        return record

    def tell(self, *records: wire.Record) -> None:
        self.fleet.send(self.id, "events", wire.Events(self.id, list(records)))

    def note(self, kind: str, phase: str = "event", **data: Any) -> None:
        self.tell(self.write(f"kiosk.{kind}.{phase}", **data))

    def case(self, case_no: str, paper: str = "presented", level: int = 0, **more: str) -> None:
        self.tell(
            self.write(
                "kiosk.case.intent",
                case_no=case_no,
                task_code="SAMPLE-CERT",
                kind="instant",
                **more,
            ),
            self.write(
                "kiosk.print.outcome", job=case_no, paper="receipt", case_no=case_no, rung=paper
            ),
        )
        if level:
            self.tell(self.write("kiosk.rating.event", case_no=case_no, level=level, tags=[]))


@dataclass
class Fleet:
    process: subprocess.Popen[str]
    folder: Path
    url: str

    def send(self, terminal: str, leaf: str, message: wire.Incoming, ago: float = 0.0) -> None:
        self.send_raw(wire.topic("sample", terminal, leaf), wire.encode(message).decode(), ago)

    def send_raw(self, topic: str, payload: str, ago: float = 0.0) -> None:
        said = {"topic": topic, "payload": payload, "ago": ago}
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(said) + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "ok\n"

    def terminal(self, id_: str) -> Terminal:
        return Terminal(self, id_)


def start(folder: Path, rules: Path | None = None, password: str = "") -> Iterator[Fleet]:
    """`rules`: of alarms. `password`: of those who sign in; '': nobody does."""
    store = f"sqlite:///{folder / 'store' / 'fleet.db'}"
    work = folder / "work"
    work.mkdir()
    process = subprocess.Popen(
        [sys.executable, str(SERVER), store, *([str(rules)] if rules else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=work,
        env={**os.environ, "CONSOLE_PASSWORD": password},
    )
    try:
        assert process.stdout
        yield Fleet(process, folder, f"http://127.0.0.1:{int(process.stdout.readline())}")
    finally:
        process.terminate()
        process.communicate(timeout=20)
