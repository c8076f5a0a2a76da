"""Commands for many: seen before, approved by two, sent until heard, followed to their end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from fleet.errors import RolloutError
from fleet.rollouts import orders
from fleet.rollouts.orders import Wanted
from fleet.rollouts.shapes import Ordered, Where
from fleet.store.rollout_tables import order_terminals
from kiosk.wire import Operation
from rolloutwork import Sim, Village

WORDS = {"zh": "今日检修", "en": "Under repair today"}


@pytest.fixture
def village(tmp_path: Path) -> Village:
    sims = [Sim(f"KT-{number:04}", site="东镇" if number < 3 else "县城") for number in range(1, 9)]
    return Village(tmp_path, *sims)


def give(
    village: Village, wanted: Wanted, actor: str = "王工", seen: Sequence[str] | None = None
) -> int:
    with village.store.write() as connection:
        return orders.order(connection, wanted, actor, village.now, seen)


def states(village: Village, number: int) -> Counter[str]:
    with village.store.read() as connection:
        query = select(order_terminals.c.state).where(order_terminals.c.order_id == number)
        return Counter(connection.scalars(query))


def state(village: Village, number: int) -> str:
    with village.store.read() as connection:
        return str(orders.find(connection, number).state)


def tell(village: Village, outcome: str, why: str = "", who: str = "") -> None:
    """Each terminal's word on the newest command for it."""
    for command in village.commands:
        sim = village.sims[who or command.terminal]
        data = {"command": command.id, "operation": command.operation, "outcome": outcome,
                "why": why}  # fmt: skip
        village.record(sim, "kiosk.command.event", data)
    village.pass_time(1, step=1, visits=0)


def test_whom_it_hits_is_seen_before(village: Village) -> None:
    village.cut(village.sims["KT-0002"])
    wanted = Wanted(Operation.RESTART, Where(site="东"), {})
    with village.store.read() as connection:
        found = orders.preview(connection, wanted)
    assert [one.terminal for one in found.terminals] == ["KT-0001", "KT-0002"]
    assert (found.away, found.second) == (1, False)
    assert village.commands == [], "looking does nothing"
    for seen in (["KT-0001"], ["KT-0001", "KT-0003"]):
        with pytest.raises(RolloutError, match="than were shown: 2"):
            give(village, wanted, seen=seen)
    with pytest.raises(RolloutError, match="no terminal"):
        give(village, Wanted(Operation.RESTART, Where(ids=["KT-9999"]), {}))


def test_one_for_few_is_sent_followed_and_ended(village: Village) -> None:
    number = give(village, Wanted(Operation.TEST_PRINT, Where(site="东"), {}),
                  seen=["KT-0002", "KT-0001"])  # fmt: skip
    village.pass_time(2, step=1, visits=0)
    assert sorted(one.terminal for one in village.commands) == ["KT-0001", "KT-0002"]
    assert states(village, number) == {"sent": 2}
    tell(village, "accepted")
    tell(village, "running")
    assert states(village, number) == {"running": 2}
    tell(village, "done")
    tell(village, "running")  # late
    assert states(village, number) == {"done": 2}
    village.pass_time(2, step=1, visits=0)
    assert state(village, number) == Ordered.ENDED


def test_a_dangerous_one_waits_for_another_person(village: Village) -> None:
    number = give(village, Wanted(Operation.OUT_OF_SERVICE, Where(ids=["KT-0001"]), WORDS))
    village.pass_time(60, step=20, visits=0)
    assert (village.commands, state(village, number)) == ([], Ordered.APPROVAL)
    with village.store.write() as connection, pytest.raises(RolloutError, match="somebody else"):
        orders.answer(connection, number, "王工", village.now, approved=True)
    with village.store.write() as connection:
        orders.answer(connection, number, "李工", village.now, approved=True)
    village.pass_time(2, step=1, visits=0)
    assert [one.arguments for one in village.commands] == [WORDS]
    refused = give(village, Wanted(Operation.RESTART, Where(), {}))
    with village.store.write() as connection:
        orders.answer(connection, refused, "李工", village.now, approved=False)
    assert states(village, refused) == {"withdrawn": 8}


def test_the_same_bytes_again_until_somebody_answers(village: Village) -> None:
    """A terminal takes each command once; a restart of the fleet changes nothing."""
    number = give(village, Wanted(Operation.IDENTIFY, Where(ids=["KT-0003"]), {}))
    village.pass_time(90, step=10, visits=0)
    village.restart()
    village.pass_time(30, step=10, visits=0)
    assert len(village.commands) > 3
    assert len({(one.id, one.signature) for one in village.commands}) == 1
    village.commands = village.commands[-1:]
    tell(village, "done")
    village.commands = []
    village.pass_time(60, step=10, visits=0)
    assert (village.commands, states(village, number)) == ([], {"done": 1})


def test_who_is_away_gets_it_when_it_comes_or_never(village: Village) -> None:
    away = village.sims["KT-0004"]
    village.cut(away)
    number = give(village, Wanted(Operation.RESTART, Where(ids=["KT-0004"]), {}, 600))
    late = give(village, Wanted(Operation.IDENTIFY, Where(ids=["KT-0004"]), {}, 30))
    village.pass_time(300, step=60, visits=0)
    assert village.commands == []
    away.online = True
    village.pass_time(120, step=60, visits=0)
    assert {one.operation for one in village.commands} == {"restart"}
    assert states(village, number) == {"sent": 1}
    assert states(village, late) == {"expired": 1}


def test_another_terminals_word_counts_for_nothing(village: Village) -> None:
    number = give(village, Wanted(Operation.TEST_PRINT, Where(ids=["KT-0001"]), {}))
    village.pass_time(2, step=1, visits=0)
    tell(village, "done", who="KT-0005")
    assert states(village, number) == {"sent": 1}


def test_what_is_missing_or_too_long(village: Village) -> None:
    for arguments in ({}, {"zh": "检修"}, {**WORDS, "en": "x" * 200}):
        with pytest.raises(RolloutError, match="missing or too long"):
            give(village, Wanted(Operation.OUT_OF_SERVICE, Where(), arguments))
    with pytest.raises(RolloutError, match="at most"):
        give(village, Wanted(Operation.RESTART, Where(), {}, 10**9))


def test_what_is_not_sent_can_be_withdrawn(village: Village) -> None:
    village.cut(village.sims["KT-0001"])
    number = give(village, Wanted(Operation.RESTART, Where(site="东"), {}))
    village.pass_time(2, step=1, visits=0)
    with village.store.write() as connection:
        orders.withdraw(connection, number, "王工", village.now)
    assert states(village, number) == {"withdrawn": 1, "sent": 1}


def test_reprinting_is_no_command() -> None:
    assert "reprint" not in list(Operation)
