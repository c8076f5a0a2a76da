"""A supplement whose pages are here: is it wanted, and what does its platform get?

It is judged once, as of the moment at which its record reached the fleet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, select, update

from fleet.handling import book
from fleet.handling import events as e
from fleet.handling.context import Context
from fleet.handling.states import NOT_SUPPLEMENTED, CaseState
from fleet.handling.supplements import KEY, Outcome, key_of, opened
from fleet.store.database import insert
from fleet.store.handling_tables import handling_supplement_codes as codes
from fleet.store.handling_tables import handling_supplements as supplements
from fleet.store.tables import cases
from kiosk import wire
from kiosk.services.materials import Material, Source
from kiosk.services.needed import accepted

log = structlog.get_logger("fleet.handling")
Use = Callable[[wire.CasePayload], wire.CasePayload]  # as `archive.earlier.Earlier.use`


def judge(context: Context, use: Use, row: Any) -> Outcome:
    """One transaction of its own. `row`: of `supplements.complete`."""
    with context.store.read() as connection:
        before = whole(connection, context.key, row.case_no)
    given = opened(context.key, row.sealed)
    ready = _ready(context, use, before, given) if before and given else None
    with context.store.write() as connection:
        found = book.settle(connection, context.calendar, context.clock(), [row.case_no])
        state = found[row.case_no].state
        outcome, events = Outcome.UNDECODABLE, list[e.Event]()
        if before and ready and isinstance(state, CaseState):
            events = answers(state, ready, before.materials, row.at)
            outcome = Outcome.TAKEN if events else refusal(state, ready)
            if given and given.materials and not ready.materials:
                outcome = Outcome.UNFIT
        _note(connection, row, outcome, events)
        book.add(connection, context.calendar, context.clock(), {row.case_no: events})
    log.info("supplement_judged", case_no=row.case_no, outcome=outcome.value)
    context.store.changes.notify()
    return outcome


def answers(
    state: CaseState, case: wire.CasePayload, before: Collection[wire.CaseMaterial], at: float
) -> list[e.Event]:
    """Pure. What the materials of `case` answer: one event for each notice, one for promises.

    `before`: those that the office has; the very same once more is nothing new.
    """
    fresh = [one for one in case.materials if one not in before]
    brought = {one.code for one in fresh if one.source != Source.PROMISE}
    found: list[e.Event] = []
    for notice in state.notices:
        wanted = [code for code in notice.missing if code not in notice.given]
        fits = tuple(code for code in wanted if code in brought)
        if notice.open and fits:
            found.append(e.Supplemented(at=at, step=notice.step, materials=fits))
    kept = tuple(
        one.material
        for one in state.promised
        if one.came_at is None and one.lapsed_at is None and one.material in brought
    )
    if kept and not state.rejected:
        found.append(e.Supplemented(at=at, materials=kept))
    return found


def refusal(state: CaseState, case: wire.CasePayload) -> Outcome:
    """Pure. Why nothing of it is taken."""
    handed = {one.code for one in case.materials}
    late = {one.material for one in state.promised if one.lapsed_at and one.came_at is None}
    came = {one.material for one in state.promised if one.came_at is not None}
    came |= {code for notice in state.notices for code in notice.given}
    if state.reason == NOT_SUPPLEMENTED or handed & late:
        return Outcome.TOO_LATE
    if handed & came:
        return Outcome.ALREADY_HERE
    return Outcome.NOT_WANTED if state.ended_at is None else Outcome.CLOSED


def whole(
    connection: Connection, key: X25519PrivateKey, case_no: str, upto: Any = None
) -> wire.CasePayload | None:
    """The application with all that was taken for it since; None: it cannot be opened.

    `upto`: a row, after which nothing counts.
    """
    sealed = connection.scalar(select(cases.c.sealed).filter_by(case_no=case_no))
    first = opened(key, sealed or "")
    if first is None or first.case_no != case_no:
        return None
    query = select(supplements).filter_by(case_no=case_no, outcome=Outcome.TAKEN.value)
    order = (supplements.c.at, *(supplements.c[name] for name in KEY))
    for row in connection.execute(query.order_by(*order)).all():
        taken = set(connection.scalars(select(codes.c.code).filter_by(**key_of(row))))
        given = opened(key, row.sealed)
        fresh = [one for one in given.materials if one.code in taken] if given else []
        first = _laid_over(first, fresh)
        if upto is not None and key_of(row) == key_of(upto):
            break
    return first


def taken_of(connection: Connection, row: Any) -> set[str]:
    """Codes of what was wanted of it."""
    return set(connection.scalars(select(codes.c.code).filter_by(**key_of(row))))


def coming(connection: Connection, key: X25519PrivateKey, case_no: str) -> frozenset[str]:
    """Codes of what was handed in, and whose pages are still on their way."""
    query = select(supplements.c.sealed).filter_by(
        case_no=case_no, outcome=Outcome.AWAITED.value, handed_over=False
    )
    given = (opened(key, sealed) for sealed in connection.scalars(query).all())
    return frozenset(one.code for case in given if case for one in case.materials)


def _ready(
    context: Context, use: Use, before: wire.CasePayload, given: wire.CasePayload
) -> wire.CasePayload:
    """What was handed in, without what may not be taken over from an earlier case, and what an
    office would send back at once: it asks only once."""
    there = {one.code for one in use(_laid_over(before, given.materials)).materials}
    item = context.items.get(before.task_code)
    known = {one.code: one for one in item.materials} if item else {}
    handed = [one for one in given.materials if one.code in there and _fit(known, one)]
    return msgspec.structs.replace(given, materials=handed)


def _fit(known: Mapping[str, Material], given: wire.CaseMaterial) -> bool:
    """What the catalogue does not know is for the office to judge."""
    material = known.get(given.code)
    if material is None or given.source == Source.CARD:
        return material is None or Source.CARD in material.sources
    return accepted(material, given)


def _laid_over(case: wire.CasePayload, fresh: list[wire.CaseMaterial]) -> wire.CasePayload:
    """In the place of what stood there; what is new comes last."""
    there = {one.code: one for one in case.materials} | {one.code: one for one in fresh}
    return msgspec.structs.replace(case, materials=list(there.values()))


def _note(connection: Connection, row: Any, outcome: Outcome, events: list[e.Event]) -> None:
    change = update(supplements).filter_by(**key_of(row), outcome=Outcome.AWAITED.value)
    done = outcome is not Outcome.TAKEN
    connection.execute(change.values(outcome=outcome.value, handed_over=done))
    wanted = {code for one in events if isinstance(one, e.Supplemented) for code in one.materials}
    if wanted:
        rows = [{**key_of(row), "code": code} for code in sorted(wanted)]
        connection.execute(insert(connection, codes).on_conflict_do_nothing(), rows)
