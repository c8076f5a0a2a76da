"""Work orders are answered over the interface: its states, who may, old pages, sealed words."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from fleet import api, keys, programs
from fleet.console.words import PAGE
from fleet.errors import WorkError
from fleet.handling import desk
from fleet.handling.answering import READ, STEPS, WHY, AnswerDesk, Wish, WorkAct
from fleet.handling.complaints import enter
from fleet.handling.orders import NEXT, OrderKind, OrderState
from fleet.interface.routes import Desk
from fleet.interface.work import STATUSES
from fleet.live import Live
from fleet.metrics import Metrics
from fleet.people.audit import Audit
from fleet.people.auditwords import ACTS, OUTCOMES
from fleet.people.roles import NOBODY, Permission, Role, Way, Who
from fleet.people.rules import rule
from fleet.reports.build import Reporter
from fleet.rollouts.desk import RolloutDesk
from fleet.store.people_tables import audit
from handlingstore import World, case_no
from handlingwork import at
from kiosk import wire
from postgreswork import DATABASES
from steerwork import LI, VIEWER, ZHAO, person

SECRET, REPLY = "窗口的人让我跑了三趟", "已向您致歉并办结"
PHONE = "13900000000"


@dataclass
class Office:
    """`who`: whoever asks over the interface now."""

    world: World
    folder: Path
    who: Who = LI
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        store = self.world.store
        self.world.now = at("2026-03-02")
        self.audit = Audit(store, b"k" * 32, self.folder / "head")
        self.desk = AnswerDesk(store, self.world.key, self.audit, self.world.clock)
        parts = Live(store, 90), Reporter(store, {}), RolloutDesk(store)
        app = api.build(Metrics(), {}, Desk(store, *parts, self.desk))

        @app.middleware("http")
        async def stand_in(request: Request, go_on: Any) -> Any:
            request.state.who = self.who
            return await go_on(request)

        self.http = TestClient(app)

    def opened(self) -> str:
        """A bad rating's order."""
        origin = f"rating:{next(self.numbers)}"
        wanted = desk.Request(OrderKind.BAD_REVIEW, origin, case_no(1), "KT-0001")
        context = self.world.context
        with self.world.store.write() as connection:
            rules, days = context.orders, context.calendar
            return desk.open_order(connection, rules, days, self.world.now, wanted).number

    def complained(self) -> str:
        said = {"id": "a1b2c3d4", "text": SECRET, "about": "staff", "phone": PHONE}
        secret = msgspec.json.encode(said).decode()
        request = wire.IdentityRequest("00", self.world.now, secret=secret)
        sealed = wire.seal_identity(
            self.world.key.public_key().public_bytes_raw(), "complaint", request
        )
        with self.world.store.write() as connection:
            made = enter(connection, self.world.context, "KT-0001", secret, sealed)
        assert isinstance(made, desk.Order)
        return made.number

    def ask(self, who: Who, number: str, act: str, seen: int, **more: str) -> tuple[int, Any]:
        self.who = who
        address = f"/api/v1/work-orders/{number}/{act}"
        answer = self.http.post(address, json={"seen": seen, **more})
        return answer.status_code, answer.json()

    def bring(self, number: str, state: OrderState) -> int:
        """To this state; how many turns it has then."""
        way = list(OrderState).index(state)
        acts = (WorkAct.ACCEPT, WorkAct.ANSWER, WorkAct.CLOSE)[:way]
        for turn, act in enumerate(acts):
            assert self.ask(LI, number, act, turn, words=REPLY)[0] == 200
        return len(acts)

    def acts(self) -> list[tuple[str, str, str, str]]:
        with self.world.store.read() as connection:
            rows = connection.execute(select(audit).order_by(audit.c.position))
            return [(row.who, row.act, row.target, row.outcome) for row in rows]


@pytest.fixture
def office(url: str, tmp_path: Path) -> Iterator[Office]:
    world = World(url)
    yield Office(world, tmp_path)
    world.store.close()


