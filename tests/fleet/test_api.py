"""Gateway and fleet API over real HTTP."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

CANARY = "金丝雀小鸟"
NUMBER = "11010519491231002X"


@pytest.fixture
def decided(fleet: Any, terminal: Any, until: Any) -> Any:
    """A fleet that has approved the case A-1 of a person with a name to look for."""
    terminal.say_state(session=1)
    terminal.send(
        terminal.write_case(fleet.case_key, "A-1", CANARY),
        terminal.write("print.intent", {"job": "j", "paper": "receipt", "case_no": "A-1"}),
        terminal.write(
            "print.outcome", {"job": "j", "paper": "receipt", "case_no": "A-1", "rung": "presented"}
        ),
        terminal.write("rating.event", {"case_no": "A-1", "task_code": "T1", "level": 5}),
    )
    terminal.wait_ack(4)
    until(lambda: fleet.gateway("cases/A-1").json().get("state") == "approved")
    return fleet


@pytest.mark.parametrize("path", ["cases/A-1", "cases/A-1/certificate", "cases/none"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic d3Jvbmc="}],
)
def test_the_gateway_knows_only_its_terminals(
    decided: Any, path: str, headers: dict[str, str]
) -> None:
    answer = decided.api.get(f"/api/v1/gateway/{path}", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert CANARY not in answer.text


def test_a_terminal_gets_the_case_and_its_certificate(decided: Any) -> None:
    case = decided.gateway("cases/A-1")
    assert case.json()["certificate_no"] == "C-A-1"
    paper = decided.gateway("cases/A-1/certificate")
    assert (paper.content, paper.headers["content-type"]) == (b"%PDF-A-1", "application/pdf")
    for answer in (case, paper):
        assert answer.headers["cache-control"] == "no-store"


def test_what_is_not_there_is_404(decided: Any) -> None:
    assert decided.gateway("cases/A-2").status_code == 404
    assert decided.gateway("cases/A-2/certificate").status_code == 404
    assert decided.api.get("/api/v1/terminals/KT-9999").status_code == 404


def test_transactions_come_newest_first_and_in_pages(decided: Any) -> None:
    rows = decided.api.get("/api/v1/transactions").json()
    assert [(row["kind"], row["outcome"]) for row in rows] == [
        ("rating", "5"),
        ("print", "presented"),
        ("case", "approved"),
    ]
    assert rows[2]["certificate_no"] == "C-A-1"
    assert rows[1]["task_code"] == "T1"
    one = decided.api.get("/api/v1/transactions", params={"limit": 1}).json()
    rest = {"limit": 5, "before": one[0]["position"]}
    assert one + decided.api.get("/api/v1/transactions", params=rest).json() == rows
    other = decided.api.get("/api/v1/transactions", params={"terminal": "KT-0002"})
    assert other.json() == []
    assert decided.api.get("/api/v1/transactions", params={"limit": 0}).status_code == 422


def test_an_unknown_word_of_a_terminal_is_not_passed_on(fleet: Any, terminal: Any) -> None:
    terminal.send(
        terminal.write("print.outcome", {"rung": CANARY, "paper": f"for {CANARY}", "fault": [1]})
    )
    terminal.wait_ack(1)
    (row,) = fleet.api.get("/api/v1/transactions").json()
    assert (row["outcome"], row["paper"], row["fault"]) == ("other", "other", "other")


def test_the_overview_counts_everything(decided: Any) -> None:
    seen = decided.running.live.overview()
    assert (seen.terminals, seen.online, seen.records, seen.missing) == (1, 1, 4, 0)
    assert (seen.cases, seen.prints) == ({"approved": 1}, {"presented": 1})
    assert (seen.ratings, seen.rating) == (1, 5.0)


def test_metrics_can_be_read_and_name_no_terminal(decided: Any) -> None:
    text = decided.api.get("/metrics").text
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["fleet_devices", "online"] == 1
    assert found["fleet_cases", "approved"] == 1
    assert found["fleet_messages_received_total", "events"] == 1
    assert found["fleet_messages_received_total", "state"] == 1
    assert found["fleet_records_stored_total",] == 4
    assert found["fleet_dead_letters_total",] == 0
    assert found["fleet_ingest_commit_seconds_count",] >= 1
    assert "KT-0001" not in text


def test_health_is_503_while_the_broker_is_down(fleet: Any, until: Any) -> None:
    assert fleet.api.get("/healthz").json() == {"status": "ok", "reasons": []}
    os.kill(fleet.broker_pid, signal.SIGKILL)
    failing = until(lambda: (h := fleet.api.get("/healthz")).status_code == 503 and h)
    assert failing.json() == {"status": "failing", "reasons": ["broker"]}
    until(lambda: fleet.api.get("/healthz").status_code == 200)


def test_health_is_503_while_the_store_is_down(fleet: Any, until: Any) -> None:
    with fleet.running.live._store.write() as connection:
        connection.exec_driver_sql("ALTER TABLE counters RENAME TO away")
    failing = fleet.api.get("/healthz")
    assert (failing.status_code, failing.json()["reasons"]) == (503, ["store"])
    with fleet.running.live._store.write() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO counters")
    assert fleet.api.get("/healthz").status_code == 200


def test_the_description_is_openapi_3_1(fleet: Any) -> None:
    found = fleet.api.get("/api/v1/openapi.json").json()
    assert found["openapi"].startswith("3.1")
    gateway = found["paths"]["/api/v1/gateway/cases/{case_no}"]["get"]
    assert gateway["security"] == [{"HTTPBearer": []}]
    assert set(gateway["responses"]) >= {"200", "401", "404"}
    paper = found["paths"]["/api/v1/gateway/cases/{case_no}/certificate"]["get"]
    assert "application/pdf" in paper["responses"]["200"]["content"]


def test_a_citizen_is_found_nowhere_but_in_answer_and_certificate(
    decided: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    api = decided.api
    paths = ["terminals", "terminals/KT-0001", "transactions", "alarms", "openapi.json"]
    shown = [api.get(f"/api/v1/{path}").text for path in paths]
    shown += [api.get("/metrics").text, api.get("/healthz").text, *capfd.readouterr()]
    tables = decided.database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    for name in {row["name"] for row in tables} - {"results", "certificates"}:
        shown += [str(decided.database.rows(f"SELECT * FROM {name}"))]
    for text in shown:
        assert CANARY not in text
        assert NUMBER not in text
    for row in decided.database.rows("SELECT data, sealed FROM records"):
        assert CANARY.encode() not in row["data"] + row["sealed"].encode()
    assert CANARY in decided.gateway("cases/A-1").text


def test_secrets_can_be_read_by_their_owner_alone(fleet: Any) -> None:
    secret = [fleet.place.trust / "terminal.token", *(fleet.place.var / "keys").iterdir()]
    for path in secret:
        assert path.stat().st_mode & 0o077 == 0, path.name
    kept = "".join(Path(path).read_text() for path in (fleet.place.var / "keys").iterdir())
    assert fleet.token not in kept
