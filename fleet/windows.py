"""What terminals ask about people and cases, as routes; all behind one door."""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI

from fleet import api, gateway
from fleet.archive import routes as archive
from fleet.archive.pages import Pages
from fleet.base import Base
from fleet.booking import routes as booking
from fleet.booking.book import Bookings
from fleet.booking.changes import Changes
from fleet.booking.places import moved
from fleet.handling import routes as handling
from fleet.handling.collection import withheld
from fleet.handling.context import Context
from fleet.handling.withdrawal import withdraw
from fleet.identity.codes import Codes
from fleet.identity.door import Door
from fleet.identity.marks import Marks
from fleet.identity.pins import Pins
from fleet.identity.routes import Identity
from fleet.lookups import Lookups
from fleet.payment.office import PaymentOffice


def add(app: FastAPI, base: Base, office: PaymentOffice) -> None:
    store, life, secrets = base.store, base.life, base.secrets
    marks = Marks(secrets.identity)
    door = Door(store, secrets.case, marks)
    known = gateway.known_terminal(secrets.tokens)
    lookups = Lookups(store, base.place.lookups, base.metrics.lookups_refused)
    persons = base.outside.persons
    codes = Codes(store, marks, persons, base.outside.sender)
    identity = Identity(door, codes, Pins(store, marks, persons))
    api.add_identity(app, identity, secrets.tokens, base.metrics)
    changes = Changes(store, life.marks, base.items, partial(withdraw, context=life))
    for router in (
        gateway.router(store, secrets.tokens, partial(_withheld, life), lookups),
        archive.router(Pages(store, secrets.case), known),
        archive.earlier_router(base.earlier, door, known),
        handling.router(life, door, known, lookups),
        booking.router(Bookings(store, marks, base.items), changes, door, known),
        *office.routers(door, known),
    ):
        app.include_router(router)


def _withheld(life: Context, case_no: str) -> bool:
    with life.store.read() as connection:
        return withheld(connection, life, case_no) or moved(connection, case_no)
