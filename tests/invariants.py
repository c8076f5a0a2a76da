"""What must hold after any crash, once everything has caught up."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import tally
from kiosk import wire
from kiosk.certificates.pdf import count_pages
from kiosk.model import Rung
from kiosk.stationery import audit, outcomes
from realhousehold import Household

FIELDS = ("seq", "boot", "time", "type", "session", "prev", "hash", "sealed")


def check(home: Household, *, paying: bool = False, cut: bool = False) -> dict[str, Any]:
    """Raises AssertionError naming the broken promise; gives counts for the test's own checks.

    It is a round, and what is lost or doubled in it is counted. `paying`: payments may be open,
    since only a session that runs can close them; `cut`: what the newest session began may be,
    since the next start closes it.
    """
    tally.count(rounds=1)
    journal = home.journal()
    records = journal.records(1, limit=100_000)
    assert journal.verify() == len(records), "the chain does not hold"
    boot = records[-1].boot if cut else 0
    unfinished = [r for r in journal.unfinished() if r.boot != boot]
    left = [r.type for r in unfinished if not (paying and ".payment." in r.type)]
    assert left == [], "an act was left without an outcome"
    journal.close()
    _fleet_agrees(home, records)
    cases = _cases_once(home, records)
    papers = _papers_once(home, records)
    _sheets_accounted(home, records)
    return {"records": len(records), "cases": cases, **papers}


def _fleet_agrees(home: Household, records: list[wire.Record]) -> None:
    """Record by record, hash by hash."""
    rows = home.fleet_rows("SELECT seq, hash, type FROM records")
    held = {seq: (digest, kind) for seq, digest, kind in rows}
    written = {r.seq: (r.hash, r.type) for r in records}
    lost = sum(held.get(seq) != known for seq, known in written.items())
    tally.count(lost=lost, doubled=len(rows) - len(held))
    assert len(held) == len(rows), "a record is held twice"
    assert held == written, "journals and fleet differ"


def _cases_once(home: Household, records: list[wire.Record]) -> int:
    submitted = [_data(r)["case_no"] for r in records if r.type == "kiosk.case.intent"]
    held = [row[0] for row in home.fleet_rows("SELECT case_no FROM cases")]
    fewer, more = Counter(submitted) - Counter(held), Counter(held) - Counter(submitted)
    tally.count(lost=fewer.total(), doubled=more.total())
    assert sorted(submitted) == sorted(held), "a case is lost or doubled"
    assert len(set(submitted)) == len(submitted), "one case number was used twice"
    return len(submitted)


def _papers_once(home: Household, records: list[wire.Record]) -> dict[str, int]:
    """At most one sheet for each job; none is called presented that the printer did not make."""
    outcomes = [_data(r) for r in records if r.type == "kiosk.print.outcome"]
    receipts = [path.read_bytes() for path in home.receipts()]
    printed = Counter(
        data["job"]
        for data in outcomes
        for paper in receipts
        if data["paper"] == "receipt" and _is_receipt(paper, data["case_no"])
    )
    tally.count(doubled=printed.total() - len(printed))
    assert all(count == 1 for count in printed.values()), f"printed twice: {printed}"
    done = [d for d in outcomes if d["rung"] in {"presented", "taken"}]
    for data in done:
        if data["paper"] == "receipt":
            assert printed[data["job"]] == 1, f"{data['job']} was falsely called presented"
    certificates = [d for d in done if d["paper"] == "certificate"]
    assert len(certificates) <= len(home.certificates()), "a certificate was falsely called done"
    begun = [_data(r) for r in records if r.type == "kiosk.print.intent"]
    jobs = [d["job"] for d in begun if d["paper"] == "certificate"]
    tally.count(doubled=max(0, len(home.certificates()) - len(set(jobs))))
    assert len(home.certificates()) <= len(set(jobs)), "a certificate was printed twice"
    unconfirmed = sum(d["rung"] == "unconfirmed" for d in outcomes)
    interrupted = sum(d["fault"] == "interrupted" for d in outcomes)
    return {
        "presented": len(done),
        "unconfirmed": unconfirmed,
        "interrupted": interrupted,
        "receipts": len(receipts),
    }


def _sheets_accounted(home: Household, records: list[wire.Record]) -> None:
    """Each sheet of certificate paper that the printer counted is in the ledger, and what lies in
    the tray is no less than what was issued and no more than what may have come out."""
    lying = sum(count_pages(path.read_bytes()) for path in home.certificates())
    ended = {r.of for r in records if r.type == "kiosk.print.outcome"}
    told = [{"paper": "certificate", "counter": 0}, *outcomes(records)]  # a new printer's count
    begun = [r for r in records if r.type == "kiosk.print.intent" and r.seq not in ended]
    told += [_data(r) | {"rung": str(Rung.UNCONFIRMED)} for r in begun]
    books = audit(told, home.sheets())
    tally.count(doubled=max(0, lying - books.ledger.total))
    assert books.discrepancies == (), f"sheets that nobody accounts for: {books}"
    assert books.ledger.issued <= lying <= books.ledger.total, f"{lying} in the tray: {books}"


def _is_receipt(paper: bytes, case_no: str) -> bool:
    """A payment's slip names the case too."""
    return case_no.encode() in paper and "缴费回单".encode("gb18030") not in paper


def _data(record: wire.Record) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(bytes(record.data))
    return data
