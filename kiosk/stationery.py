"""Where each sheet of certificate paper went: a fold over the journal's `print` outcomes. Pure.

An outcome's data are `paper`, `rung`, and, where known: `pages` (sheets that the document takes),
`sheets` (that the printer says it put out for this job). A `stationery` record's `counter` are the
sheets that the printer has put out in its whole life. The counter is the witness: between two
readings it settles what was unconfirmed, over restarts and interrupted jobs, and what it counted
besides is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from kiosk import wire
from kiosk.model import Rung

PAPER = "certificate"
_KINDS = ("kiosk.print.outcome", "kiosk.stationery.event")


@dataclass(frozen=True, slots=True)
class Ledger:
    """In sheets. `unconfirmed`: at most so many came out, and nobody knows where they are."""

    issued: int = 0
    spoiled: int = 0
    unconfirmed: int = 0

    def __add__(self, other: Ledger) -> Ledger:
        return Ledger(
            self.issued + other.issued,
            self.spoiled + other.spoiled,
            self.unconfirmed + other.unconfirmed,
        )

    @property
    def certain(self) -> int:
        return self.issued + self.spoiled

    @property
    def total(self) -> int:
        return self.certain + self.unconfirmed


class Kind(StrEnum):
    UNACCOUNTED = "unaccounted"  # came out, and no record knows of it: a test page, or worse
    MISSING = "missing"  # recorded as put out, and the printer has not counted it
    WENT_BACK = "went_back"  # the counter: another printer, or a reset one


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """`sheets`: what the counter shows more (or, negative, less) than the ledger."""

    kind: Kind
    sheets: int


@dataclass(frozen=True, slots=True)
class Settled:
    """`ledger.total`, and the discrepancy's sheets if there is one, make up the counter's way."""

    ledger: Ledger
    discrepancy: Discrepancy | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """`counter`: the last reading; None when the printer has never told one."""

    ledger: Ledger
    discrepancies: tuple[Discrepancy, ...] = ()
    counter: int | None = None


def reconcile(ledger: Ledger, before: int, now: int) -> Settled:
    """`ledger`: of the jobs between two readings of the printer's own counter."""
    moved = now - before
    if moved < 0:
        return Settled(ledger, Discrepancy(Kind.WENT_BACK, moved - ledger.total))
    if moved > ledger.total:
        return Settled(ledger, Discrepancy(Kind.UNACCOUNTED, moved - ledger.total))
    settled = Ledger(ledger.issued, ledger.spoiled, max(0, moved - ledger.certain))
    if moved < ledger.certain:
        return Settled(settled, Discrepancy(Kind.MISSING, moved - ledger.certain))
    return Settled(settled)


def audit(outcomes: Iterable[Mapping[str, Any]], counter_now: int | None = None) -> Audit:
    """`outcomes`: data of the print outcomes, oldest first; other papers are passed over."""
    ledger, pending, counter = Ledger(), Ledger(), None
    discrepancies: list[Discrepancy] = []
    readings = [(entry(data), _whole(data.get("counter"))) for data in outcomes if _ours(data)]
    for used, reading in (*readings, (Ledger(), counter_now)):
        pending += used
        if reading is None:
            continue
        settled = Settled(pending) if counter is None else reconcile(pending, counter, reading)
        discrepancies += [settled.discrepancy] if settled.discrepancy else []
        ledger, pending, counter = ledger + settled.ledger, Ledger(), reading
    return Audit(ledger + pending, tuple(discrepancies), counter)


def entry(data: Mapping[str, Any]) -> Ledger:
    """What one outcome says of paper."""
    pages = _whole(data.get("pages")) or 1
    sheets = _whole(data.get("sheets"))
    rung = data.get("rung")
    if rung in (None, Rung.QUEUED) or (rung == Rung.SENT and sheets == 0):
        return Ledger()
    if rung in (Rung.PRESENTED, Rung.TAKEN):
        out = pages if sheets is None else sheets
        return Ledger(issued=min(out, pages), spoiled=max(0, out - pages))
    if rung == Rung.RETRACTED:
        return Ledger(spoiled=pages if sheets is None else sheets)
    return Ledger(unconfirmed=max(pages, sheets or 0))


def outcomes(records: Iterable[wire.Record]) -> Iterable[Mapping[str, Any]]:
    """The data of those records that tell of paper."""
    for record in records:
        if record.type in _KINDS:
            data = msgspec.json.decode(record.data)
            if isinstance(data, dict):
                yield data


def _ours(data: Mapping[str, Any]) -> bool:
    return data.get("paper") == PAPER


def _whole(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None