@pytest.mark.parametrize("url", DATABASES, indirect=True)
def test_from_a_bad_rating_to_the_end_all_of_it_on_record(office: Office) -> None:
    number = office.opened()
    [told] = office.http.get("/api/v1/work-orders").json()
    assert (told["state"], told["owner"], told["turns"]) == ("open", "好差评回访岗", 0)
    status, story = office.ask(LI, number, "accept", 0)
    assert (status, story["state"], story["owner"]) == (200, "assigned", "li.wei")
    _, story = office.ask(LI, number, "transfer", 1, to="王芳", words="请回访")
    assert (story["state"], story["owner"]) == ("assigned", "王芳")
    assert office.ask(ZHAO, number, "answer", 2, words=REPLY)[1]["state"] == "answered"
    assert office.ask(ZHAO, number, "reopen", 3)[1]["state"] == "assigned"
    assert office.ask(ZHAO, number, "answer", 4, words=REPLY)[0] == 200
    _, story = office.ask(ZHAO, number, "close", 5)
    assert (story["state"], story["turns"], story["late"]) == ("closed", 6, False)
    told = [(one["act"], one["person"], one["actor"], one["worded"]) for one in story["history"]]
    assert told[-2:] == [("assign", "王芳", "li.wei", True), ("assign", "li.wei", "li.wei", False)]
    assert [act for _, act, _, _ in office.acts()] == [
        f"work.{one}" for one in ("accept", "transfer", "answer", "reopen", "answer", "close")
    ]
    assert office.audit.check().finding is None


@pytest.mark.parametrize("state", OrderState)
def test_each_act_does_what_the_table_says_in_each_state(office: Office, state: OrderState) -> None:
    for act in WorkAct:
        number = office.opened()
        turns = office.bring(number, state)
        reached = NEXT.get((state, STEPS[act]))
        status, told = office.ask(ZHAO, number, act, turns, words=REPLY, to="王芳")
        assert status == (200 if reached else 409), act
        after = office.http.get(f"/api/v1/work-orders/{number}").json()
        assert after["state"] == (reached or state), told
        assert after["turns"] == turns + bool(reached)


def test_an_old_page_is_refused_and_nothing_is_done(office: Office) -> None:
    number = office.opened()
    assert office.ask(LI, number, "accept", 0)[0] == 200
    status, told = office.ask(ZHAO, number, "accept", 0)
    assert (status, "since" in told["detail"]) == (409, True)
    assert office.http.get(f"/api/v1/work-orders/{number}").json()["owner"] == "li.wei"
    assert office.acts()[-1] == ("zhao.min", "work.accept", number, "moved_on")


def test_only_who_may_answer_does_and_tokens_need_the_scope(office: Office) -> None:
    number = office.opened()
    token = Who("token:12345", "", frozenset({Permission.VIEW}), Way.TOKEN)
    scoped = Who("token:hotline", "", frozenset({Permission.CASES}), Way.TOKEN)
    for who in (VIEWER, token, NOBODY):
        assert office.ask(who, number, "accept", 0)[0] == 403
    assert office.ask(scoped, number, "accept", 0)[0] == 200
    assert office.ask(person("ma.li", Role.OPERATOR), number, "answer", 1, words="好")[0] == 200
    for method, needs in (("GET", Permission.VIEW), ("POST", Permission.CASES)):
        assert rule(method, f"/api/v1/work-orders/{number}/answer").needs is needs
    with pytest.raises(WorkError, match="role"):
        office.desk.read(VIEWER, number)
    assert office.acts()[-1] == ("wang.fang", READ, number, "role")


