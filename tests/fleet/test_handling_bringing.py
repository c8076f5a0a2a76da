"""What was handed in later on its way to platforms, and what supervisors see of it all."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest

from fleet.archive.desk import LaterDesk
from fleet.handling import progress, supervision
from fleet.handling.errands import Courier, Rounder
from fleet.handling.rounds import Rounds
from fleet.handling.states import Phase
from fleet.platform.contract import PlatformError
from handlingstore import LI, ZHANG, World, world
from handlingwork import at
from kiosk import wire
from laterdesk import (
    ONE,
    TWO,
    correct,
    outcomes,
    page,
    scanned,
)

__all__ = ["world"]


def test_a_supplement_that_a_platform_does_not_take_is_brought_again(world: World) -> None:
    rounds = correct(world)
    world.supplement(1, ONE, [scanned(world, "proof")])
    rounds.until_quiet()
    world.decide(ONE, "pending", "materials")
    times: list[int] = []

    def bring(_case: wire.CasePayload, _new: Collection[str]) -> None:
        times.append(1)
        if len(times) < 3:
            raise PlatformError("not now")

    rounder = Rounder(world.context, Courier(world.context, bring))
    assert [rounder.round() for _ in range(3)] == [1.0, 2.0, 2.0]
    assert outcomes(world) == [("taken", True)]


def test_supervisors_see_cards_and_orders(world: World) -> None:
    world.now = at("2026-03-02")
    world.receive(ONE, world.now)
    rounds = Rounds(world.context, reporting=True)
    rounds.until_quiet()
    world.rate(1, {"case_no": ONE, "level": 1, "tags": []})
    world.now = at("2026-03-12")
    rounds.until_quiet()
    with world.store.read() as connection:
        seen = supervision.overview(connection, world.now)
        newest, oldest = supervision.cards(connection)
        assert supervision.cards(connection, before=newest.position) == [oldest]
        (order,) = supervision.open_orders(connection)
    assert (oldest.kind, newest.kind, newest.at) == ("warning", "yellow", at("2026-03-10", "00:00"))
    assert (newest.person, newest.phase) == ("综合受理岗", Phase.ACCEPTANCE)
    assert (seen.cards, seen.phases) == ({"warning": 1, "yellow": 1}, {"acceptance": 1})
    assert (seen.orders, seen.ratings) == ({"open": 1}, {"level.1": 1, "came": 1})
    assert (order.kind, order.case_no) == ("bad_review", ONE)


def test_a_case_that_has_ended_takes_nothing_more(world: World) -> None:
    world.now = at("2026-03-02")
    world.receive(ONE, world.now)
    world.decide(ONE, "approved")
    rounds = Rounds(world.context, reporting=False)
    rounds.until_quiet()
    world.supplement(1, ONE, [scanned(world, "proof")])
    rounds.until_quiet()
    assert outcomes(world) == [("closed", True)]


def test_whoever_else_the_case_belongs_to_may_hand_in(world: World) -> None:
    world.now = at("2026-03-02")
    promised = [wire.CaseMaterial("sketch", "promise")]
    guardian = wire.CaseParty("guardian", "李", LI)
    world.receive(ONE, world.now, materials=promised, parties=[guardian])
    rounds = Rounds(world.context, reporting=True)
    rounds.until_quiet()
    with world.store.read() as connection:
        (mine,) = progress.by_person(connection, world.context, LI)
        assert not mine.own
        (mine,) = progress.by_person(connection, world.context, ZHANG)
        assert mine.own
    world.supplement(1, ONE, [scanned(world, "sketch")], LI)
    rounds.until_quiet()
    assert outcomes(world) == [("taken", False)]


def test_one_case_that_its_platform_does_not_take_holds_up_no_other(world: World) -> None:
    world.now = at("2026-03-02")
    rounds = Rounds(world.context, reporting=True)
    for number, serial in ((ONE, 1), (TWO, 2)):
        world.receive(number, world.now, materials=[wire.CaseMaterial("sketch", "promise")])
        world.decide(number, "pending", "review")
        rounds.until_quiet()
        world.supplement(serial, number, [scanned(world, "sketch")])
    rounds.until_quiet()

    def bring(case: wire.CasePayload, _new: Collection[str]) -> None:
        if case.case_no == ONE:
            raise PlatformError("not this one")

    courier = Courier(world.context, bring)
    assert courier.once()
    assert outcomes(world) == [("taken", False), ("taken", True)]
    with pytest.raises(PlatformError):
        courier.once()


def test_the_desk_brings_new_pages_before_the_case(world: World) -> None:
    told: list[str] = []

    class Both:
        def reports(self, after: str) -> tuple[list[object], str]:
            return [], after

        def page(self, case: wire.CasePayload, digest: str, picture: bytes) -> None:
            told.append(f"page {digest[:4]}")

        def supplement(self, case: wire.CasePayload) -> None:
            told.append("case " + " ".join(one.code for one in case.materials))

    old, new = page(world, 1), page(world, 2)
    world.now = at("2026-03-02")
    case = world.receive(ONE, world.now, materials=[
        wire.CaseMaterial("proof", "scan", old), wire.CaseMaterial("sketch", "scan", new),
    ])  # fmt: skip
    both: Any = Both()
    desk = LaterDesk(world.store, world.key, {"city": both}, lambda _code: "city")
    desk.bring(case, {"sketch"})
    assert told == [f"page {new[0][:4]}", "case proof sketch"]
    silent: Any = object()
    with pytest.raises(PlatformError):
        LaterDesk(world.store, world.key, {"city": silent}, lambda _: "city").bring(
            case, {"sketch"}
        )
