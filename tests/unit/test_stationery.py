"""The ledger of certificate paper, and what the printer's own counter makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.journal import Journal
from kiosk.model import Rung
from kiosk.stationery import (
    Audit,
    Discrepancy,
    Kind,
    Ledger,
    audit,
    entry,
    outcomes,
    reconcile,
)

BOUNDED = settings(max_examples=200, deadline=None)


def told(rung: str, **more: object) -> dict[str, object]:
    return {"paper": "certificate", "rung": rung, **more}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (told("presented"), Ledger(issued=1)),
        (told("presented", pages=2), Ledger(issued=2)),
        (told("presented", pages=2, sheets=2), Ledger(issued=2)),
        (told("presented", pages=2, sheets=1), Ledger(issued=1)),  # both sides
        (told("taken", pages=1, sheets=2), Ledger(issued=1, spoiled=1)),  # fed twice after a jam
        (told("retracted", sheets=1), Ledger(spoiled=1)),
        (told("queued", fault="paper_out"), Ledger()),
        (told("sent", fault="no_progress", sheets=0), Ledger()),
        (told("sent"), Ledger(unconfirmed=1)),
        (told("printed", sheets=1, fault="jam"), Ledger(unconfirmed=1)),
        (told("unconfirmed", pages=3, sheets=1), Ledger(unconfirmed=3)),
        (told("unconfirmed", fault="interrupted"), Ledger(unconfirmed=1)),
        (told("unconfirmed", sheets=None, pages="x"), Ledger(unconfirmed=1)),
        (told("a rung of tomorrow"), Ledger(unconfirmed=1)),
    ],
)
def test_an_outcome_is_where_its_paper_went(data: dict[str, object], expected: Ledger) -> None:
    assert entry(data) == expected


def test_the_counter_settles_what_was_unconfirmed() -> None:
    one = Ledger(issued=3, spoiled=1, unconfirmed=2)
    assert reconcile(one, 100, 104).ledger == Ledger(3, 1, 0)
    assert reconcile(one, 100, 105).ledger == Ledger(3, 1, 1)
    assert reconcile(one, 100, 106).ledger == one
    assert {reconcile(one, 100, now).discrepancy for now in (104, 105, 106)} == {None}


@pytest.mark.parametrize(
    ("now", "kind", "sheets"),
    [(107, Kind.UNACCOUNTED, 1), (103, Kind.MISSING, -1), (100, Kind.MISSING, -4),
     (7, Kind.WENT_BACK, -99)],
)  # fmt: skip
def test_what_the_counter_shows_besides_is_named(now: int, kind: Kind, sheets: int) -> None:
    assert reconcile(Ledger(3, 1, 2), 100, now).discrepancy == Discrepancy(kind, sheets)


def test_an_interrupted_job_is_settled_by_the_next_reading() -> None:
    """kill -9 amid a job: the start records it as unconfirmed; the next job reads the counter."""
    story = [
        told("presented", sheets=1, counter=500),
        told("unconfirmed", fault="interrupted"),
        told("presented", sheets=1, counter=501),
    ]
    assert audit(story) == Audit(Ledger(issued=2), (), 501)
    came_out = [*story[:2], told("presented", sheets=1, counter=502)]
    assert audit(came_out) == Audit(Ledger(issued=2, unconfirmed=1), (), 502)
    test_page = [*story[:2], told("presented", sheets=1, counter=504)]
    assert audit(test_page).discrepancies == (Discrepancy(Kind.UNACCOUNTED, 2),)


def test_a_reading_at_the_start_settles_what_the_last_run_left() -> None:
    story = [told("presented", counter=500), told("unconfirmed")]
    assert audit(story).ledger == Ledger(issued=1, unconfirmed=1)
    assert audit(story, 500).ledger == Ledger(issued=1)
    assert audit(story, 503).discrepancies == (Discrepancy(Kind.UNACCOUNTED, 2),)


def test_a_printer_without_a_counter_leaves_the_doubt() -> None:
    assert audit([told("presented"), told("unconfirmed"), told("queued")]) == Audit(Ledger(1, 0, 1))


def test_other_papers_are_passed_over() -> None:
    assert audit([{**told("presented", counter=9), "paper": "receipt"}, {}]) == Audit(Ledger())


def test_it_is_read_from_a_journal(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.db", "KT-0001")
    for rung, counter in ((Rung.PRESENTED, 10), (Rung.UNCONFIRMED, 10), (Rung.PRESENTED, 12)):
        intent = journal.begin("print", {"paper": "certificate"})
        journal.end(intent, {"paper": "certificate", "rung": rung, "sheets": 1, "pages": 1,
                             "counter": counter})  # fmt: skip
    journal.append("device", {"device": "document"})
    found = audit(outcomes(journal.records(1)))
    assert found == Audit(Ledger(issued=2), (Discrepancy(Kind.UNACCOUNTED, 1),), 12)
    journal.close()


COUNTS = st.integers(0, 50)


@BOUNDED
@given(COUNTS, COUNTS, COUNTS, st.integers(0, 10_000), st.integers(0, 10_000))
def test_every_sheet_of_the_counter_is_accounted_for_or_named(
    issued: int, spoiled: int, unconfirmed: int, before: int, now: int
) -> None:
    ledger = Ledger(issued, spoiled, unconfirmed)
    settled = reconcile(ledger, before, now)
    named = settled.discrepancy.sheets if settled.discrepancy else 0
    assert settled.ledger.total + named == now - before
    assert settled.ledger.certain == ledger.certain, "what is certain never changes"
    assert 0 <= settled.ledger.unconfirmed <= unconfirmed


OUTCOMES = st.fixed_dictionaries(
    {"paper": st.sampled_from(["certificate", "receipt"]), "rung": st.sampled_from([*Rung])},
    optional={
        "sheets": st.one_of(st.none(), st.integers(-3, 9), st.text(max_size=3)),
        "pages": st.one_of(st.integers(-1, 5), st.none(), st.booleans()),
        "counter": st.one_of(st.none(), st.integers(-1, 200)),
    },
)


@BOUNDED
@given(st.integers(0, 200), st.lists(OUTCOMES, max_size=12), st.integers(0, 300))
def test_over_any_story_the_counters_whole_way_is_accounted_for_or_named(
    first: int, story: list[dict[str, object]], last: int
) -> None:
    found = audit([told("queued", counter=first), *story], last)
    named = sum(discrepancy.sheets for discrepancy in found.discrepancies)
    assert found.ledger.total + named == last - first
    assert found.counter == last


@BOUNDED
@given(st.lists(OUTCOMES, max_size=12))
def test_without_readings_no_sheet_is_lost_or_made(story: list[dict[str, object]]) -> None:
    blind = [{**data, "counter": None} for data in story]
    ours = [entry(data) for data in blind if data["paper"] == "certificate"]
    assert audit(blind) == Audit(sum(ours, Ledger()))
