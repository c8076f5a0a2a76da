"""Reports, interface, backup and restore with a county's year.

KIOSK_CASES (default 400,000: the seed county's year), KIOSK_RECORDS (default 200,000; a year has
some twelve for each case), KIOSK_TERMINALS (default 10,000, for the interface).
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any

import msgspec
import pyrage
from fastapi.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parents[1]))

from fleet import api
from fleet.backup import run
from fleet.backup.run import Whole
from fleet.interface.routes import Desk
from fleet.ledger import Ledger
from fleet.live import Live
from fleet.metrics import Metrics
from fleet.reports import files
from fleet.reports.build import Reporter
from fleet.reports.files import Format
from fleet.reports.period import Grain, Period
from fleet.rollouts.desk import RolloutDesk
from fleet.store.database import Store
from fleet.store.handling_tables import handling_cases, handling_ratings
from fleet.store.report_tables import serving_history
from fleet.store.tables import cases, terminals
from kiosk import wire
from reportwork import at, items

CASES = int(os.environ.get("KIOSK_CASES", "400000"))
RECORDS = int(os.environ.get("KIOSK_RECORDS", "200000"))
TERMINALS = int(os.environ.get("KIOSK_TERMINALS", "10000"))
COUNTY = 507
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31), Grain.MONTH)
CHUNK = 20_000
ROUNDS = 30


def chunks(count: int, row: Callable[[int], dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, count, CHUNK):
        yield [row(number) for number in range(start, min(start + CHUNK, count))]


def fill(store: Store) -> None:
    chance, known = random.Random(1), sorted(items())
    start, length = at("2026-01-01", "00:00:00"), 365 * 86400.0

    def case(number: int) -> dict[str, Any]:
        return {
            "case_no": f"SX-{number:08}", "terminal": f"KT-{number % COUNTY:04}",
            "task_code": known[number % len(known)],
        }  # fmt: skip

    def received(number: int) -> float:
        return start + length * number / CASES

    filled: list[tuple[Any, int, Callable[[int], dict[str, Any]]]] = [
        (cases, CASES, lambda n: {
            **case(n), "kind": "instant", "sealed": "x" * 1500, "state": "approved",
            "handed_over": True, "received_at": received(n),
        }),
        (handling_cases, CASES, lambda n: {
            **case(n), "phase": "completion", "person": "P", "decided": True,
            "opened_at": received(n), "ended_at": received(n) + 60, "due_date": "2027-01-01",
        }),
        (handling_ratings, CASES // 2, lambda n: {
            "case_no": f"SX-{n:08}", "terminal": "KT-0001", "journal": "j", "seq": n + 1,
            "level": 5 - n % 5, "tags": "clear", "at": received(n),
        }),
        (serving_history, COUNTY * 500, lambda n: {
            "terminal": f"KT-{n % COUNTY:04}", "since": start + chance.random() * length,
            "serving": ("yes", "no", "partly", "unknown")[n % 4],
        }),
    ]  # fmt: skip
    for table, count, row in filled:
        for rows in chunks(count, row):
            with store.write() as connection:
                connection.execute(table.insert(), rows)


def fill_records(store: Store) -> None:
    """Through the real ledger, from as many terminals as a county has."""
    each = RECORDS // COUNTY
    for number in range(COUNTY):
        name, before, batch = f"KT-{number:04}", wire.GENESIS, []
        for seq in range(1, each + 1):
            blank = wire.Record(
                f"j-{seq}", f"/terminals/{name}", "kiosk.device.event", "2026-01-01T00:00:00Z",
                "j", 1, seq, before, "", msgspec.Raw(b'{"device":"receipt","state":"online"}'),
                sealed="x" * 200,
            )  # fmt: skip
            record = msgspec.structs.replace(blank, hash=wire.digest(blank))
            before = record.hash
            batch.append(record)
        with store.write() as connection:
            ledger = Ledger(connection, 0.0)
            ledger.file("t", wire.Events(name, batch))
            ledger.close()


def fill_terminals(store: Store) -> None:
    services = dict.fromkeys(items(), "")

    def row(number: int) -> dict[str, Any]:
        name = f"KT-{number:05}"
        devices = [
            wire.DeviceHealth(one, "online", {"paper": "full"})
            for one in ("idcard", "receipt", "document", "camera")
        ]
        return {
            "terminal": name, "seen_at": time.time(), "heard_at": time.time(), "online": True,
            "health": wire.encode(wire.Health(name, 1, "", devices, "idle")).decode(),
            "health_at": 1.0, "services_at": 1.0,
            "services": wire.encode(wire.Services(name, 1, "", services)).decode(),
        }  # fmt: skip

    for rows in chunks(TERMINALS, row):
        with store.write() as connection:
            connection.execute(terminals.insert(), rows)


def timed(what: str, act: Callable[[], Any]) -> Any:
    begun = time.perf_counter()
    made = act()
    print(f"{what:<58}{time.perf_counter() - begun:>9.2f} s")
    return made


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        var, trust = folder / "a/var", folder / "a/trust"
        for one in (var, trust):
            one.mkdir(parents=True)
        url = f"sqlite:///{var}/fleet.db"
        store = Store(url)
        fill(store)
        reporter = Reporter(store, items(), clock=lambda: at("2027-01-01"))
        print(f"{CASES:,} cases, {COUNTY} terminals, a year")
        report = timed("a year's report, checked", lambda: reporter.report(YEAR))
        assert not report.findings
        for form in Format:
            timed(f"  as {form}", partial(files.encode, report, form))
        timed(
            "a month's report", lambda: reporter.report(Period(date(2026, 5, 1), date(2026, 5, 31)))
        )
        fill_terminals(store)
        _interface(store, reporter)
        timed(f"{RECORDS:,} records through the ledger", lambda: fill_records(store))
        _drill(folder, Whole("sample", var, trust, url, folder / "none"))


def _interface(store: Store, reporter: Reporter) -> None:
    live = Live(store, 90)
    client = TestClient(api.build(Metrics(), {}, Desk(store, live, reporter, RolloutDesk(store))))
    print(f"\n{TERMINALS:,} terminals: interface{'p50':>34}{'p95':>10}")
    for path in (
        "terminals?limit=100", "terminals/KT-00042", "cases?limit=100", "cases/SX-00000042",
        "cases?terminal=KT-0042&limit=100", "transactions",
    ):  # fmt: skip
        taken = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            assert client.get(f"/api/v1/{path}").status_code == 200, path
            taken.append((time.perf_counter() - begun) * 1000)
        cuts = quantiles(taken, n=20)
        print(f"  {path:<50}{cuts[9]:>8.1f}{cuts[18]:>8.1f} ms")


def _drill(folder: Path, here: Whole) -> None:
    key, out = pyrage.x25519.Identity.generate(), folder / "out.age"
    print()
    made = timed("backup", lambda: run.back_up(here, out, [key.to_public()]))
    var = folder / "b/var"
    there = Whole("sample", var, folder / "b/trust", f"sqlite:///{var}/fleet.db", folder / "none")
    done = timed("restore, every record and chain verified", lambda: run.restore(there, out, key))
    assert done.verdict.faults == ()
    bare = _bare_copy(here.var / "fleet.db", folder / "bare.db")
    print(f"{'  the bare copy of the database file, synced':<58}{bare:>9.2f} s", end="")
    print(f"  (restore: {done.seconds / bare:.0f} times)")
    print(
        f"{made.size / 1e6:,.0f} MB, {done.verdict.records / done.seconds:,.0f} records/s restored"
    )


def _bare_copy(source: Path, target: Path) -> float:
    begun = time.perf_counter()
    shutil.copyfile(source, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
