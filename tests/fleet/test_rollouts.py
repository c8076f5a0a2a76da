"""A rollout goes group by group; what breaks terminals, or hurts citizens, stops and comes back."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import postgreswork
from fleet.errors import RolloutError
from fleet.rollouts import book, turns
from fleet.rollouts.drift import drift
from fleet.rollouts.shapes import Group, Plan, State, Terms, Where
from fleet.store.rollout_tables import rollout_notes, rollout_terminals
from kiosk.wire import Piece, PieceKind
from rolloutwork import Sim, Village

NEW = Piece("0.2.0", "software-0.2.0.zip", "ab" * 32, 1000)
CANARY = Group("canary", Where(ids=["KT-0001", "KT-0002"]))
REST = Group("everybody")
TERMS = Terms(observe=3600, visits=20)
HOUR = 3600.0


def town(folder: Path, count: int = 10, **odd: Sim) -> Village:
    sims = {f"KT-{number:04}": Sim(f"KT-{number:04}") for number in range(1, count + 1)}
    sims |= {sim.name: sim for sim in odd.values()}
    return Village(folder, *sims.values())


def begin(village: Village, *groups: Group, kind: PieceKind = PieceKind.SOFTWARE,
          piece: Piece = NEW, terms: Terms = TERMS, window: str = "") -> int:  # fmt: skip
    plan = Plan(piece, list(groups or (CANARY, REST)), terms, window)
    with village.store.write() as connection:
        return book.propose(connection, kind, plan, "王工", village.now)


def look(village: Village, number: int) -> Any:
    with village.store.read() as connection:
        return book.find(connection, number)


def states(village: Village, number: int) -> Counter[str]:
    with village.store.read() as connection:
        query = select(rollout_terminals.c.state).where(rollout_terminals.c.rollout == number)
        return Counter(connection.scalars(query))


def software(village: Village) -> Counter[str]:
    return Counter(sim.versions["software"] for sim in village.sims.values())


def test_a_good_one_goes_group_by_group_to_everybody(tmp_path: Path) -> None:
    village = town(tmp_path)
    village.pass_time(4 * HOUR)
    number = begin(village)
    village.pass_time(1200)
    assert software(village) == {"0.1.0": 8, "0.2.0": 2}, "the canaries first"
    village.pass_time(1800)
    assert software(village) == {"0.1.0": 8, "0.2.0": 2}, "and alone while they are watched"
    village.pass_time(2 * HOUR)
    assert software(village) == {"0.2.0": 10}
    village.pass_time(2 * HOUR)
    assert look(village, number).state == State.DONE
    assert states(village, number) == {"confirmed": 10}


def test_one_that_breaks_terminals_stops_itself_and_rolls_back(tmp_path: Path) -> None:
    """The new version falls back by itself on one of two canaries: nobody else ever gets it."""
    village = town(tmp_path, bad=Sim("KT-0002", breaks=("0.2.0",)))
    number = begin(village)
    village.pass_time(4 * HOUR)
    row = look(village, number)
    assert row.state == State.ROLLED_BACK
    assert "1 of 2 terminals failed: not_healthy" in row.why
    assert software(village) == {"0.1.0": 10}
    assert not any("0.2.0" in str(village.sims[f"KT-{n:04}"].steps) for n in range(3, 11))
    assert states(village, number) == {"returned": 2}


def test_one_after_which_terminals_fall_silent(tmp_path: Path) -> None:
    """Dead ones say nothing: silence since the switch is a failure, too."""
    village = town(tmp_path, bad=Sim("KT-0002", dies=("0.2.0",)))
    number = begin(village, terms=Terms(observe=3600, visits=20, silent=1200))
    village.pass_time(4 * HOUR)
    row = look(village, number)
    assert row.state == State.ROLLED_BACK
    assert "silent" in row.why
    assert village.sims["KT-0001"].versions["software"] == "0.1.0"
    pointer = village.broker["KT-0002"]
    assert pointer.software is not None
    assert pointer.software.version == "0.1.0", "it waits at the broker for the one that is away"


@pytest.mark.parametrize(
    ("sim", "why"),
    [
        ({"hurts": ("0.2.0",)}, "fewer_completed_visits"),
        ({"spoils": ("0.2.0",)}, "unconfirmed_papers"),
    ],
)
def test_citizens_fare_worse(tmp_path: Path, sim: dict[str, Any], why: str) -> None:
    """Every terminal says that it is well; the visits say otherwise."""
    canaries = {name: Sim(name, **sim) for name in ("KT-0001", "KT-0002")}
    village = town(tmp_path, **canaries)
    village.pass_time(4 * HOUR)
    number = begin(village)
    village.pass_time(4 * HOUR)
    assert (look(village, number).state, look(village, number).why) == (State.ROLLED_BACK, why)
    assert software(village) == {"0.1.0": 10}


def test_too_few_visits_to_judge_by_ask_a_person(tmp_path: Path) -> None:
    village = town(tmp_path)
    number = begin(village, terms=Terms(observe=3600, visits=20, patience=7200))
    village.pass_time(4 * HOUR, visits=0)
    assert look(village, number).state == State.APPROVAL
    with village.store.write() as connection:
        with pytest.raises(RolloutError, match="somebody else"):
            turns.approve(connection, number, "王工", village.now)
        turns.approve(connection, number, "李工", village.now)
    village.pass_time(1200)
    assert software(village) == {"0.2.0": 10}
    with village.store.read() as connection:
        notes = connection.execute(select(rollout_notes.c.actor, rollout_notes.c.what)).all()
    assert ("李工", "approves") in [tuple(note) for note in notes]


def test_a_group_that_waits_for_approval_and_one_that_is_paused(tmp_path: Path) -> None:
    village = town(tmp_path)
    number = begin(village, CANARY, Group("everybody", approve=True))
    village.pass_time(8 * HOUR)
    assert look(village, number).state == State.APPROVAL
    assert software(village) == {"0.1.0": 8, "0.2.0": 2}
    with village.store.write() as connection:
        turns.approve(connection, number, "李工", village.now)
        turns.stop(connection, number, "李工", village.now, "not this week")
    village.pass_time(HOUR)
    assert look(village, number).state == State.ROLLED_BACK
    second = begin(village)
    with village.store.write() as connection:
        turns.pause(connection, second, "王工", village.now)
    village.pass_time(8 * HOUR)
    assert software(village)["0.2.0"] <= 2
    with village.store.write() as connection:
        turns.resume(connection, second, "王工", village.now)
    village.pass_time(4 * HOUR)
    assert software(village) == {"0.2.0": 10}


def test_who_comes_back_late_joins(tmp_path: Path) -> None:
    """Away for days, and one that is new: neither holds the others up, neither is forgotten."""
    village = town(tmp_path)
    village.cut(village.sims["KT-0009"])
    village.now += HOUR
    number = begin(village)
    village.pass_time(6 * HOUR)
    assert look(village, number).state == State.DONE
    assert software(village) == {"0.1.0": 1, "0.2.0": 9}
    with village.store.read() as connection:
        [left] = drift(connection)
    assert (left.terminal, left.has, left.wanted, left.online) == (
        "KT-0009", "0.1.0", "0.2.0", False,
    )  # fmt: skip
    village.sims["KT-0009"].online = True
    village.sims["KT-0011"] = Sim("KT-0011")
    village.pass_time(HOUR)
    assert software(village) == {"0.2.0": 11}
    assert states(village, number) == {"confirmed": 11}


def test_a_fleet_that_is_stopped_at_any_time_goes_on_where_it_was(tmp_path: Path) -> None:
    village = town(tmp_path, bad=Sim("KT-0007", breaks=("0.2.0",)))
    number = begin(village, terms=Terms(observe=1200, visits=20, failures=0.2))
    for _ in range(60):
        village.pass_time(300)
        village.restart()
    assert look(village, number).state == State.DONE
    assert states(village, number) == {"confirmed": 9, "failed": 1}, "one of ten may fail"


def test_settings_come_back_to_none_and_a_catalogue_only_stops(tmp_path: Path) -> None:
    village = town(tmp_path, bad=Sim("KT-0002", breaks=("bright", "8-def")))
    bright = Piece("bright", "settings-bright.toml", "cd" * 32, 10)
    number = begin(village, kind=PieceKind.SETTINGS, piece=bright)
    village.pass_time(4 * HOUR)
    assert look(village, number).state == State.ROLLED_BACK
    assert {sim.versions["settings"] for sim in village.sims.values()} == {""}
    newer = Piece("8-def", "catalogue-8.kcb", "ef" * 32, 10)
    number = begin(village, kind=PieceKind.CATALOGUE, piece=newer)
    village.pass_time(4 * HOUR)
    assert look(village, number).state == State.STOPPED, "its numbers only grow"


def test_what_cannot_be_begun(tmp_path: Path) -> None:
    village = town(tmp_path)
    for plan, why in (
        (Plan(NEW, []), "groups"),
        (Plan(NEW, [REST], window="25:00-26:00"), "window"),
        (Plan(Piece("0.2.0"), [REST]), "list of updates"),
        (Plan(NEW, [Group("x", Where(share=0))]), "share"),
    ):
        with village.store.write() as connection, pytest.raises(RolloutError, match=why):
            book.propose(connection, PieceKind.SOFTWARE, plan, "王工", village.now)
    begin(village)
    with pytest.raises(RolloutError, match="under way"):
        begin(village)
    begin(village, kind=PieceKind.SETTINGS)


def test_on_postgresql_too(tmp_path: Path) -> None:
    if reason := postgreswork.missing():
        pytest.skip(reason)
    with postgreswork.server() as url:
        sims = [Sim(f"KT-{number:04}") for number in range(1, 4)]
        village = Village(tmp_path, *sims, Sim("KT-0004", breaks=("0.2.0",)), url=url)
        number = begin(village, Group("canary", Where(ids=["KT-0001"])), REST)
        village.pass_time(4 * HOUR)
        assert look(village, number).state == State.ROLLED_BACK
        assert software(village) == {"0.1.0": 4}
        village.store.close()
