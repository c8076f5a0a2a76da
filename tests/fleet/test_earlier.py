"""What an earlier case left serves a later one: by its owner's card, fit for the item, marked."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import select

import fakes
from fleet import gateway, keys
from fleet.archive import routes
from fleet.archive.desk import PageDesk
from fleet.archive.earlier import Earlier
from fleet.archive.pages import Pages
from fleet.archive.watermark import NotAPictureError, watermarked
from fleet.handling.judging import whole
from fleet.handling.sealing import CaseMarks
from fleet.identity.door import Door
from fleet.identity.marks import Marks
from fleet.platform import given
from fleet.store.archive_tables import reuses
from fleet.store.database import Store, put
from fleet.store.handling_tables import (
    handling_people,
    handling_supplement_codes,
    handling_supplements,
)
from fleet.store.tables import cases
from kiosk import wire
from kiosk.gateway.archive import HttpArchive
from kiosk.gateway.proven import ProvenLine
from kiosk.services.item import Item
from kiosk.services.load import load_catalogue
from kiosk.services.materials import Source, Trust
from materialwork import jpeg, main
from pageswork import serving

KEY = X25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw()
MARKS = CaseMarks(b"k" * 32)
TODAY = date(2026, 11, 21)
NUMBER, OTHER = fakes.ZHANG.number, fakes.LI.number
LEASE = main("lease", Source.EARLIER, Source.SCAN, valid_days=90)


def item() -> Item:
    found = load_catalogue(fakes.ROOT / "config/catalogue").find(fakes.RESIDENCE)
    assert found is not None
    return msgspec.structs.replace(found, materials=(LEASE,))


def earlier(store: Store, known: Item | None = None) -> Earlier:
    one = known or item()
    return Earlier(store, KEY, MARKS, {one.task_code: one}, Pages(store, KEY))


def case(number: str, person: str, day: date, material: wire.CaseMaterial) -> wire.CasePayload:
    return wire.CasePayload(
        number, "KT-0001", fakes.RESIDENCE, "1", f"{day}T10:00:00+08:00",
        wire.CaseApplicant("张小样", person), {}, "card", materials=[material],
    )  # fmt: skip


def settled(
    store: Store, number: str = "E-1", person: str = NUMBER, day: date = TODAY,
    state: str = "approved", picture: bytes | None = None,
) -> None:  # fmt: skip
    """A case of this person that was handled, with one scanned page."""
    page = wire.seal_page(PUBLIC, picture or jpeg())
    Pages(store, KEY).keep(page.digest, page.sealed)
    made = case(number, person, day, wire.CaseMaterial("lease", "scan", [page.digest]))
    row = {
        "case_no": number, "terminal": "KT-0001", "task_code": fakes.RESIDENCE, "kind": "promise",
        "sealed": wire.seal(PUBLIC, made), "state": state, "handed_over": True, "received_at": 1.0,
    }  # fmt: skip
    owner = {"person": MARKS.person(person), "case_no": number, "role": "applicant"}
    with store.write() as connection:
        put(connection, cases, row, ("case_no",))
        put(connection, handling_people, owner, ("person", "case_no"))


def test_only_the_owners_own_is_on_file(store: Store) -> None:
    settled(store)
    settled(store, "E-2", OTHER)
    settled(store, "E-3", state="refused")
    desk = earlier(store)
    assert desk.on_file(NUMBER, ["lease"]) == [wire.Filed("lease", "E-1", str(TODAY))]
    assert desk.on_file(NUMBER, ["household_register"]) == []
    assert desk.on_file("", ["lease"]) == []


def use(store: Store, known: Item | None = None, **more: object) -> list[wire.CaseMaterial]:
    wanted = wire.CaseMaterial("lease", "earlier", case_no="E-1")
    later = case("L-1", NUMBER, TODAY, wanted)
    later = msgspec.structs.replace(later, **more)
    return earlier(store, known).use(later).materials


def test_its_pages_go_on_with_the_purpose_across_them_and_on_record(store: Store) -> None:
    settled(store)
    [taken] = use(store)
    assert (taken.case_no, len(taken.pages)) == ("E-1", 1)
    marked = Pages(store, KEY).picture(taken.pages[0])
    assert marked is not None
    assert marked != jpeg()
    assert use(store) == [taken]  # the same pages, however often
    with store.read() as connection:
        [row] = connection.execute(select(reuses)).all()
    assert (row.source, row.purpose) == ("E-1", "仅用于办理居住证签注 L-1 2026-11-21")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"person": OTHER}, "another person's"),
        ({"day": TODAY - timedelta(days=91)}, "too old"),
        ({"state": "refused"}, "refused"),
        ({"number": "E-9"}, "there is no such case"),
    ],
)
def test_what_may_not_be_taken_over_is_missing(
    store: Store, changed: dict[str, object], why: str
) -> None:
    settled(store, **changed)  # type: ignore[arg-type]
    assert use(store) == [], why
    later = case("L-1", NUMBER, TODAY, wire.CaseMaterial("lease", "earlier", case_no="E-1"))
    sent = earlier(store).use(later)
    assert given.missing(item(), sent) == ("lease",)


def test_a_case_gives_nothing_to_itself(store: Store) -> None:
    settled(store)
    own = case("E-1", NUMBER, TODAY, wire.CaseMaterial("lease", "earlier", case_no="E-1"))
    assert earlier(store).use(own).materials == []


def test_an_item_that_trusts_no_copies_gets_none(store: Store) -> None:
    settled(store)
    strict = msgspec.structs.replace(LEASE, trust=Trust.B)
    assert use(store, msgspec.structs.replace(item(), materials=(strict,))) == []


def test_the_platform_gets_the_copy_and_not_the_page(store: Store) -> None:
    settled(store)
    pictures: list[bytes] = []

    class Office:
        def page(self, _case: wire.CasePayload, _digest: str, picture: bytes) -> None:
            pictures.append(picture)

    desk = PageDesk(store, KEY, Office(), earlier(store))
    later = case("L-1", NUMBER, TODAY, wire.CaseMaterial("lease", "earlier", case_no="E-1"))
    ready = desk.ready(later)
    assert ready is not None
    desk.bring(ready)
    assert len(pictures) == 1
    assert pictures[0] != jpeg()


def test_a_watermark_is_seen_and_the_page_can_still_be_read() -> None:
    page = jpeg()
    marked = watermarked(page, "仅用于办理居住证签注 L-1 2026-11-21")
    with Image.open(io.BytesIO(page)) as before, Image.open(io.BytesIO(marked)) as after:
        assert after.size == before.size
        changed = [
            a != b for a, b in zip(before.convert("L").tobytes(), after.convert("L").tobytes(),
                                   strict=True)
        ]  # fmt: skip
    assert 0.02 < sum(changed) / len(changed) < 0.9
    for broken in (b"", b"%PDF-", page[:200]):
        with pytest.raises(NotAPictureError):
            watermarked(broken, "x")


async def test_a_terminal_asks_sealed_and_believes_the_fleet_alone(
    store: Store, tmp_path: Path
) -> None:
    settled(store)
    tokens = keys.tokens(tmp_path / "var", tmp_path / "trust")
    door = Door(store, KEY, Marks(b"m" * 32))
    app = FastAPI()
    known = gateway.known_terminal(tokens)
    app.include_router(routes.earlier_router(earlier(store), door, known))
    with serving(app) as port:
        url, token = f"http://127.0.0.1:{port}", tmp_path / "trust" / "terminal.token"
        archive = HttpArchive(ProvenLine(url, token, lambda: PUBLIC))
        stranger = X25519PrivateKey.generate().public_key().public_bytes_raw()
        misled = HttpArchive(ProvenLine(url, token, lambda: stranger))
        found = await archive.on_file(NUMBER, {"lease", "permit"}, 10)
        assert found == [wire.Filed("lease", "E-1", str(TODAY))]
        assert await archive.on_file(OTHER, {"lease"}, 10) == []
        assert await misled.on_file(NUMBER, {"lease"}, 10) is None
        for one in (archive, misled):
            await one.end()


def test_what_was_handed_in_later_is_on_file_too(store: Store) -> None:
    settled(store)
    page = wire.seal_page(PUBLIC, jpeg(7))
    Pages(store, KEY).keep(page.digest, page.sealed)
    brought = wire.CaseMaterial("lease", "scan", [page.digest])
    key = {"terminal": "KT-0001", "journal": "j2", "seq": 1}
    row = {
        **key, "case_no": "E-1", "outcome": "taken", "handed_over": True, "at": 2.0,
        "sealed": wire.seal(PUBLIC, case("E-1", NUMBER, TODAY, brought)),
    }  # fmt: skip
    with store.write() as connection:
        put(connection, handling_supplements, row, tuple(key))
        assert whole(connection, KEY, "E-1") != case("E-1", NUMBER, TODAY, brought)
        put(connection, handling_supplement_codes, {**key, "code": "lease"}, (*key, "code"))
        assert whole(connection, KEY, "E-1") == case("E-1", NUMBER, TODAY, brought)
    assert earlier(store).on_file(NUMBER, ["lease"]) == [wire.Filed("lease", "E-1", str(TODAY))]
    [taken] = use(store)
    assert (taken.case_no, len(taken.pages)) == ("E-1", 1)
