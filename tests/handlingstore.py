"""A fleet's database with cases in it, and a platform that reports their steps, for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Table, select

from fleet.handling.context import Context, context
from fleet.handling.plan import Duty
from fleet.platform.contract import PlatformError, StepEnd, StepReport
from fleet.store.database import Store
from fleet.store.tables import acts, cases, certificates, records
from kiosk import wire
from kiosk.services.fields import Words
from kiosk.services.item import Guide, Item, ItemKind, Stage, Step
from kiosk.services.materials import Material, Source
from postgreswork import DATABASES, own

ZHANG, LI = "445299199003072043", "445299195410121019"
DUTY = Duty("综合受理岗", {"D-POLICE": "公安值班岗"})
DEPT = "114452990000000000"
NONE = Words("", "")


def item(task_code: str = "T1", **other: Any) -> Item:
    """受理 → (公安 ‖ 卫健) → 批准 → 办结, five days promised."""
    steps = (
        Step("accept", NONE, Stage.ACCEPTANCE),
        Step("police", NONE, Stage.REVIEW, ("accept",), dept_code="D-POLICE"),
        Step("health", NONE, Stage.REVIEW, ("accept",)),
        Step("approve", NONE, Stage.APPROVAL, ("police", "health")),
        Step("finish", NONE, Stage.COMPLETION, ("approve",)),
    )
    given: dict[str, Any] = {
        "catalog_code": "",
        "task_version": "1",
        "task_name": NONE,
        "dept_name": NONE,
        "dept_code": DEPT,
        "kind": ItemKind.PROMISE,
        "icon": "",
        "assurance": "card",
        "anticipate_day": 20,
        "promise_day": 5,
        "result_name": NONE,
        "guide": Guide(*[NONE] * 11),
        "purpose": NONE,
        "steps": steps,
        "materials": (
            Material(NONE, "proof", (Source.SCAN,)),
            Material(NONE, "sketch", (Source.SCAN, Source.PROMISE), False, correction_day=5),
        ),
        **other,
    }
    return Item(task_code=task_code, **given)


def case_no(serial: int, terminal: str = "KT-0001") -> str:
    return wire.case_number(terminal, date(2026, 3, 2), serial)


@dataclass
class World:
    """A store and a clock. `now`: epoch seconds, of everybody."""

    url: str
    key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    now: float = 0.0
    store: Any = None
    items: dict[str, Item] = field(default_factory=lambda: {"T1": item()})

    def __post_init__(self) -> None:
        self.store = Store(self.url)

    @property
    def context(self) -> Context:
        return context(
            self.store, self.key, b"k" * 32, items=self.items, duty=DUTY, clock=self.clock
        )

    def clock(self) -> float:
        return self.now

    def receive(self, number: str, at: float, **other: Any) -> wire.CasePayload:
        """A case as the ingest commits it."""
        given = {"task_code": "T1", "applicant": wire.CaseApplicant("张小满", ZHANG), **other}
        payload = wire.CasePayload(
            case_no=number,
            terminal="KT-0001",
            task_version="1",
            apply_date="2026-03-02T10:00:00+08:00",
            answers={},
            identity="card",
            **given,
        )
        sealed = wire.seal(self.key.public_key().public_bytes_raw(), payload)
        row = {
            "case_no": number, "terminal": "KT-0001", "task_code": payload.task_code,
            "task_version": "1", "kind": "promise", "sealed": sealed, "state": "received",
            "received_at": at,
        }  # fmt: skip
        with self.store.write() as connection:
            connection.execute(cases.insert().values(row))
        return payload

    def decide(self, number: str, state: str, reason: str = "", pdf: bytes = b"") -> None:
        """As `CaseWorker` commits a decision."""
        with self.store.write() as connection:
            change = cases.update().where(cases.c.case_no == number)
            values = {"handed_over": True, "state": state, "reason": reason}
            connection.execute(change.values(**values, decided_at=self.now))
            if pdf:
                paper = {"case_no": number, "number": f"C-{number[-7:]}", "pdf": pdf}
                connection.execute(certificates.insert().values(paper))

    def rate(self, seq: int, data: Any, terminal: str = "KT-0001") -> None:
        """A rating as the ingest commits it."""
        level = str(data.get("level", "")) if isinstance(data, dict) else ""
        raw = data if isinstance(data, bytes) else msgspec.json.encode(data)
        key = {"terminal": terminal, "journal": "j1", "seq": seq}
        common = {"time": "", "received_at": self.now, "historical": False}
        with self.store.write() as connection:
            connection.execute(
                records.insert().values(
                    **key, **common, boot=1, id=f"r{seq}", source="", type="kiosk.rating.event",
                    prev="", hash="", data=raw, specversion="1.0", datacontenttype="",
                    session="", of=0, sealed="",
                )
            )  # fmt: skip
            connection.execute(
                acts.insert().values(
                    **key, **common, kind="rating", case_no="", task_code="", outcome=level,
                    paper="", fault="", action="",
                )
            )  # fmt: skip

    def printed(
        self, seq: int, data: dict[str, Any], number: str, paper: str = "certificate"
    ) -> None:
        """The outcome of a print as the ingest commits it."""
        key = {"terminal": "KT-0001", "journal": "j3", "seq": seq}
        common = {"time": "", "received_at": self.now, "historical": False}
        self._record(seq, "j3", "kiosk.print.outcome", msgspec.json.encode(data))
        act = {"kind": "print", "case_no": number, "task_code": "", "paper": paper}
        said = {"outcome": data["rung"], "fault": "", "action": ""}
        with self.store.write() as connection:
            connection.execute(acts.insert().values(**key, **common, **act, **said))

    def complain(self, seq: int, data: Any, sealed: str, terminal: str = "KT-0001") -> None:
        """A complaint as the ingest commits it."""
        raw = msgspec.json.encode(data)
        self._record(seq, "j4", "kiosk.complaint.event", raw, sealed, terminal)

    def _record(
        self, seq: int, journal: str, kind: str, data: bytes, sealed: str = "",
        terminal: str = "KT-0001",
    ) -> None:  # fmt: skip
        row = {
            "terminal": terminal, "journal": journal, "seq": seq, "time": "", "historical": False,
            "received_at": self.now, "boot": 1, "id": f"{journal}-{seq}", "source": "",
            "type": kind, "prev": "", "hash": "", "data": data, "specversion": "1.0",
            "datacontenttype": "", "session": "", "of": 0, "sealed": sealed,
        }  # fmt: skip
        with self.store.write() as connection:
            connection.execute(records.insert().values(row))

    def supplement(
        self, seq: int, number: str, materials: list[wire.CaseMaterial], owner: str = ZHANG
    ) -> None:
        """What the ingest commits when somebody hands something in. `number` "": garbage."""
        applicant = wire.CaseApplicant("张小满", owner)
        payload = wire.CasePayload(
            number, "KT-0001", "T1", "1", "", applicant, {}, "card", materials=materials
        )
        sealed = wire.seal(self.key.public_key().public_bytes_raw(), payload) if number else "AA"
        row = {
            "terminal": "KT-0001", "journal": "j2", "seq": seq, "time": "", "historical": False,
            "received_at": self.now, "boot": 1, "id": f"s{seq}", "source": "",
            "type": "kiosk.supplement.intent", "prev": "", "hash": "", "data": b"{}",
            "specversion": "1.0", "datacontenttype": "", "session": "", "of": 0, "sealed": sealed,
        }  # fmt: skip
        with self.store.write() as connection:
            connection.execute(records.insert().values(row))

    def rows(self, table: Table, *order: str) -> list[dict[str, Any]]:
        query = select(table).order_by(*(table.c[name] for name in order))
        with self.store.read() as connection:
            return [row._asdict() for row in connection.execute(query)]


@dataclass
class Office:
    """A platform that reports steps; a place is how many reports were read. `page`: at a time."""

    found: list[StepReport] = field(default_factory=list)
    page: int = 50
    failures: int = 0

    def reports(self, after: str) -> tuple[list[StepReport], str]:
        if self.failures:
            self.failures -= 1
            raise PlatformError("not now")
        start = int(after or 0)
        found = self.found[start : start + self.page]
        return found, str(start + len(found)) if found else after

    def supplement(self, case: wire.CasePayload) -> None:
        """Nobody asks for it here."""

    def say(self, number: str, step: str, at: float, **other: Any) -> None:
        moment = datetime.fromtimestamp(at, UTC).isoformat()
        given = {"end": StepEnd.DONE, "person": f"{step}员", **other}
        self.found.append(StepReport(number, step, at=moment, **given))


@pytest.fixture(params=DATABASES)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    made = World(own(request, tmp_path))
    yield made
    made.store.close()
