"""Sealed cases: opened by the fleet alone, decided once, never lost silently."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk import wire


def state_of(fleet: Any, case_no: str) -> dict[str, Any]:
    found = fleet.gateway(f"cases/{case_no}")
    return found.json() if found.status_code == 200 else {}


def alarms(fleet: Any) -> list[tuple[str, str]]:
    rows = fleet.database.rows("SELECT kind, case_no FROM alarms ORDER BY id")
    return [(row["kind"], row["case_no"]) for row in rows]


def test_a_case_is_decided_and_its_answer_is_given(fleet: Any, terminal: Any, until: Any) -> None:
    terminal.send(terminal.write_case(fleet.case_key, "A-1", "张小样"))
    terminal.wait_ack(1)
    until(lambda: state_of(fleet, "A-1").get("state") == "approved")
    assert state_of(fleet, "A-1") == {
        "case_no": "A-1",
        "state": "approved",
        "due_date": "",
        "certificate_no": "C-A-1",
        "reason": "",
        "result": [["姓名", "Name", "张小样"]],
    }
    assert [case.applicant.name for case in fleet.platform.seen] == ["张小样"]
    assert alarms(fleet) == []


def test_a_repeated_case_record_is_decided_once(fleet: Any, terminal: Any, until: Any) -> None:
    record = terminal.write_case(fleet.case_key, "A-1")
    for _ in range(5):
        terminal.send(record)
    until(lambda: state_of(fleet, "A-1").get("state") == "approved")
    terminal.send(record, terminal.write_case(fleet.case_key, "A-2"))
    until(lambda: state_of(fleet, "A-2").get("state") == "approved")
    assert [case.case_no for case in fleet.platform.seen] == ["A-1", "A-2"]


def test_a_case_that_cannot_be_opened_is_refused(fleet: Any, terminal: Any, until: Any) -> None:
    other = X25519PrivateKey.generate().public_key().public_bytes_raw()
    good = base64.b64decode(terminal.write_case(fleet.case_key, "X").sealed)
    terminal.chain.clear()
    flipped = base64.b64encode(good[:-1] + bytes([good[-1] ^ 1])).decode()
    terminal.send(
        terminal.write_case(other, "A-1"),
        terminal.write_case(fleet.case_key, "A-2", sealed="not base64 at all"),
        terminal.write_case(fleet.case_key, "A-3", sealed=flipped),
        terminal.write_case(fleet.case_key, "A-4", sealed="AAAA"),
        terminal.write_case(fleet.case_key, "A-5"),
    )
    until(lambda: state_of(fleet, "A-5").get("state") == "approved")
    for case_no in ("A-1", "A-2", "A-3", "A-4"):
        answer = state_of(fleet, case_no)
        assert (answer["state"], answer["reason"]) == ("refused", "undecodable")
    assert alarms(fleet) == [("case_undecodable", f"A-{n}") for n in (1, 2, 3, 4)]
    assert len(fleet.platform.seen) == 1


def test_a_sealed_case_cannot_be_taken_for_another(fleet: Any, terminal: Any, until: Any) -> None:
    sealed = terminal.write_case(fleet.case_key, "A-1").sealed
    terminal.send(terminal.chain[0], terminal.write_case(fleet.case_key, "A-2", sealed=sealed))
    until(lambda: state_of(fleet, "A-2").get("state") == "refused")
    assert alarms(fleet) == [("case_undecodable", "A-2")]


def test_a_case_number_that_is_taken_raises_an_alarm(fleet: Any, until: Any) -> None:
    first, second = fleet.terminal("KT-0001"), fleet.terminal("KT-0002")
    first.send(first.write_case(fleet.case_key, "A-1"))
    first.wait_ack(1)
    second.send(second.write_case(fleet.case_key, "A-1"))
    second.wait_ack(1)
    until(lambda: state_of(fleet, "A-1").get("state") == "approved")
    assert alarms(fleet) == [("case_conflict", "A-1")]
    assert fleet.platform.seen[0].terminal == "KT-0001"
    assert len(fleet.database.records("KT-0002")) == 1


def test_an_intent_without_a_case_number_is_kept_and_told(fleet: Any, terminal: Any) -> None:
    terminal.send(terminal.write("case.intent", {"task_code": "T1"}, sealed="AAAA"))
    terminal.wait_ack(1)
    assert alarms(fleet) == [("case_undecodable", "")]
    assert len(fleet.database.records()) == 1


def test_a_platform_that_fails_is_asked_again(fleet: Any, terminal: Any, until: Any) -> None:
    fleet.platform.failures = 3
    terminal.send(terminal.write_case(fleet.case_key, "A-1"))
    terminal.wait_ack(1)
    assert state_of(fleet, "A-1")["state"] == "received"
    until(lambda: ("platform_failing", "A-1") in alarms(fleet))
    until(lambda: state_of(fleet, "A-1")["state"] == "approved")
    assert "fleet_platform_failures_total 3.0" in fleet.api.get("/metrics").text


def test_the_payload_is_what_was_sealed(fleet: Any, terminal: Any, until: Any) -> None:
    record = terminal.write_case(fleet.case_key, "A-1", "李样本")
    terminal.send(record)
    until(lambda: fleet.platform.seen)
    assert fleet.platform.seen[0].applicant == wire.CaseApplicant("李样本", "11010519491231002X")
