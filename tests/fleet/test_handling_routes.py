"""What terminals are told of cases over real HTTP: progress, results, complaints; and what not."""

from __future__ import annotations

import base64
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import uvicorn
from fastapi import FastAPI

from fleet import gateway, keys
from fleet.handling import events as e
from fleet.handling.collection import withheld
from fleet.handling.entry import enter
from fleet.handling.rounds import Rounds
from fleet.handling.routes import COMPLAIN, SEARCH, router, to_collect
from fleet.identity.door import BURST, Door
from fleet.identity.marks import Marks
from fleet.store import handling_tables as t
from handlingstore import LI, ZHANG, World, case_no, world
from handlingwork import at
from kiosk import wire

__all__ = ["world"]
ONE, TWO = case_no(1), case_no(2)
ROOT = "/api/v1/gateway"
Sealed = Callable[..., tuple[str, dict[str, str]]]


@pytest.fixture
def http(world: World, tmp_path: Path) -> Iterator[httpx.Client]:
    world.now = at("2026-03-02")
    tokens = keys.tokens(tmp_path / "var", tmp_path / "trust")
    door = Door(world.store, world.key, Marks(b"k" * 32), world.clock)
    app = FastAPI()
    app.include_router(router(world.context, door, gateway.known_terminal(tokens)))
    app.include_router(gateway.router(world.store, tokens, lambda _case_no: False))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    token = (tmp_path / "trust" / "terminal.token").read_text()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}{ROOT}"
    headers = {"Authorization": f"Bearer {token}"}
    try:
        with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()


def seal(world: World, purpose: str, number: str = "", secret: str = "") -> tuple[Any, Any]:
    """The body, and the nonce."""
    nonce = secrets.token_hex(32)
    request = wire.IdentityRequest(nonce, world.now, number, secret)
    public = world.key.public_key().public_bytes_raw()
    return {"sealed": wire.seal_identity(public, purpose, request)}, nonce


def ask(
    world: World, http: httpx.Client, path: str, purpose: str, number: str = "", secret: str = ""
) -> httpx.Response:
    """Asks, and looks whether the answer is the fleet's own."""
    body, nonce = seal(world, purpose, number, secret)
    answer = http.post(path, json=body)
    if answer.status_code not in {400, 401, 409, 429} or "fault" in answer.json():
        assert answer.headers[wire.ANSWER_MAC] == wire.mac(nonce, answer.content)
    assert answer.headers["cache-control"] == "no-store"
    return answer


def collect(
    world: World, http: httpx.Client, number: str, case: str = ONE, job: str = ""
) -> httpx.Response:
    return ask(world, http, f"/cases/{case}/collection", to_collect(case), number, job)


def receive(world: World, number: str = ONE, **other: Any) -> Rounds:
    world.receive(number, world.now, **other)
    rounds = Rounds(world.context, reporting=False)
    rounds.until_quiet()
    return rounds


def test_progress_by_number_and_by_qr_text(world: World, http: httpx.Client) -> None:
    receive(world)
    world.now = at("2026-03-20")
    Rounds(world.context, reporting=False).until_quiet()
    assert len(world.rows(t.handling_signals)) == 2
    for text in (ONE, ONE.lower(), f"KIOSK:CASE:{ONE}"):
        answer = http.get(f"/cases/{text}/progress")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        told = answer.json()
        assert (told["phase"], told["due_date"], told["days_left"]) == (
            "acceptance", "2026-03-09", -9,
        )  # fmt: skip
        assert [step["person"] for step in told["steps"]][:2] == ["综合受理岗", "公安值班岗"]
        assert told["opened"] == "2026-03-02T10:00:00+08:00"
        assert not any(word in answer.text for word in ("yellow", "warning", "card", ZHANG))


@pytest.mark.parametrize(
    ("number", "status", "fault"),
    [
        (ONE, 404, None),
        (ONE[:-1] + "0", 422, "check"),
        ("A-1", 422, "shape"),
        ("%20", 422, "empty"),
        ("%F0%9F%98%80", 422, "shape"),
        ("x" * 129, 422, None),
    ],
)
def test_numbers_that_lead_nowhere(
    world: World, http: httpx.Client, number: str, status: int, fault: str | None
) -> None:
    answer = http.get(f"/cases/{number}/progress")
    assert answer.status_code == status
    assert answer.json().get("fault") == fault


