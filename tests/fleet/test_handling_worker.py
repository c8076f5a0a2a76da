"""Cases through the database: opened, reported on, carded, ended; each thing once."""

from __future__ import annotations

import threading
import time

from fleet.handling import book
from fleet.handling import events as e
from fleet.handling.entry import enter
from fleet.handling.errands import Puller, Rounder
from fleet.handling.progress import by_number, by_person
from fleet.handling.rounds import Rounds
from fleet.handling.states import CaseState, Phase, Refusal
from fleet.handling.worker import HandlingWorker
from fleet.platform.contract import StepEnd, StepReport
from fleet.store import handling_tables as t
from fleet.store.tables import alarms, cases
from handlingstore import LI, ZHANG, Office, World, case_no, world
from handlingwork import at
from kiosk import wire
from kiosk.services.calendar import default

__all__ = ["world"]
ONE, TWO = case_no(1), case_no(2)
STEPS = ("accept", "police", "health", "approve", "finish")


def report_all(office: Office, number: str, day: str) -> None:
    for i, step in enumerate(STEPS):
        office.say(number, step, at(day) + 60 * i)


def state(world: World, number: str) -> CaseState:
    with world.store.read() as connection:
        found = book.read(connection, default(), [number])[number].state
    assert isinstance(found, CaseState)
    return found


def test_a_case_goes_its_way(world: World) -> None:
    world.now = at("2026-03-02")
    world.receive(ONE, world.now)
    rounds, office = Rounds(world.context, reporting=True), Office()
    puller = Puller(world.context, "city", office)
    rounds.until_quiet()
    (row,) = world.rows(t.handling_cases)
    assert (row["phase"], row["person"], row["terminal"]) == (
        "acceptance", "综合受理岗", "KT-0001",
    )  # fmt: skip
    assert (row["due_date"], row["provisional"]) == ("2026-03-09", False)
    assert {s.code: s.person for s in state(world, ONE).steps}["police"] == "公安值班岗"
    world.decide(ONE, "pending", "review")
    rounds.until_quiet()
    assert world.rows(t.handling_cases)[0]["decided"]
    report_all(office, ONE, "2026-03-04")
    assert puller.once() is True
    assert puller.once() is False
    (row,) = world.rows(t.handling_cases)
    assert (row["phase"], row["next_at"]) == ("completion", None)
    assert world.rows(cases)[0]["state"] == "approved"
    assert world.rows(t.handling_signals) == []


def test_reports_in_any_order_and_again_make_the_same_case(world: World) -> None:
    world.now = at("2026-03-02")
    world.receive(ONE, world.now)
    world.receive(TWO, world.now)
    Rounds(world.context, reporting=True).until_quiet()
    straight, mixed = Office(), Office(page=2)
    report_all(straight, ONE, "2026-03-04")
    report_all(mixed, TWO, "2026-03-04")
    mixed.found = mixed.found[::-1] + mixed.found
    for name, office in (("city", straight), ("county", mixed)):
        while Puller(world.context, name, office).once():
            pass
    one, two = state(world, ONE), state(world, TWO)
    assert (one.steps, one.phase, one.runs) == (two.steps, two.phase, two.runs)
    assert len(world.rows(t.handling_events)) == 2 * (1 + len(STEPS))


def test_reports_may_come_before_the_case_is_opened(world: World) -> None:
    world.now = at("2026-03-02")
    office = Office()
    report_all(office, ONE, "2026-03-04")
    puller = Puller(world.context, "city", office)
    assert puller.once()
    assert world.rows(t.handling_cases) == []
    world.receive(ONE, world.now)
    Rounds(world.context, reporting=True).until_quiet()
    assert state(world, ONE).phase is Phase.COMPLETION


def test_a_correction_is_told_and_its_day_passes(world: World) -> None:
    world.now = at("2026-03-02")
    world.receive(ONE, world.now)
    rounds, office = Rounds(world.context, reporting=True), Office()
    rounds.until_quiet()
    reason = ("缺少张小满的居住证明", "Zhang Xiaoman's proof is missing")
    office.say(
        ONE, "accept", at("2026-03-03"), end=StepEnd.SENT_BACK, missing=("proof",), reason=reason
    )
    Puller(world.context, "city", office).once()
    with world.store.read() as connection:
        shown = by_number(connection, world.context, ONE)
        mine = by_person(connection, world.context, ZHANG.lower())
        assert by_person(connection, world.context, LI) == []
    assert shown is not None
    assert (shown.phase, shown.words, shown.standing) == (Phase.CORRECTION, (), True)
    assert [(m.material, m.due_date) for m in shown.missing] == [("proof", "2026-03-17")]
    assert mine[0].words == (reason,)
    world.now = at("2026-03-17", "23:59")
    rounds.until_quiet()
    assert state(world, ONE).ended_at is None
    world.now = at("2026-03-18", "00:00")
    rounds.until_quiet()
    assert (state(world, ONE).phase, state(world, ONE).reason) == (
        Phase.NOT_ACCEPTED, "not_supplemented",
    )  # fmt: skip
    kinds = [(row["kind"], row["subject"]) for row in world.rows(t.handling_signals, "position")]
    assert kinds == [("reminder", "correction:accept")]


