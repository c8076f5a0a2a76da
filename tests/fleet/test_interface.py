"""The interface of other systems: pages, filters, errors, tags; and whatever a machine tries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from fastapi import Request
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks

from fleet import api, programs
from fleet.handling.answering import AnswerDesk
from fleet.handling.states import Phase as CasePhase
from fleet.interface.document import document
from fleet.interface.problems import MEDIA_TYPE
from fleet.interface.routes import Desk
from fleet.live import Live
from fleet.metrics import Metrics
from fleet.people.roles import demonstration
from fleet.reports.build import Reporter
from fleet.rollouts.desk import RolloutDesk
from fleet.store.alarm_tables import alarm_groups
from fleet.store.database import Store
from fleet.store.rollout_tables import order_terminals, orders
from fleet.store.tables import terminals
from kiosk import wire
from reportwork import Books, a_year, at, items

load_all_checks()
BAD_NAME = "'; DROP TABLE cases; --<script>alert(1)</script>"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path_factory.mktemp('interface')}/fleet.db")
    a_year(Books(opened))
    with opened.write() as connection:
        for number in range(25):
            name = f"KT-{number:04}"
            birth = wire.Birth(name, 1, 1, "j", 1, "2026-01-01T00:00:00Z", BAD_NAME, "0.1")
            row = {"terminal": name, "seen_at": 0.0, "online": number < 5, "birth_at": 0.0}
            connection.execute(terminals.insert().values(**row, birth=wire.encode(birth).decode()))
        for number in range(1, 8):
            about = {"rule": "silent", "place": f"S{number}", "severity": "warning"}
            about |= {"state": "open" if number > 2 else "resolved"}
            times = {"started_at": 1.0, "opened_at": 1.0, "terminals": 1, "most": 1}
            connection.execute(alarm_groups.insert().values(**about, **times))
            asked = {"operation": "identify", "arguments": "{}", "seconds": 60, "chosen": "{}"}
            asked |= {"state": "running", "asked_by": "admin", "asked_at": 1.0}
            order = connection.execute(orders.insert().values(**asked)).inserted_primary_key
            for name in ("KT-0001", "KT-0002", "KT-0003"):
                one = {"order_id": order[0], "terminal": name, "command": f"c{number}-{name}"}
                connection.execute(
                    order_terminals.insert().values(**one, state="sent", changed_at=1.0)
                )
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def app(store: Store) -> Any:
    reporter = Reporter(store, items(), clock=lambda: at("2027-01-05"))
    live, metrics = Live(store, 90), Metrics()
    metrics.show(live)
    work = AnswerDesk(store, X25519PrivateKey.generate())
    made = api.build(metrics, {}, Desk(store, live, reporter, RolloutDesk(store), work))

    @made.middleware("http")
    async def stand_in(request: Request, go_on: Any) -> Any:
        """For the guard: whoever asks may do everything."""
        request.state.who = demonstration()
        return await go_on(request)

    return made


@pytest.fixture(scope="module")
def client(app: Any) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


def every(client: TestClient, address: str) -> tuple[list[Any], int]:
    """All rows of all pages, and how many pages there were."""
    rows: list[Any] = []
    for count in range(1, 200):
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        rows += answer.json()
        if "link" not in answer.headers:
            return rows, count
        address = answer.links["next"]["url"]
    pytest.fail("the pages do not end")


@pytest.mark.parametrize(("path", "count"), [("terminals", 25), ("cases", 68)])
def test_pages_hold_everything_once(client: TestClient, path: str, count: int) -> None:
    rows, pages = every(client, f"/api/v1/{path}?limit=10")
    names = [row.get("case_no", row.get("id")) for row in rows]
    assert names == sorted(set(names))
    assert (len(names), pages) == (count, -(-count // 10))
    assert every(client, f"/api/v1/{path}?limit={count}") == (rows, 1)


def test_alarms_and_commands_come_newest_first_over_all_pages(client: TestClient) -> None:
    rows, pages = every(client, "/api/v1/alarms/groups?limit=2")
    assert ([row["place"] for row in rows], pages) == ([f"S{n}" for n in range(7, 0, -1)], 4)
    assert len(every(client, "/api/v1/alarms/groups?state=resolved")[0]) == 2
    rows, _ = every(client, "/api/v1/commands?limit=2")
    names = [row["command"] for row in rows]
    wanted = [f"c{n}-KT-000{place}" for n in range(7, 0, -1) for place in (1, 2, 3)]
    assert names == wanted
    mine, _ = every(client, "/api/v1/commands?limit=2&terminal=KT-0002")
    assert {row["terminal"] for row in mine} == {"KT-0002"}
    assert len(mine) == 7


def test_filters_keep_what_fits_over_all_pages(client: TestClient) -> None:
    rows, _ = every(client, "/api/v1/cases?limit=3&terminal=KT-0001&received_from=2026-06-01")
    assert {row["terminal"] for row in rows} == {"KT-0001"}
    assert all(row["received_at"] >= at("2026-06-01", "00:00:00") for row in rows)
    assert 0 < len(rows) < 12
    online, _ = every(client, "/api/v1/terminals?limit=2&connection=online")
    assert [row["id"] for row in online] == [f"KT-{number:04}" for number in range(5)]
    assert client.get("/api/v1/terminals", params={"site": BAD_NAME}).json()[0]["site"] == BAD_NAME
    assert client.get("/api/v1/cases", params={"task_code": "none"}).json() == []


def test_a_case_names_its_phase_and_nobody(client: TestClient) -> None:
    rows, _ = every(client, "/api/v1/cases")
    phases = {row["phase"] for row in rows}
    assert {"", CasePhase.HANDLING, CasePhase.COMPLETION} <= phases
    assert "sealed" not in rows[0]


def test_what_has_not_changed_is_not_sent_again(client: TestClient, store: Store) -> None:
    for address in ("cases/SX-000001", "reports?first=2026-01-01&last=2026-12-31"):
        first = client.get(f"/api/v1/{address}")
        again = {"If-None-Match": first.headers["etag"]}
        same = client.get(f"/api/v1/{address}", headers=again)
        assert (same.status_code, same.content) == (304, b"")
        assert same.headers["etag"] == first.headers["etag"]
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE cases SET state='refused' WHERE case_no='SX-000001'")
    changed = client.get("/api/v1/cases/SX-000001", headers={"If-None-Match": 'W/"x", *'})
    assert changed.json()["state"] == "refused"


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("cases/none", 404, "no such case"),
        ("terminals/KT-9999", 404, "no such terminal"),
        ("alarms/groups?cursor=abc", 422, "query.cursor"),
        ("commands?cursor=~", 422, "query.cursor"),
        ("cases?limit=0", 422, "query.limit"),
        ("cases?state=lost", 422, "query.state"),
        ("terminals/%00", 422, "path.terminal_id"),
        ("reports?first=2026-02-01&last=2026-01-01", 422, "before the first"),
        ("reports?first=2020-01-01&last=2026-01-01", 422, "no more than a year"),
        ("reports/docx?first=2026-01-01&last=2026-01-01", 422, "path.form"),
    ],
)
def test_errors_are_problems_in_words(
    client: TestClient, address: str, status: int, told: str
) -> None:
    answer = client.get(f"/api/v1/{address}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
    assert answer.json()["status"] == status
    assert told in answer.text


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
def test_reports_as_files(client: TestClient, form: str) -> None:
    answer = client.get(f"/api/v1/reports/{form}?first=2026-03-01&last=2026-03-31&by=day")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.content[:2] in {b"PK", b"%P"}


def test_the_command_prints_the_document(capsys: Any) -> None:
    assert programs.run("openapi", []) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == document()
    assert told["openapi"].startswith("3.1")


def test_whatever_a_machine_tries_the_document_holds(app: Any) -> None:
    """schemathesis, bounded by examples: no 500, and no answer that the document does not name."""
    schema = schemathesis.openapi.from_dict(document())
    schema.app = app
    wanted = (
        "not_a_server_error", "status_code_conformance", "content_type_conformance",
        "response_headers_conformance", "response_schema_conformance",
    )  # fmt: skip
    checks = CHECKS.get_all()
    known = [check for check in checks if check.__name__ in wanted]
    assert len(known) == len(wanted)
    tried = 0
    for result in schema.include(path_regex="^/(api|healthz|metrics)").get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=8 if "reports" in operation.path else 25, deadline=None,
            database=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def attempt(case: Any) -> None:
            nonlocal tried
            tried += 1
            case.call_and_validate(checks=known)

        given(case=operation.as_strategy())(attempt)()
    assert tried > 100
