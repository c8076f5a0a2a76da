"""Scanned pages in the database: taken once, checked, kept sealed; which cases wait for theirs."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import ColumnElement, Select, exists, select, update

from fleet.incidents import AlarmKind, alarm
from fleet.records import DIGEST
from fleet.store.archive_tables import case_pages, pages
from fleet.store.database import Store, insert, put
from fleet.store.handling_tables import handling_supplements as supplements
from fleet.store.tables import cases
from kiosk import wire

AWAITED = "pages_awaited"  # `cases.reason` of one that is not handed over before its pages came
AWAITED_LATER = "awaited"  # `handling_supplements.outcome` of the same


@dataclass(frozen=True, slots=True)
class Kept:
    """`proof` (hex) was inside: only who opened the page can know it. `fresh`: it was not here."""

    proof: str = field(repr=False)
    size: int
    fresh: bool


class Pages:
    """`clock`: epoch seconds. Safe from any thread."""

    def __init__(
        self, store: Store, key: X25519PrivateKey, clock: Callable[[], float] = time.time
    ) -> None:
        self._store, self._key, self._clock = store, key, clock

    def keep(self, digest: str, sealed: bytes) -> Kept | wire.PageFault:
        """Committed on return. Raises `SQLAlchemyError` when it can't be kept now."""
        if len(sealed) > wire.MAX_SEALED_PAGE:
            return wire.PageFault.TOO_LARGE
        try:
            proof, picture = wire.open_page(self._key, digest, sealed)
        except (InvalidTag, ValueError):
            return wire.PageFault.BAD_SEAL
        if wrong := wire.page_fault(digest, picture):
            return wrong
        row = {"digest": digest, "size": len(picture), "sealed": sealed}
        with self._store.write() as connection:
            known = connection.scalar(select(pages.c.size).where(pages.c.digest == digest))
            put(connection, pages, {**row, "received_at": self._clock()}, ("digest",))
        if known is None:
            self._store.changes.notify()
        return Kept(proof, len(picture), known is None)

    def complete(self, case: wire.CasePayload) -> bool:
        """Are all pages of a case here? Otherwise it says so, and is not looked at before."""
        wanted = digests(case)
        if not wanted:
            return True
        with self._store.write() as connection:
            rows = [{"case_no": case.case_no, "digest": digest} for digest in wanted]
            connection.execute(insert(connection, case_pages).on_conflict_do_nothing(), rows)
            here = set(connection.scalars(select(pages.c.digest).where(_among(wanted))))
            if here >= wanted:
                return True
            waits = update(cases).where(cases.c.case_no == case.case_no)
            connection.execute(waits.values(reason=AWAITED))
        return False

    def here(self, wanted: Collection[str]) -> bool:
        """All of them?"""
        with self._store.read() as connection:
            found = connection.scalars(select(pages.c.digest).where(_among(set(wanted))))
            return set(found) >= set(wanted)

    def picture(self, digest: str) -> bytes | None:
        """JPEG or PNG; None: it is not here."""
        with self._store.read() as connection:
            sealed = connection.scalar(select(pages.c.sealed).where(pages.c.digest == digest))
        return None if sealed is None else wire.open_page(self._key, digest, sealed)[1]


def digests(case: wire.CasePayload) -> set[str]:
    """Of the pages that a case brings; those of an earlier case are here with that. What is no
    digest can't come, and is not waited for."""
    listed = {page for one in case.materials if not one.case_no for page in one.pages}
    return set(filter(DIGEST.fullmatch, listed))


def lacking() -> ColumnElement[bool]:
    """Of a query for `cases`: a page that the case lists is not here."""
    here = exists().where(pages.c.digest == case_pages.c.digest)
    return exists().where(case_pages.c.case_no == cases.c.case_no, ~here)


def overdue(store: Store, now: float, before: float) -> int:
    """Alarms for cases, and for what was handed in later, received before then, that still lack a
    page; how many there are."""
    query = select(cases.c.case_no, cases.c.terminal)
    query = query.where(cases.c.handed_over.is_(False), cases.c.received_at < before, lacking())
    with store.read() as connection:
        rows = [*connection.execute(query).all(), *connection.execute(_late(before)).all()]
    if rows:
        with store.write() as connection:
            for row in rows:
                kind = AlarmKind.PAGES_MISSING
                alarm(connection, now, kind, row.terminal, case_no=row.case_no)
        store.changes.notify()
    return len(rows)


def _late(before: float) -> Select[tuple[str, str]]:
    """What was handed in later to a case, and waits for its own pages."""
    query = select(supplements.c.case_no, supplements.c.terminal)
    return query.where(
        supplements.c.handed_over.is_(False),
        supplements.c.outcome == AWAITED_LATER,
        supplements.c.at < before,
    )


def _among(wanted: set[str]) -> ColumnElement[bool]:
    return pages.c.digest.in_(wanted)