def test_what_is_missing_is_said(office: Office) -> None:
    number = office.opened()
    assert office.ask(LI, "CP-20260302-99999-X", "accept", 0)[0] == 404
    assert office.http.get("/api/v1/work-orders/CP-1").status_code == 404
    assert office.ask(LI, number, "transfer", 0, to="  ")[0] == 422
    assert office.ask(LI, number, "accept", 0)[0] == 200
    assert office.ask(LI, number, "answer", 1, words=" \n ")[0] == 422
    assert office.ask(LI, number, "answer", 1, words="长" * 2001)[0] == 422
    assert office.ask(LI, number, "transfer", 1, to="<\x00>")[0] == 422


def test_words_are_sealed_and_opened_for_whoever_answers(office: Office) -> None:
    number = office.complained()
    office.ask(LI, number, "accept", 0)
    answer = office.ask(LI, number, "answer", 1, words=REPLY)
    said = office.desk.read(LI, number)
    assert (said.about, said.text, said.phone) == ("staff", SECRET, PHONE)
    assert said.turns == ((2, REPLY),)
    assert SECRET not in repr(said)
    assert office.acts()[-1] == ("li.wei", READ, number, "done")
    everything = str(office.http.get("/api/v1/work-orders").json()) + str(answer)
    with office.world.store.read() as connection:
        for name in ("handling_orders", "handling_order_acts", "audit"):
            everything += str(connection.execute(text(f"SELECT * FROM {name}")).all())
    assert not any(one in everything for one in (SECRET, REPLY, PHONE))


def test_pages_and_filters(office: Office) -> None:
    numbers = [office.opened() for _ in range(5)]
    office.ask(LI, numbers[2], "accept", 0)
    found: list[str] = []
    address = "/api/v1/work-orders?limit=2"
    while address:
        answer = office.http.get(address)
        found += [row["number"] for row in answer.json()]
        address = answer.links["next"]["url"] if "link" in answer.headers else ""
    assert found == numbers[::-1]

    def listed(query: str) -> list[str]:
        return [one["number"] for one in office.http.get(f"/api/v1/work-orders?{query}").json()]

    assert listed("state=assigned") == [numbers[2]]
    assert listed("kind=complaint") == []
    assert listed("late=true") == []
    office.world.now += 9 * 86_400
    assert len(listed("late=true&terminal=KT-0001")) == 5


def test_the_command_line_does_the_same_on_record(
    tmp_path: Path, settings: Callable[..., Path], capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    file, folder = ["--settings", str(settings(1, 2))], tmp_path / "var"
    folder.mkdir()
    key = keys.case_key(folder, tmp_path / "trust")
    world = World(f"sqlite:///{folder}/fleet.db", key)
    office = Office(world, tmp_path)
    number = office.complained()
    monkeypatch.setattr("sys.stdin", io.StringIO(REPLY))
    steps = [["read", number], ["transfer", number, "--to", "王芳"], ["answer", number]]
    assert [programs.run("work", [*file, *one]) for one in steps] == [0, 0, 0]
    assert [programs.run("work", [*file, act, number]) for act in ("accept", "show")] == [2, 0]
    assert programs.run("work", [*file, "list", "--all"]) == 0
    told = capsys.readouterr()
    assert SECRET in told.out
    assert REPLY not in told.out
    assert "answered" in told.out.splitlines()[-1]
    assert "as it stands now" in told.err
    assert [(act, outcome) for _, act, _, outcome in office.acts()] == [
        ("work.read", "done"), ("work.transfer", "done"), ("work.answer", "done"),
        ("work.accept", "not_now"),
    ]  # fmt: skip
    world.store.close()


def test_every_act_and_refusal_has_words() -> None:
    acts = [READ, *(f"work.{act}" for act in WorkAct)]
    assert [act for act in acts if act not in ACTS] == []
    faults = {*WHY, "role", "words_long"}
    assert [one for one in faults if one not in OUTCOMES or f"refused.{one}" not in PAGE] == []
    assert set(STATUSES) <= faults


def test_the_desk_says_the_act_and_no_words() -> None:
    assert REPLY not in repr(Wish(WorkAct.ANSWER, 1, words=REPLY))
