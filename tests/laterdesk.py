"""A fleet to which papers are handed in later, for the tests."""

from __future__ import annotations

import hashlib

from fleet.archive.pages import Pages
from fleet.handling import book
from fleet.handling.errands import Puller
from fleet.handling.rounds import Rounds
from fleet.handling.states import CaseState
from fleet.platform.contract import StepEnd
from fleet.store import handling_tables as t
from handlingstore import Office, World, case_no
from handlingwork import at
from kiosk import wire
from kiosk.services.calendar import default
from materialwork import jpeg

ONE, TWO = case_no(1), case_no(2)


def state(world: World, number: str) -> CaseState:
    with world.store.read() as connection:
        found = book.read(connection, default(), [number])[number].state
    assert isinstance(found, CaseState)
    return found


def correct(world: World) -> Rounds:
    """A case of which the proof was asked for, and the sketch promised."""
    world.now = at("2026-03-02")
    unclear = wire.CaseMaterial("proof", "scan", page(world, 9))
    world.receive(ONE, world.now, materials=[unclear, wire.CaseMaterial("sketch", "promise")])
    rounds, office = Rounds(world.context, reporting=True), Office()
    rounds.until_quiet()
    office.say(ONE, "accept", at("2026-03-03"), end=StepEnd.SENT_BACK, missing=("proof",))
    Puller(world.context, "city", office).once()
    return rounds


def outcomes(world: World) -> list[tuple[str, bool]]:
    rows = world.rows(t.handling_supplements, "seq")
    return [(row["outcome"], row["handed_over"]) for row in rows]


def sheet(number: int) -> tuple[bytes, list[str]]:
    picture = jpeg(number)
    return picture, [hashlib.sha256(picture).hexdigest()]


def keep(world: World, picture: bytes) -> None:
    sealed = wire.seal_page(world.key.public_key().public_bytes_raw(), picture)
    Pages(world.store, world.key).keep(sealed.digest, sealed.sealed)


def page(world: World, number: int) -> list[str]:
    """A page that is here."""
    picture, digests = sheet(number)
    keep(world, picture)
    return digests


def scanned(world: World, code: str) -> wire.CaseMaterial:
    return wire.CaseMaterial(code, "scan", page(world, 5))
