"""What applicants hand in later: awaited, judged once, as of its arrival."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
import pytest

from fleet.archive.pages import overdue
from fleet.handling import progress, supplements
from fleet.handling.errands import Courier
from fleet.handling.rounds import Rounds
from fleet.handling.states import Phase
from fleet.handling.supplements import Outcome
from fleet.store import handling_tables as t
from handlingstore import LI, World, world
from handlingwork import at
from kiosk import wire
from laterdesk import (
    ONE,
    TWO,
    correct,
    keep,
    outcomes,
    page,
    scanned,
    sheet,
    state,
)

__all__ = ["world"]


def test_what_comes_later_answers_the_notice_and_goes_to_the_platform(world: World) -> None:
    rounds = correct(world)
    world.now = at("2026-03-05")
    world.supplement(1, ONE, [wire.CaseMaterial("proof", "scan", page(world, 1))])
    rounds.until_quiet()
    assert (state(world, ONE).phase, state(world, ONE).withheld) == (Phase.ACCEPTANCE, True)
    assert [run.start for run in state(world, ONE).runs][1:] == [at("2026-03-05")]
    world.supplement(2, ONE, [wire.CaseMaterial("sketch", "scan", page(world, 2))])
    rounds.until_quiet()
    assert not state(world, ONE).withheld
    assert outcomes(world) == [("taken", False)] * 2
    brought: list[tuple[list[str], list[str]]] = []
    courier = Courier(
        world.context,
        lambda case, new: brought.append(([one.source for one in case.materials], sorted(new))),
    )
    assert not courier.once(), "its platform has not got the case yet"
    world.decide(ONE, "pending", "materials")
    assert [courier.once() for _ in range(2)] == [True, False]
    assert brought == [(["scan", "promise"], ["proof"]), (["scan", "scan"], ["sketch"])]
    assert outcomes(world) == [("taken", True)] * 2


def test_what_comes_too_late_or_from_somebody_else_changes_nothing(world: World) -> None:
    rounds = correct(world)
    before = state(world, ONE)
    proof = [scanned(world, "proof")]
    world.supplement(1, ONE, proof, LI)
    world.supplement(2, ONE, [wire.CaseMaterial("other", "scan")])
    world.supplement(3, TWO, proof)
    world.supplement(4, "", [])
    same = wire.CaseMaterial("proof", "scan", page(world, 9))
    world.supplement(5, ONE, [same, wire.CaseMaterial("sketch", "promise")])
    rounds.until_quiet()
    assert state(world, ONE) == before
    world.now = at("2026-03-18", "00:00")  # nobody has looked since the last day
    world.supplement(6, ONE, proof)
    assert rounds.supplements()
    assert rounds.supplements()
    assert state(world, ONE).reason == "not_supplemented"
    assert outcomes(world) == [
        (outcome, True)
        for outcome in (
            "not_theirs", "not_wanted", "unknown_case", "undecodable", "not_wanted", "too_late",
        )
    ]  # fmt: skip


def test_it_waits_for_its_pages_and_no_day_passes_meanwhile(world: World) -> None:
    rounds = correct(world)
    before = state(world, ONE)
    came = world.now = at("2026-03-17", "17:00")  # the last day
    (picture, digests) = sheet(3)
    proof = wire.CaseMaterial("proof", "scan", digests)
    world.supplement(1, ONE, [proof])
    world.now = at("2026-03-20")
    rounds.until_quiet()
    assert outcomes(world) == [("awaited", False)]
    assert state(world, ONE).notices == before.notices
    with world.store.read() as connection:
        told = progress.by_number(connection, world.context, ONE)
    assert told is not None
    assert [(one.material, one.coming) for one in told.missing] == [
        ("proof", True), ("sketch", False),
    ]  # fmt: skip
    assert overdue(world.store, world.now, world.now - 86400) == 1
    keep(world, picture)
    rounds.until_quiet()
    assert outcomes(world) == [("taken", False)]
    assert [run.start for run in state(world, ONE).runs][1:] == [came]
    assert overdue(world.store, world.now, world.now - 86400) == 0
    world.supplement(2, ONE, [wire.CaseMaterial("proof", "scan", page(world, 4))])
    rounds.until_quiet()
    assert outcomes(world)[1:] == [("already_here", True)]


def test_pages_that_never_come_hold_the_last_day_for_a_week(world: World) -> None:
    rounds = correct(world)
    world.now = at("2026-03-17", "17:00")
    _, digests = sheet(3)
    world.supplement(1, ONE, [wire.CaseMaterial("proof", "scan", digests)])
    rounds.until_quiet()
    world.now = at("2026-03-24")
    rounds.until_quiet()
    assert state(world, ONE).ended_at is None
    world.now = at("2026-03-25", "18:30")
    rounds.until_quiet()
    assert state(world, ONE).reason == "not_supplemented"
    keep(world, sheet(3)[0])
    rounds.until_quiet()
    assert outcomes(world) == [("too_late", True)]


def test_a_terminal_is_told_by_its_own_record(world: World) -> None:
    rounds = correct(world)
    world.supplement(1, ONE, [wire.CaseMaterial("proof", "scan", page(world, 1))])
    rounds.until_quiet()
    with world.store.read() as connection:
        assert supplements.outcome(connection, "j2-1") is Outcome.TAKEN
        assert supplements.outcome(connection, "j1-1") is None
        assert supplements.outcome(connection, "j2-2") is None


def test_what_may_not_be_taken_over_is_not_taken(world: World) -> None:
    world.now = at("2026-03-02")
    correct(world)

    def use(case: wire.CasePayload) -> wire.CasePayload:
        left = [one for one in case.materials if one.source != "earlier"]
        return msgspec.structs.replace(case, materials=left)

    rounds = Rounds(world.context, reporting=True, use=use)
    world.supplement(1, ONE, [wire.CaseMaterial("proof", "earlier", case_no=TWO)])
    rounds.until_quiet()
    world.supplement(2, ONE, [wire.CaseMaterial("proof", "scan", [])])
    rounds.until_quiet()
    assert outcomes(world) == [("unfit", True)] * 2
    assert state(world, ONE).missing == ("proof",)


def test_it_is_taken_once_whatever_is_cut_off(world: World) -> None:
    """A kill between judging and the commit leaves nothing; after it, it is not judged again."""
    correct(world)
    world.supplement(1, ONE, [wire.CaseMaterial("proof", "scan", page(world, 1))])

    class Cut(BaseException):
        pass

    def cut(_case: wire.CasePayload) -> wire.CasePayload:
        raise Cut

    with pytest.raises(Cut):
        Rounds(world.context, reporting=True, use=cut).until_quiet()
    assert outcomes(world) == [("awaited", False)]
    again = Rounds(world.context, reporting=True)
    again.until_quiet()
    events = world.rows(t.handling_events, "position")
    again.until_quiet()
    assert world.rows(t.handling_events, "position") == events
    assert [row["kind"] for row in events].count("supplemented") == 1
    world.decide(ONE, "pending", "materials")
    times: list[int] = []

    def killed(_case: wire.CasePayload, _new: Collection[str]) -> None:
        times.append(1)
        if len(times) == 1:
            raise Cut  # the platform has it, and nobody has noted that

    courier = Courier(world.context, killed)
    with pytest.raises(Cut):
        courier.once()
    assert [courier.once(), courier.once()] == [True, False]
    assert len(times) == 2
