"""From a terminal's journal over MQTT to progress over HTTP, with the real manager beside it."""

from __future__ import annotations

from typing import Any

from fleet.store import handling_tables as t
from handlingstore import case_no

ONE = case_no(1)


def test_a_case_and_its_rating_are_handled(fleet: Any, terminal: Any, until: Any) -> None:
    rating = {"case_no": ONE, "task_code": "T1", "level": 2, "tags": ["slow"]}
    terminal.write_case(fleet.case_key, ONE)
    terminal.write("rating.event", rating)
    terminal.send(*terminal.chain)
    terminal.wait_ack(2)

    def told() -> Any:
        answer = fleet.gateway(f"cases/KIOSK:CASE:{ONE}/progress")
        return answer.json() if answer.status_code == 200 else {}

    until(lambda: told().get("phase") == "completion")
    assert {step["phase"] for step in told()["steps"]} == {"done"}
    assert told()["person"] == fleet.place.duty.default
    orders = f"SELECT kind, case_no FROM {t.handling_orders.name}"
    until(lambda: fleet.database.rows(orders))
    assert fleet.database.rows(orders) == [{"kind": "bad_review", "case_no": ONE}]
    assert fleet.api.get("/healthz").status_code == 200
    openapi = fleet.api.get("/api/v1/openapi.json").json()["paths"]
    assert "/api/v1/gateway/progress/search" in openapi
