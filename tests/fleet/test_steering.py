"""Orders and rollouts by the desk and over the interface: who may, what is on record, old marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from alarmwork import Watch, row, rules
from fleet import programs
from fleet.alarms import states as alarm_states
from fleet.alarms.desk import HOURS
from fleet.console import noted
from fleet.console.words import PAGE, Words
from fleet.errors import RolloutError
from fleet.people.auditwords import ACTS, OUTCOMES
from fleet.people.office import operator
from fleet.people.roles import NOBODY, Role
from fleet.rollouts import book, desk, orders, turns
from fleet.rollouts.engine import FLEET, Look
from fleet.rollouts.orders import Wanted
from fleet.rollouts.shapes import At, Shown, Where
from fleet.store.database import Store
from fleet.store.people_tables import audit
from fleet.store.rollout_tables import attachments
from fleet.store.tables import alarms, terminals
from kiosk import wire
from kiosk.wire import Operation
from steerwork import CLOSE, GROUPS, LI, VIEWER, ZHAO, House, person


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.store.close()


def test_a_dangerous_order_by_two_people_all_of_it_on_record(house: House) -> None:
    assert house.ask(VIEWER, "orders", CLOSE)[0] == 403
    status, order = house.ask(LI, "orders", CLOSE)
    assert (status, order["state"], order["reason"]) == (201, "approval", "更换打印机")
    assert house.ask(LI, "orders/1/approve")[0] == 409, "not by the same person"
    assert house.ask(person("token:x", Role.OPERATOR), "orders/1/approve")[0] == 403
    assert house.ask(ZHAO, "orders/1/approve")[1]["answered_by"] == "zhao.min"
    assert house.ask(ZHAO, "orders/1/refuse")[0] == 409
    assert house.ask(LI, "orders/9/withdraw")[0] == 404
    assert house.acts() == [
        ("wang.fang", "order.give", "", "role"),
        ("li.wei", "order.give", "1", "done"),
        ("li.wei", "order.approve", "1", "same_person"),
        ("token:x", "order.approve", "1", "role"),
        ("zhao.min", "order.approve", "1", "done"),
        ("zhao.min", "order.refuse", "1", "moved_on"),
        ("li.wei", "order.withdraw", "9", "unknown"),
    ]
    assert house.audit.check().finding is None


def test_who_has_somebody_there_is_told_before_and_another_choice_is_not_given(
    house: House,
) -> None:
    with house.store.write() as connection:
        health = wire.encode(wire.Health("KT-0002", 1, "now", [], "serving")).decode()
        where = terminals.c.terminal == "KT-0002"
        connection.execute(terminals.update().where(where).values(health=health))
    wish = {"operation": "restart", "where": {"site": "东"}}
    _, seen = house.ask(LI, "orders/preview", wish)
    hit = [(one["terminal"], one["visited"]) for one in seen["terminals"]]
    assert (hit, seen["second"]) == ([("KT-0001", False), ("KT-0002", True)], False)
    old = {**wish, "seen": ["KT-0001", "KT-0003"]}
    assert house.ask(LI, "orders", old)[0] == 409
    there = Wanted(Operation.RESTART, Where(state=Shown.SERVING), {})
    assert [one.terminal for one in house.desk.view.preview(there).terminals] == ["KT-0002"]
    assert house.ask(LI, "orders", {**wish, "seen": ["KT-0002", "KT-0001"]})[0] == 201
    assert house.ask(LI, "orders", {**wish, "where": {"everything": True}})[0] == 422


def test_a_rollout_that_has_moved_on_refuses_an_old_page(house: House) -> None:
    wish = {"kind": "software", "version": "0.2.0", "groups": GROUPS}
    status, made = house.ask(LI, "rollouts", wish)
    assert (status, made["state"], made["stage"]) == (201, "approval", -1)
    assert house.ask(LI, "rollouts", wish)[0] == 409, "one of a kind at a time"
    assert house.ask(LI, "rollouts/1/approve", {"seen": made["mark"]})[0] == 409
    status, begun = house.ask(ZHAO, "rollouts/1/approve", {"seen": made["mark"]})
    assert (status, begun["state"]) == (200, "running")
    house.village.now += 1
    assert house.ask(LI, "rollouts/1/pause", {"seen": begun["mark"]})[0] == 200
    status, told = house.ask(ZHAO, "rollouts/1/stop", {"seen": begun["mark"]})
    assert (status, "moved on" in told["detail"]) == (409, True)
    assert house.desk.view.rollout(1).state == "paused", "nothing was done"
    acts = [(who, act, outcome) for who, act, _, outcome in house.acts()]
    assert acts[-2:] == [("li.wei", "rollout.pause", "done"),
                         ("zhao.min", "rollout.stop", "moved_on")]  # fmt: skip
    assert house.ask(LI, "rollouts", {**wish, "version": "9"})[0] == 422


def test_the_command_line_is_on_record_with_the_systems_user(
    tmp_path: Path, settings: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    file = ["--settings", str(settings(1, 2))]
    with closing(Store(f"sqlite:///{tmp_path}/var/fleet.db")) as store:
        with store.write() as connection:
            connection.execute(terminals.insert().values(terminal="KT-0001", seen_at=0.0))
        give = ["give", "restart", "--reason", "hangs", "--id"]
        assert programs.run("order", [*file, *give, "KT-0001"]) == 0
        assert programs.run("order", [*file, *give, "KT-0002"]) == 2
        assert programs.run("order", [*file, "show", "1"]) == 0
        with store.read() as connection:
            rows = connection.execute(select(audit).order_by(audit.c.position)).all()
    told = [(row.act, row.target, row.outcome, row.way, row.who) for row in rows]
    user = operator().name
    assert told == [("order.give", "1", "done", "command", user),
                    ("order.give", "", "nobody", "command", user)]  # fmt: skip
    assert "restart {} hangs" in capsys.readouterr().out


def test_every_act_and_refusal_has_words() -> None:
    code = "".join(
        Path(module.__file__ or "").read_text("utf-8") for module in (book, turns, orders, desk)
    )
    codes = set(re.findall(r'", "([a-z_]+)"\)', code))
    assert {"moved_on", "same_person", "changed", "role", "no_piece"} <= codes
    assert {one for one in codes if one not in OUTCOMES or f"refused.{one}" not in PAGE} == set()
    silences = (f"silence.{hours}" for hours in HOURS)
    alarms = (*alarm_states.Act, *silences)
    told = [*desk.Act, *(f"alarm.{act}" for act in alarms if f"act.{act}" in PAGE)]
    assert [act for act in told if act not in ACTS and act != "alarm.silence"] == []
    assert [one for one in alarm_states.Refusal if one not in OUTCOMES] == []


def test_nobody_acts_where_no_guard_has_said_who_it_is(house: House) -> None:
    with pytest.raises(RolloutError, match="role"):
        house.desk.order(NOBODY, Wanted(Operation.REPORT, Where(), {}))


def test_one_that_stops_itself_calls_people_and_drift_says_why(house: House) -> None:
    house.ask(LI, "rollouts", {"kind": "software", "version": "0.2.0", "groups": GROUPS})
    house.ask(ZHAO, "rollouts/1/approve")
    [left] = house.http.get("/api/v1/rollouts/drift").json()
    assert (left["terminal"], left["has"], left["step"], left["rollout"]) == (
        "KT-0001", "0.1.0", "told", 1,
    )  # fmt: skip
    with house.store.write() as connection:
        [told] = book.rows_of(connection, 1)
        book.set_terminal(connection, told, At.FAILED, house.village.now, "not_healthy")
        Look(connection, book.find(connection, 1), house.village.now).roll_back("crashes", FLEET)
        kinds = list(connection.scalars(select(alarms.c.kind)))
    assert kinds == ["rollout_stopped"]
    view = house.desk.view
    assert (view.groups(1), view.failed(1)) == ([{"returning": 1}], 1), "it stays known who failed"


def test_who_lacks_its_version_for_two_days_is_told_of(house: House) -> None:
    house.ask(LI, "rollouts", {"kind": "software", "version": "0.2.0", "groups": GROUPS})
    house.ask(ZHAO, "rollouts/1/approve")
    watch = Watch(house.store, rules("drift"), now=house.village.now + 40 * 3600)
    there = [row("KT-0001"), row("KT-0003")]
    watch.look(*there)
    assert watch.open == []
    watch.look(*there, after=9 * 3600)
    assert watch.open == [("drift", "东乡便民站", 1)]
    house.village.pass_time(1200)
    watch.look(*there, after=60)
    watch.look(*there, after=660)
    assert watch.open == []


def test_what_the_fleet_notes_is_told_in_chinese(house: House) -> None:
    """Every sentence that orders and rollouts write has words: none is left in English."""
    house.ask(LI, "orders", CLOSE)
    house.ask(ZHAO, "orders/1/refuse")
    house.ask(LI, "rollouts", {"kind": "software", "version": "0.2.0", "groups": GROUPS})
    house.ask(ZHAO, "rollouts/1/approve")
    house.ask(ZHAO, "rollouts/1/pause")
    house.ask(ZHAO, "rollouts/1/resume")
    house.village.pass_time(4 * 3600)
    house.ask(ZHAO, "rollouts/1/stop", {"reason": "不合适"})
    house.village.pass_time(3600)
    words, view = Words("zh-CN"), house.desk.view
    notes = [*view.notes("order", 1), *view.notes("rollout", 1)]
    told = [noted.told(words, one.what) for one in notes]
    assert len(told) > 9
    assert [one for one in told if any(word.isalpha() and word.isascii() for word in one)] == []
    for cause in ("1 of 2 terminals failed: silent", "too few visits to judge by", "crashes",
                  "the next group waits for approval", "followed by another", "by hand",
                  "unconfirmed_papers", "fewer_completed_visits"):  # fmt: skip
        assert noted.because(words, cause) != cause


def test_what_a_command_brought_can_be_had(house: House) -> None:
    house.ask(LI, "orders", {"operation": "collect_logs", "where": {"ids": ["KT-0001"]}})
    [sent] = house.http.get("/api/v1/orders/1/commands").json()
    address = f"/api/v1/commands/{sent['command']}/attachment"
    assert (sent["brought"], house.http.get(address).status_code) == ("", 404)
    row = {"command": sent["command"], "terminal": "KT-0001", "kind": "logs", "body": b"PK",
           "received_at": 1.0}  # fmt: skip
    with house.store.write() as connection:
        connection.execute(attachments.insert().values(**row))
    answer = house.http.get(address)
    assert (answer.content, answer.headers["content-type"]) == (b"PK", "application/zip")
    assert "attachment; filename=" in answer.headers["content-disposition"]