def test_a_persons_cases_are_found_by_their_number_alone(world: World, http: httpx.Client) -> None:
    helper = wire.CaseParty("helper", "李小满", LI)
    receive(world, parties=[helper])
    world.now += 60
    receive(world, TWO)
    found = ask(world, http, "/progress/search", SEARCH, f" {ZHANG.lower()} ").json()["cases"]
    assert [case["case_no"] for case in found] == [TWO, ONE]
    for nobody in (LI, "", "x" * 1000, "\x00"):  # a helper's work is not theirs
        assert ask(world, http, "/progress/search", SEARCH, nobody).json() == {"cases": []}


def test_strangers_and_recordings_are_not_answered(world: World, http: httpx.Client) -> None:
    receive(world)
    body, _ = seal(world, SEARCH, ZHANG)
    assert http.post("/progress/search", json=body).status_code == 200
    assert http.post("/progress/search", json=body).status_code == 409
    other, _ = seal(world, to_collect(TWO), ZHANG)
    assert http.post(f"/cases/{ONE}/collection", json=other).status_code == 400
    assert http.post("/progress/search", json={"sealed": "AAAA"}).status_code == 400
    assert http.post("/progress/search", json={"sealed": "A" * 2049}).status_code == 422
    for path in ("/progress/search", f"/cases/{ONE}/collection", "/complaints"):
        answer = http.post(path, json=body, headers={"Authorization": "Bearer x"})
        assert answer.status_code == 401
    assert http.get(f"/cases/{ONE}/progress", headers={"Authorization": ""}).status_code == 401


def test_numbers_cannot_be_tried_in_bulk(world: World, http: httpx.Client) -> None:
    told = [ask(world, http, "/progress/search", SEARCH, ZHANG) for _ in range(BURST + 1)]
    assert [answer.status_code for answer in told] == [200] * BURST + [429]
    assert int(told[-1].headers["retry-after"]) > 0


def test_a_result_is_collected_by_its_owner_and_counted(world: World, http: httpx.Client) -> None:
    rounds = receive(world)
    assert collect(world, http, ZHANG).json()["fault"] == "not_yet"
    world.decide(ONE, "approved", pdf=b"%PDF-1")
    rounds.until_quiet()
    for stranger in (LI, ""):
        answer = collect(world, http, stranger)
        assert (answer.status_code, answer.json()["fault"]) == (403, "not_yours")
    assert collect(world, http, ZHANG, TWO).json()["fault"] == "not_yours"
    for copy in (0, 1, 2):
        answer = collect(world, http, ZHANG)
        assert (answer.status_code, answer.json()["copy_no"]) == (200, copy)
        assert base64.b64decode(answer.json()["pdf"]) == b"%PDF-1"
    kept = world.rows(t.handling_collections, "copy")
    assert [(row["copy"], row["number"], row["terminal"]) for row in kept] == [
        (copy, copy - 1, keys.DEMONSTRATION) for copy in (1, 2, 3)
    ]
    assert http.get(f"/cases/{ONE}/progress").json()["phase"] == "notice"


def test_a_job_that_asks_again_is_the_same_paper(world: World, http: httpx.Client) -> None:
    rounds = receive(world)
    world.decide(ONE, "approved", pdf=b"%PDF-1")
    rounds.until_quiet()
    numbers = [
        collect(world, http, ZHANG, job=job).json()["copy_no"]
        for job in ("job-aaaa", "job-bbbb", "job-aaaa", "job-bbbb", "job-cccc", "x" * 200)
    ]
    assert numbers == [0, 1, 0, 1, 2, 3]


@pytest.mark.parametrize(
    ("said", "copy"),
    [
        ({"rung": "presented"}, 1),
        ({"rung": "unconfirmed"}, 1),  # nobody knows: never two originals
        ({"rung": "queued"}, 0),
        ({"rung": "sent", "sheets": 0}, 0),
        (None, 0),
    ],
)
def test_what_came_out_in_the_visit_itself_was_the_original(
    world: World, http: httpx.Client, said: dict[str, Any] | None, copy: int
) -> None:
    rounds = receive(world)
    world.decide(ONE, "approved", pdf=b"%PDF-1")
    rounds.until_quiet()
    if said is not None:
        world.printed(7, {"job": f"{ONE}-certificate", **said}, ONE)
        world.printed(8, {"job": f"{ONE}-receipt", "rung": "presented"}, ONE, "receipt")
    assert collect(world, http, ZHANG, job="job-aaaa").json()["copy_no"] == copy


