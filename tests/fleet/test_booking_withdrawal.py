"""What a changed appointment means for its case, its platform and its paper."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import select

from bookingwork import SLOTS
from fleet.booking.answers import Asked, Change
from fleet.booking.book import Bookings
from fleet.booking.changes import Changes
from fleet.conclusions import _ended
from fleet.handling import collection, progress
from fleet.handling.collection import Collected, CollectFault
from fleet.handling.rounds import Rounds
from fleet.handling.withdrawal import withdraw
from fleet.payment.items import Catalogues
from fleet.store.conclusion_tables import conclusions
from fleet.store.tables import cases
from handlingstore import ZHANG, World, case_no, item
from handlingwork import at
from kiosk.services.fields import FieldType, FormField
from kiosk.services.item import Booking, Item
from kiosk.services.load import Catalogue
from kiosk.wire import Act, Changed, Reservation
from paymentwork import W, choice

ONE = case_no(1)
DAY, LATER = "2026-03-09", "2026-03-10"


def offered(*, withdraws: bool) -> Item:
    fields = (FormField("day", FieldType.DATE, W), choice("slot", SLOTS))
    booking = Booking("day", "slot", 3, (1, 30), withdraws=withdraws)
    return msgspec.structs.replace(item(), fields=fields, booking=booking)


class Town:
    """A case with its appointment, of an item that says what cancelling means."""

    def __init__(self, folder: Path, *, withdraws: bool = True) -> None:
        one = offered(withdraws=withdraws)
        self.world = world = World(f"sqlite:///{folder}/fleet.db", items={"T1": one})
        world.now = at("2026-03-02")
        context, items = world.context, Catalogues([Catalogue((one,), "v1")])
        book = Bookings(world.store, context.marks, items, world.clock)
        self.changes = Changes(
            world.store, context.marks, items, partial(withdraw, context=context),
            clock=world.clock,
        )  # fmt: skip
        asked = Asked("request00000001", "KT-0001", "T1", "v1", DAY, "morning", ZHANG)
        assert isinstance(book.hold(asked), Reservation)
        assert isinstance(book.confirm("KT-0001", asked.request_no, ONE), Reservation)
        world.receive(ONE, world.now)
        self.rounds = Rounds(context, reporting=False)
        self.rounds.until_quiet()

    def change(self, serial: int, day: str = "") -> Change:
        place = {"day": day, "slot": "morning"} if day else {}
        return Change(f"change{serial:010d}", "KT-0001", ONE, ZHANG, "v1", **place)

    def seen(self) -> progress.ProgressView:
        with self.world.store.read() as connection:
            return progress.by_person(connection, self.world.context, ZHANG)[0]

    def collected(self) -> Collected | CollectFault:
        asked = collection.Asked(ONE, ZHANG, "KT-0001", "job-00000001")
        with self.world.store.write() as connection:
            return collection.collect(connection, self.world.context, asked)

    def decided(self) -> None:
        self.world.decide(ONE, "approved", pdf=b"%PDF-1")
        self.rounds.until_quiet()


def test_cancelling_withdraws_the_case(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.world.decide(ONE, "pending", "review")
    town.rounds.until_quiet()
    told = town.changes.cancel(town.change(1))
    assert isinstance(told, Changed)
    assert told.act is Act.CANCELLED
    seen = town.seen()
    assert (seen.phase, seen.reason, seen.person) == ("refused", "withdrawn", "申请人本人")
    assert seen.ended
    row = town.world.rows(cases)[0]
    assert (row["state"], row["reason"]) == ("refused", "withdrawn")
    # The platform has nothing more to say of it, and what it says is not taken.
    with town.world.store.write() as connection:
        connection.execute(conclusions.insert().values(case_no=ONE))
        waiting = connection.execute(_ended(select(cases.c.case_no))).all()
    assert waiting == []
    town.decided()
    assert town.seen().reason == "withdrawn"
    assert town.collected() is CollectFault.REFUSED
    town.world.store.close()


def test_a_case_that_goes_on_without_its_appointment(tmp_path: Path) -> None:
    town = Town(tmp_path, withdraws=False)
    assert isinstance(town.changes.cancel(town.change(1)), Changed)
    assert town.seen().reason == ""
    assert not town.seen().ended
    town.world.store.close()


@pytest.mark.parametrize("first", ["move", "decide"])
def test_a_paper_that_names_another_day_is_not_handed_out(tmp_path: Path, first: str) -> None:
    town = Town(tmp_path)
    if first == "decide":
        town.decided()
        assert town.seen().certificate
    assert isinstance(town.changes.move(town.change(1, LATER)), Changed)
    if first == "move":
        town.decided()
    assert not town.seen().certificate
    assert town.collected() is CollectFault.NO_CERTIFICATE
    one = town.changes.mine(ZHANG)[0]
    assert one.day == LATER
    until = datetime.fromtimestamp(one.until, ZoneInfo("Asia/Shanghai"))
    assert until.date().isoformat() == DAY  # a day before, as the item says nothing of times
    town.world.store.close()
