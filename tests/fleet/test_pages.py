"""A case with scanned pages goes to its platform with them, and not before they are here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select

import fakes
from fleet.archive.desk import PageDesk
from fleet.archive.pages import AWAITED, Kept, Pages, overdue
from fleet.cases import ROUND, CaseWorker, progress
from fleet.ledger import Ledger
from fleet.metrics import Metrics
from fleet.platform.contract import Decision, PlatformError, Standing
from fleet.store.archive_tables import bundles
from fleet.store.database import Store
from fleet.store.tables import alarms, cases
from kiosk import wire
from kiosk.journal import Journal
from materialwork import jpeg
from pageswork import wait_until

KEY = X25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw()


@dataclass
class Office:
    """Notes the order in which it was given things. `failures`: how many pages it refuses."""

    given: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    failures: int = 0

    def page(self, case: wire.CasePayload, digest: str, picture: bytes) -> None:
        if self.failures:
            self.failures -= 1
            raise PlatformError("not now")
        self.given.append((case.case_no, digest))
        self.pictures.append(picture)

    def decide(self, case: wire.CasePayload) -> Decision:
        self.given.append((case.case_no, "decide"))
        return Decision(Standing.APPROVED)


@pytest.fixture
def office(store: Store) -> Iterator[Office]:
    made = Office()
    worker = CaseWorker(store, KEY, made, Metrics(), desk=PageDesk(store, KEY, made))
    worker.start()
    yield made
    worker.stop()


def file(store: Store, tmp_path: Path, *numbers: str, pages: list[str]) -> None:
    """As a terminal does: several are a bundle."""
    journal = Journal.open(tmp_path / f"{numbers[0]}.db", "KT-0001")
    acts = []
    for number in numbers:
        case = wire.CasePayload(
            number, "KT-0001", "T1", "1", "2026-01-02T03:04:05+08:00",
            wire.CaseApplicant("张小样", fakes.ZHANG.number), {}, "card",
            materials=[wire.CaseMaterial("m", "scan", pages)],
        )  # fmt: skip
        data = {"case_no": number, "task_code": "T1", "kind": "instant", "bundle": "YJS-1"}
        acts.append((data, wire.seal(PUBLIC, case)))
    records = journal.begin_all("case", acts)
    with store.write() as connection:
        ledger = Ledger(connection, 1.0)
        ledger.file("events", wire.Events("KT-0001", records))
        ledger.close()
    store.changes.notify()
    journal.close()


def reason(store: Store, case_no: str) -> str:
    with store.read() as connection:
        return str(connection.scalar(select(cases.c.reason).where(cases.c.case_no == case_no)))


def test_a_case_waits_for_its_pages_and_others_pass_it(
    store: Store, office: Office, tmp_path: Path
) -> None:
    first, second = (wire.seal_page(PUBLIC, jpeg(n)) for n in (1, 2))
    file(store, tmp_path, "A-1", pages=[first.digest, second.digest])
    wait_until(lambda: reason(store, "A-1") == AWAITED)
    told = progress(store, "A-1")
    assert told is not None
    assert (told.state, told.reason) == ("received", AWAITED)
    file(store, tmp_path, "A-2", pages=[])
    wait_until(lambda: ("A-2", "decide") in office.given)
    desk = Pages(store, KEY)
    assert isinstance(desk.keep(first.digest, first.sealed), Kept)
    assert isinstance(desk.keep(second.digest, second.sealed), Kept)
    wait_until(lambda: ("A-1", "decide") in office.given)
    wait_until(lambda: reason(store, "A-1") == "")
    order = [what for number, what in office.given if number == "A-1"]
    assert order == [*sorted((first.digest, second.digest)), "decide"]
    assert sorted(office.pictures) == sorted([jpeg(1), jpeg(2)])


def test_pages_that_are_here_first_cost_no_waiting(
    store: Store, office: Office, tmp_path: Path
) -> None:
    page = wire.seal_page(PUBLIC, jpeg())
    Pages(store, KEY).keep(page.digest, page.sealed)
    office.failures = 1  # the platform is away for a moment: both come again
    file(store, tmp_path, "A-1", pages=[page.digest])
    wait_until(lambda: ("A-1", "decide") in office.given)
    assert office.given == [("A-1", page.digest), ("A-1", "decide")]


def test_one_page_serves_every_case_of_a_bundle(
    store: Store, office: Office, tmp_path: Path
) -> None:
    page = wire.seal_page(PUBLIC, jpeg())
    file(store, tmp_path, "B-1", "B-2", "B-3", pages=[page.digest])
    wait_until(lambda: reason(store, "B-3") == AWAITED)
    assert office.given == []
    Pages(store, KEY).keep(page.digest, page.sealed)
    wait_until(lambda: len(office.given) == 6)
    with store.read() as connection:
        rows = connection.execute(select(bundles).order_by(bundles.c.case_no)).all()
    assert [tuple(row) for row in rows] == [(f"B-{n}", "YJS-1") for n in (1, 2, 3)]


def test_many_that_wait_do_not_starve_the_next(
    store: Store, office: Office, tmp_path: Path
) -> None:
    page = wire.seal_page(PUBLIC, jpeg())
    numbers = [f"W-{n:02}" for n in range(ROUND + 5)]
    file(store, tmp_path, *numbers, pages=[page.digest])
    wait_until(lambda: all(reason(store, number) == AWAITED for number in numbers))
    file(store, tmp_path, "X-1", pages=[])
    wait_until(lambda: ("X-1", "decide") in office.given)
    assert len(office.given) == 1


def test_a_case_that_waits_too_long_is_an_alarm(
    store: Store, office: Office, tmp_path: Path
) -> None:
    page = wire.seal_page(PUBLIC, jpeg())
    file(store, tmp_path, "A-1", pages=[page.digest])
    wait_until(lambda: reason(store, "A-1") == AWAITED)
    assert overdue(store, 3.0, 0.5) == 0
    assert overdue(store, 3.0, 2.0) == 1
    with store.read() as connection:
        rows = connection.execute(select(alarms.c.kind, alarms.c.case_no)).all()
    assert [tuple(row) for row in rows] == [("pages_missing", "A-1")]
    Pages(store, KEY).keep(page.digest, page.sealed)
    wait_until(lambda: ("A-1", "decide") in office.given)
    wait_until(lambda: overdue(store, 3.0, 2.0) == 0)


def test_what_is_kept_is_sealed(store: Store, tmp_path: Path) -> None:
    marked = jpeg() + b"canary-of-a-kept-page"
    page = wire.seal_page(PUBLIC, marked)
    assert isinstance(Pages(store, KEY).keep(page.digest, page.sealed), Kept)
    assert Pages(store, KEY).picture(page.digest) == marked
    for path in tmp_path.glob("fleet.db*"):
        assert b"canary-of-a-kept-page" not in path.read_bytes()