def test_a_collection_that_put_out_nothing_leaves_the_original(
    world: World, http: httpx.Client
) -> None:
    rounds = receive(world)
    world.decide(ONE, "approved", pdf=b"%PDF-1")
    rounds.until_quiet()
    assert collect(world, http, ZHANG, job="job-aaaa").json()["copy_no"] == 0
    world.printed(7, {"job": "job-aaaa", "rung": "queued", "fault": "paper_out"}, ONE)
    assert collect(world, http, ZHANG, job="job-bbbb").json()["copy_no"] == 0
    assert collect(world, http, ZHANG, job="job-cccc").json()["copy_no"] == 1


def test_progress_tells_of_a_paper_and_of_a_rating(world: World, http: httpx.Client) -> None:
    rounds = receive(world)
    told = http.get(f"/cases/{ONE}/progress").json()
    assert (told["certificate"], told["rated"]) == (False, False)
    world.decide(ONE, "approved", pdf=b"%PDF-1")
    world.rate(9, {"case_no": ONE, "level": 5})
    rounds.until_quiet()
    told = http.get(f"/cases/{ONE}/progress").json()
    assert (told["certificate"], told["rated"]) == (True, True)


def test_a_second_applicant_may_collect_too(world: World, http: httpx.Client) -> None:
    rounds = receive(world, parties=[wire.CaseParty("second", "李小满", LI)])
    world.decide(ONE, "approved", pdf=b"%PDF-1")
    rounds.until_quiet()
    assert collect(world, http, LI).status_code == 200


def test_nothing_is_collected_before_a_promise_is_kept(world: World, http: httpx.Client) -> None:
    rounds = receive(world, materials=[wire.CaseMaterial("sketch", "promise")])
    world.decide(ONE, "approved", pdf=b"%PDF-1")
    rounds.until_quiet()
    told = http.get(f"/cases/{ONE}/progress").json()
    assert told["withheld"]
    assert told["missing"] == [
        {
            "material": "sketch",
            "due_date": "2026-03-09",
            "promised": True,
            "lapsed": False,
            "coming": False,
        }
    ]
    assert collect(world, http, ZHANG).json()["fault"] == "withheld"
    with world.store.read() as connection:
        assert withheld(connection, world.context, ONE)
    enter(world.context, ONE, e.Supplemented(at=world.now, materials=("sketch",)))
    assert collect(world, http, ZHANG).status_code == 200


@pytest.mark.parametrize(
    ("state", "fault", "status"), [("refused", "refused", 409), ("approved", "no_certificate", 404)]
)
def test_where_there_is_no_paper(
    world: World, http: httpx.Client, state: str, fault: str, status: int
) -> None:
    rounds = receive(world)
    world.decide(ONE, state)
    rounds.until_quiet()
    answer = collect(world, http, ZHANG)
    assert (answer.status_code, answer.json()["fault"]) == (status, fault)


@pytest.mark.parametrize("number", ["", ZHANG])
def test_a_complaint_is_entered_signed_in_or_out(
    world: World, http: httpx.Client, number: str
) -> None:
    said = msgspec.json.encode({"id": "a1b2c3d4", "text": "窗口无人" * 400}).decode()
    answer = ask(world, http, "/complaints", COMPLAIN, number, said)
    told = answer.json()
    assert (answer.status_code, told["kind"], told["due_date"]) == (
        201, "complaint", "2026-03-09",
    )  # fmt: skip
    assert ask(world, http, "/complaints", COMPLAIN, number, said).json() == told
    (row,) = world.rows(t.handling_orders)
    assert "窗口" not in repr(row)
    kept = wire.unseal_identity(world.key, COMPLAIN, row["sealed"])
    assert (kept.secret, kept.number) == (said, number)


@pytest.mark.parametrize(
    ("said", "status", "fault"),
    [
        ('{"id": "a1b2c3d4", "text": "着火了", "line": "119"}', 409, "emergency"),
        ('{"id": "a1b2c3d4", "text": ""}', 422, "malformed"),
        ('{"id": "a1b2c3d4", "about": "A B"}', 422, "malformed"),
        ("not json", 422, "malformed"),
        ("[" * 5000, 422, "malformed"),
        ('{"id": "a1b2c3d4", "text": "\\ud800"}', 422, "malformed"),
    ],
)
def test_what_becomes_no_order_is_told_why(
    world: World, http: httpx.Client, said: str, status: int, fault: str
) -> None:
    answer = ask(world, http, "/complaints", COMPLAIN, "", said)
    assert (answer.status_code, answer.json()["fault"]) == (status, fault)
    assert world.rows(t.handling_orders) == []