def test_what_was_promised_keeps_the_result_back(world: World) -> None:
    world.now = at("2026-03-02")
    given = [wire.CaseMaterial("sketch", "promise", due="2026-03-06")]
    given.append(wire.CaseMaterial("proof", "commitment", commitment="ab" * 32))
    world.receive(ONE, world.now, materials=given)
    rounds = Rounds(world.context, reporting=False)
    rounds.until_quiet()
    assert [one.text for one in state(world, ONE).plan.committed] == ["ab" * 32]
    world.decide(ONE, "approved", pdf=b"%PDF")
    rounds.until_quiet()
    (row,) = world.rows(t.handling_cases)
    assert (row["phase"], row["withheld"]) == ("completion", True)
    world.now = at("2026-03-09")
    rounds.until_quiet()
    assert [row["subject"] for row in world.rows(t.handling_signals)] == ["promise:sketch"]
    assert state(world, ONE).promised[0].lapsed_at == at("2026-03-07", "00:00")
    came = e.Supplemented(at=world.now, materials=("sketch",))
    assert enter(world.context, ONE, came) is None
    assert not world.rows(t.handling_cases)[0]["withheld"]


def test_what_is_entered_wrongly_is_told_and_not_kept(world: World) -> None:
    world.now = at("2026-03-02")
    world.receive(ONE, world.now)
    Rounds(world.context, reporting=True).until_quiet()
    before = world.rows(t.handling_events)
    end = e.StepEnded(at=world.now, step="finish", person="李")
    assert enter(world.context, ONE, end) is Refusal.EARLY
    assert enter(world.context, TWO, end) is Refusal.NOT_OPENED
    bad = e.StepEnded(at=world.now, step="finish", person="")
    assert enter(world.context, ONE, bad) is Refusal.MALFORMED
    assert world.rows(t.handling_events) == before


def test_one_platform_that_fails_or_hangs_stops_nobody(world: World) -> None:
    world.now = at("2026-03-02")
    world.receive(ONE, world.now)
    hung = threading.Event()

    class Hanging(Office):
        def reports(self, after: str) -> tuple[list[StepReport], str]:
            hung.wait(30)
            return [], after

    class Broken(Office):
        def reports(self, after: str) -> tuple[list[StepReport], str]:
            raise KeyError("a defect")

    office = Office(failures=1)
    report_all(office, ONE, "2026-03-04")
    platforms = {"hanging": Hanging(), "broken": Broken(), "well": office}
    worker = HandlingWorker(world.context, platforms)
    worker.start()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        rows = world.rows(t.handling_cases)
        if rows and rows[0]["phase"] == "completion":
            break
        time.sleep(0.05)
    assert worker.healthy
    hung.set()
    worker.stop()
    assert world.rows(t.handling_cases)[0]["phase"] == "completion"


def test_a_platform_that_fails_three_times_raises_one_alarm(world: World) -> None:
    puller = Rounder(world.context, Puller(world.context, "city", Office(failures=5)))
    assert [puller.round() for _ in range(5)] == [1.0, 2.0, 5.0, 15.0, 60.0]
    assert puller.round() == 2.0
    (row,) = world.rows(alarms)
    assert (row["kind"], row["journal"], row["times"]) == ("platform_failing", "city", 1)


def test_no_citizens_data_is_in_the_database(world: World) -> None:
    world.now = at("2026-03-02")
    world.receive(ONE, world.now, applicant=wire.CaseApplicant("张小满", ZHANG, address="莲花路"))
    office = Office()
    office.say(
        ONE, "accept", at("2026-03-03"), end=StepEnd.SENT_BACK, missing=("proof",),
        reason=("张小满缺证明", "Zhang"),
    )  # fmt: skip
    Rounds(world.context, reporting=True).until_quiet()
    Puller(world.context, "city", office).once()
    for name, table in vars(t).items():
        if name.startswith("handling_"):
            said = repr(world.rows(table))
            assert not any(word in said for word in (ZHANG, "张小满", "莲花路", "Zhang")), name
