"""What earlier cases of a person left, and what of it is used again: by consent, for one purpose.

A terminal is told only of which kind, from which case and day. The pages themselves never go back
to a terminal: they go to the platform of the later case, with the purpose written across them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, select

from fleet.archive.pages import Pages
from fleet.archive.watermark import NotAPictureError, watermarked
from fleet.handling.judging import whole
from fleet.handling.sealing import CaseMarks
from fleet.store.archive_tables import reuses
from fleet.store.database import Store, put
from fleet.store.handling_tables import handling_people
from fleet.store.tables import cases
from kiosk import wire
from kiosk.services.item import Item
from kiosk.services.materials import Material, Source
from kiosk.services.needed import fits
from kiosk.wire import Filed

KEPT_STATES = ("approved", "pending")  # what a refused case left is worth nothing
MOST = 50  # cases of one person that are looked through, the newest first


class Earlier:
    """`items`: by task code. `clock`: epoch seconds."""

    def __init__(  # noqa: PLR0917 - what each is is plain from its type
        self,
        store: Store,
        key: X25519PrivateKey,
        marks: CaseMarks,
        items: Mapping[str, Item],
        pages: Pages,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._key, self._marks = store, key, marks
        self._items, self._pages, self._clock = items, pages, clock

    def on_file(self, number: str, kinds: Collection[str]) -> list[Filed]:
        """Of the applicant with this number; only what was scanned and is here."""
        query = select(cases.c.case_no)
        query = query.join(handling_people, handling_people.c.case_no == cases.c.case_no)
        query = query.where(
            handling_people.c.person == self._marks.person(number),
            handling_people.c.role == "applicant",
            cases.c.state.in_(KEPT_STATES),
        )
        with self._store.read() as connection:
            found = connection.scalars(query.order_by(cases.c.received_at.desc()).limit(MOST)).all()
            opened = [whole(connection, self._key, case_no) for case_no in found]
        mine = (case for case in opened if case is not None and _same(case, number))
        return [one for case in mine for one, _ in self._left(case) if one.kind in kinds]

    def use(self, case: wire.CasePayload) -> wire.CasePayload:
        """With the pages of what it takes over from earlier cases; what it may not is taken away.

        The same case always gets the same pages, however often it is asked for.
        """
        materials = [
            self._used(case, one) if one.source == Source.EARLIER else one for one in case.materials
        ]
        return msgspec.structs.replace(case, materials=[one for one in materials if one])

    def _used(self, case: wire.CasePayload, given: wire.CaseMaterial) -> wire.CaseMaterial | None:
        with self._store.read() as connection:
            known = _noted(connection, case.case_no, given.code)
        if known is None:
            source = self._source(case, given)
            if source is None:
                return None
            known = self._copied(case, given, source)
        return msgspec.structs.replace(given, pages=known)

    def _source(self, case: wire.CasePayload, given: wire.CaseMaterial) -> list[str] | None:
        """The pages that it means; None: not this person's, or not good enough for this item."""
        item = self._items.get(case.task_code)
        material = next((m for m in item.materials if m.code == given.code), None) if item else None
        query = select(cases.c.case_no).where(
            cases.c.case_no == given.case_no, cases.c.state.in_(KEPT_STATES)
        )
        with self._store.read() as connection:
            known = connection.scalar(query) if given.case_no != case.case_no else None
            earlier = whole(connection, self._key, known) if known else None
        if material is None or earlier is None or not _same(earlier, case.applicant.number):
            return None
        try:
            day = date.fromisoformat(case.apply_date[:10])
        except ValueError:
            return None
        return next((p for filed, p in self._left(earlier) if fits(material, filed, day)), None)

    def _left(self, case: wire.CasePayload) -> Iterator[tuple[Filed, list[str]]]:
        item = self._items.get(case.task_code)
        known: dict[str, Material] = {one.code: one for one in item.materials} if item else {}
        for given in case.materials:
            material = known.get(given.code)
            if material is None or given.source != Source.SCAN or not given.pages:
                continue
            if self._pages.here(given.pages):
                for kind in material.kinds:
                    yield Filed(kind, case.case_no, case.apply_date[:10]), given.pages

    def _copied(
        self, case: wire.CasePayload, given: wire.CaseMaterial, source: list[str]
    ) -> list[str]:
        """Each page with its purpose across it, sealed; and the use of it on record."""
        purpose = self._purpose(case)
        public, digests = self._key.public_key().public_bytes_raw(), []
        for digest in source:
            page = wire.seal_page(public, _marked(self._pages.picture(digest) or b"", purpose))
            self._pages.keep(page.digest, page.sealed)
            digests.append(page.digest)
        row = {
            "case_no": case.case_no,
            "code": given.code,
            "source": given.case_no,
            "purpose": purpose,
            "pages": ",".join(digests),
            "at": self._clock(),
        }
        with self._store.write() as connection:
            put(connection, reuses, row, ("case_no", "code"))
            return _noted(connection, case.case_no, given.code) or digests

    def _purpose(self, case: wire.CasePayload) -> str:
        item = self._items.get(case.task_code)
        name = item.task_name.zh if item else case.task_code
        return f"仅用于办理{name} {case.case_no} {case.apply_date[:10]}"


def _same(case: wire.CasePayload, number: str) -> bool:
    own = case.applicant.number.strip().upper()
    return bool(own) and own == number.strip().upper()


def _noted(connection: Connection, case_no: str, code: str) -> list[str] | None:
    query = select(reuses.c.pages).where(reuses.c.case_no == case_no, reuses.c.code == code)
    found = connection.scalar(query)
    return None if found is None else [one for one in found.split(",") if one]


def _marked(picture: bytes, purpose: str) -> bytes:
    """What is no picture for this machine was one for the terminal: it goes on as it is."""
    try:
        return watermarked(picture, purpose)
    except NotAPictureError:
        return picture
