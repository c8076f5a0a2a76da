"""What platforms report of their steps, into the cases' events; each platform by itself.

The place up to which a platform was read is saved in the same commit as what was read, and an
event that comes again is the same one: a kill at any moment neither loses nor doubles a report.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from fleet.handling import book
from fleet.handling import events as e
from fleet.handling.context import Context
from fleet.handling.places import place, set_place
from fleet.handling.states import Refusal
from fleet.platform.contract import StepReport
from fleet.records import NAME
from fleet.store.database import put
from fleet.store.handling_tables import handling_refusals, handling_words

LONGEST_WORDS = 2000


def source_of(platform: str) -> str:
    return f"platform.{platform}"


def read_place(connection: Connection, platform: str) -> str:
    return place(connection, source_of(platform))


def take(
    connection: Connection,
    context: Context,
    platform: str,
    reports: list[StepReport],
    after: str,
) -> dict[str, int]:
    """Keep what a platform reported up to the place `after`; returns refusal -> how many.

    A report that is held back (`early`) or refused stays in the case's list all the same, for it
    may take effect later; a malformed one is kept as a hash.
    """
    now = context.clock()
    coming: dict[str, list[e.Event]] = {}
    refused: dict[str, int] = {}
    for report in reports:
        event = _event(report)
        if event is None:
            _keep_malformed(connection, source_of(platform), report, now)
            refused[Refusal.MALFORMED] = refused.get(Refusal.MALFORMED, 0) + 1
            continue
        coming.setdefault(report.case_no, []).append(event)
        _keep_words(connection, context, report, e.event_id(event))
    pages = book.add(connection, context.calendar, now, coming)
    for case_no, events in coming.items():
        for event in events:
            why = book.verdict(pages[case_no].state, event)
            if why is not None:
                refused[why] = refused.get(why, 0) + 1
    set_place(connection, source_of(platform), after)
    return refused


def _event(report: StepReport) -> e.Event | None:
    try:
        moment = datetime.fromisoformat(report.at)
        at = moment.timestamp() if moment.tzinfo is not None else None
        event = None if at is None else e.from_report(report, at)
    except (ValueError, TypeError, OverflowError):
        return None
    sound = isinstance(report.case_no, str) and NAME.fullmatch(report.case_no)
    return event if event is not None and sound and e.valid(event) else None


def _keep_words(connection: Connection, context: Context, report: StepReport, name: str) -> None:
    """The first words to an event stay: a repetition says the same."""
    if not any(report.reason):
        return
    words = [
        str(text)[:LONGEST_WORDS].encode("utf-8", "replace").decode() for text in report.reason
    ]
    sealed = context.vault.seal(f"words/{report.case_no}", msgspec.json.encode(words).decode())
    key = {"case_no": report.case_no, "id": name}
    put(connection, handling_words, {**key, "sealed": sealed}, tuple(key))


def _keep_malformed(connection: Connection, source: str, report: StepReport, now: float) -> None:
    key = {"source": source, "id": hashlib.sha256(repr(report).encode()).hexdigest()}
    case_no = str(report.case_no)
    row = {
        **key,
        "case_no": case_no if NAME.fullmatch(case_no) else "",
        "why": Refusal.MALFORMED.value,
        "received_at": now,
    }
    put(connection, handling_refusals, row, tuple(key))
