"""A bounded journal: old records go, once the fleet holds them; the chain keeps its anchor."""

from __future__ import annotations

from kiosk.journal.journal import Journal

KEPT = 2000  # newest records that always stay: a start checks them, and people look at them
SLICE = 500  # records in one transaction, so that no visit waits for long
_LOW = 0.8  # of the limit: prune so far, not again with each record


def prune(journal: Journal, most_bytes: int) -> int:
    """Forget old records of a journal that takes more than `most_bytes`; how many went.

    Stays: what the fleet does not hold, what an open intent or a page that waits still needs, and
    the newest `KEPT`. The file does not shrink, but its room is used again.
    """
    if journal.size <= most_bytes:
        return 0
    gone = 0
    while journal.size > most_bytes * _LOW and (went := journal.forget(_through(journal))):
        gone += went
    return gone


def _through(journal: Journal) -> int:
    limits = (
        journal.pruned_through + SLICE,
        journal.acked_through,
        journal.last_seq - KEPT,
        journal.oldest_needed - 1,
    )
    return min(limits)
