"""What becomes of cases that were pending: fetched once they ended, whoever decided them."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import insert, select

from fleet import cases as told
from fleet.caseworkers import CaseWorkers
from fleet.conclusions import Concluder
from fleet.handling.context import context
from fleet.handling.plan import Duty
from fleet.handling.worker import HandlingWorker
from fleet.metrics import Metrics
from fleet.platform.contract import Decision, PlatformError, Reason, Standing
from fleet.platform.office import Office
from fleet.platform.registers import look_up
from fleet.platform.sample import CHINA, SamplePlatform
from fleet.store.archive_tables import pages
from fleet.store.conclusion_tables import conclusions
from fleet.store.database import Store
from fleet.store.handling_tables import handling_cases
from fleet.store.tables import cases
from kiosk import certificates, wire
from kiosk.services import workdays
from kiosk.wire import CasePayload
from paperwork import AUTHORITY_EN, AUTHORITY_ZH
from platformwork import SCANNED, items, residence, until

KEY = X25519PrivateKey.generate()
NOON = datetime(2026, 11, 20, 12, tzinfo=CHINA)  # a Friday


def receive(store: Store, case: CasePayload, **values: Any) -> None:
    """As the ingest commits it."""
    row = {
        "case_no": case.case_no, "terminal": case.terminal, "task_code": case.task_code,
        "kind": "promise", "sealed": wire.seal(KEY.public_key().public_bytes_raw(), case),
        "state": "received", "received_at": time.time(), **values,
    }  # fmt: skip
    with store.write() as connection:
        connection.execute(insert(cases).values(row))
    store.changes.notify()


# ---- The built-in office -------------------------------------------------------------------------


def office(folder: Path, clock: list[datetime], day_seconds: float) -> Office:
    return Office(
        folder / "office.db", tuple(items().values()), look_up, lambda: clock[0],
        unmatched=True, day_seconds=day_seconds,
    )  # fmt: skip


def test_short_days_let_a_case_end_but_promise_and_times_are_real(tmp_path: Path) -> None:
    clock = [NOON]
    made = office(tmp_path, clock, 20.0)
    decision, _ = made.hand_over(residence("A1", SCANNED))
    assert decision.due_date == workdays.after(NOON.date(), 1).isoformat()
    made.walk()
    assert made.concluded("A1") is None
    clock[0] += timedelta(seconds=59)
    made.walk()
    assert made.concluded("A1") is None, "Friday, and the weekend after it"
    clock[0] += timedelta(seconds=2)
    assert made.walk() > 0
    ended = made.concluded("A1")
    assert ended is not None
    assert ended.state is Standing.APPROVED
    days = {report.at[:10] for _, report in made.reports(0)}
    assert days == {NOON.date().isoformat()}
    later, _ = made.hand_over(residence("A2", SCANNED))
    assert later.due_date == decision.due_date


def test_without_short_days_nothing_ends_before_its_day(tmp_path: Path) -> None:
    clock = [NOON]
    made = office(tmp_path, clock, 0.0)
    made.hand_over(residence("B1", SCANNED))
    clock[0] += timedelta(hours=11)
    made.walk()
    assert made.concluded("B1") is None
    clock[0] += timedelta(days=3)
    made.walk()
    assert made.concluded("B1") is not None


def test_the_built_in_office_ends_its_cases_by_itself(tmp_path: Path, store: Store) -> None:
    """All threads as the manager starts them: a case is received, and its paper is there."""
    platform = SamplePlatform(
        tmp_path / "fleet", tmp_path / "trust", True, AUTHORITY_ZH, AUTHORITY_EN,
        items=items().values(), day_seconds=0.01,
    )  # fmt: skip
    workers = CaseWorkers(store, KEY, {"sample": platform}, lambda _code: "sample", Metrics())
    life = context(store, KEY, b"k" * 32, items=items(), duty=Duty("综合受理岗"))
    handling = HandlingWorker(life, {"sample": platform})
    for part in (platform, workers, handling):
        part.start()
    try:
        for digest in SCANNED.pages:
            row = {"digest": digest, "size": 1, "sealed": b"", "received_at": 0.0}
            with store.write() as connection:
                connection.execute(insert(pages).values(row))
        receive(store, residence("KT0001-20261120-00001-A", SCANNED))
        pdf = until(lambda: told.certificate(store, "KT0001-20261120-00001-A"), 60)
        assert certificates.verify_pdf(pdf, tmp_path / "trust").valid
        seen = told.progress(store, "KT0001-20261120-00001-A")
        assert seen is not None
        assert (seen.state, seen.reason) == ("approved", "")
        assert seen.certificate_no.startswith("CB-")
    finally:
        for stop in (handling.stop, workers.stop, platform.close):
            stop()


# ---- Fetching --------------------------------------------------------------------------------


class Slow:
    """Says what it is told to; remembers who was asked for."""

    def __init__(self, **answers: Decision | None) -> None:
        self.answers, self.asked = answers, list[str]()

    def concluded(self, case: CasePayload) -> Decision | None:
        self.asked.append(case.case_no)
        if case.case_no not in self.answers:
            raise PlatformError("not now")
        return self.answers[case.case_no]


def ended(store: Store, *names: str, reason: str = "") -> None:
    for at, name in enumerate(names):
        receive(store, residence(name), state="approved", handed_over=True, received_at=float(at))
        row = {"case_no": name, "terminal": "", "task_code": "T", "phase": "completion",
               "person": "x", "reason": reason, "opened_at": 0.0, "ended_at": 1.0}  # fmt: skip
        with store.write() as connection:
            connection.execute(insert(handling_cases).values(row))
            connection.execute(insert(conclusions).values(case_no=name))


def concluder(store: Store, platform: Slow) -> Concluder:
    return Concluder(store, KEY, platform, Metrics(), mine=lambda _code: True)


def state(store: Store, case_no: str) -> tuple[str, str, str]:
    found = told.progress(store, case_no)
    assert found is not None
    return found.state, found.reason, found.certificate_no


def test_one_that_fails_holds_nobody_up(store: Store) -> None:
    good = Decision(Standing.APPROVED, certificate_no="C1", certificate=b"%PDF-1")
    ended(store, "BAD", "NOT-YET", "GOOD")
    platform = Slow(**{"NOT-YET": None, "GOOD": good})
    worker = concluder(store, platform)
    assert worker.once()
    assert platform.asked == ["BAD", "NOT-YET", "GOOD"]
    assert state(store, "GOOD") == ("approved", "", "C1")
    assert told.certificate(store, "GOOD") == b"%PDF-1"
    assert not worker.once(), "those that are left have nothing to say"
    platform.answers["BAD"] = good
    assert worker.once()
    assert state(store, "BAD")[2] == "C1"


def test_a_refusal_says_why(store: Store) -> None:
    ended(store, "A", reason="refused")
    concluder(store, Slow(A=Decision(Standing.REFUSED, reason=Reason.NOT_INSURED))).once()
    assert state(store, "A") == ("refused", "not_insured", "")


def test_a_paper_that_is_made_by_hand_leaves_the_case_ended(store: Store) -> None:
    ended(store, "A")
    by_hand = Decision(Standing.PENDING, reason=Reason.RARE_CHARACTER)
    worker = concluder(store, Slow(A=by_hand))
    assert worker.once()
    assert state(store, "A") == ("approved", "rare_character", "")
    assert not worker.once()


def test_what_was_taken_is_not_taken_again(store: Store) -> None:
    """Two fleets side by side, or a kill between the platform's answer and the commit."""
    from fleet.conclusions import _take

    ended(store, "A")
    for number in ("C1", "C2"):
        with store.write() as connection:
            decision = Decision(Standing.APPROVED, certificate_no=number, certificate=b"%PDF")
            _take(connection, "A", decision)
    assert state(store, "A") == ("approved", "", "C1")


def test_who_handed_nothing_in_is_not_asked_for(store: Store) -> None:
    ended(store, "A", reason="not_supplemented")
    platform = Slow(A=Decision(Standing.APPROVED))
    assert not concluder(store, platform).once()
    assert platform.asked == []
    with store.read() as connection:
        assert connection.scalars(select(conclusions.c.taken)).all() == [False]
