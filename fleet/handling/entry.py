"""Events that come one at a time: from an official's desk, from a terminal, from a payment.

What a platform reports may be early and is kept (`reports`); what somebody enters by hand is
either right now or told why not, and then not kept.
"""

from __future__ import annotations

from fleet.handling import book
from fleet.handling import events as e
from fleet.handling.context import Context
from fleet.handling.fold import fold, verdict
from fleet.handling.states import Refusal


def enter(context: Context, case_no: str, event: e.Event) -> Refusal | None:
    """None: it took effect, or had already."""
    if isinstance(event, e.Opened) or not e.valid(event):
        return Refusal.MALFORMED
    with context.store.write() as connection:
        page = book.read(connection, context.calendar, [case_no])[case_no]
        tried = fold([*page.events.values(), event], context.calendar)
        why = verdict(tried, event)
        if why is None:
            book.add(connection, context.calendar, context.clock(), {case_no: [event]})
    if why is None:
        context.store.changes.notify()
    return why
