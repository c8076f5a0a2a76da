"""What people did at a terminal: kept once, in the contract's words, and shown by terminal."""

from __future__ import annotations

from typing import Any

import pytest

CANARY = "张金丝雀"
NUMBER = "11010519491231002X"


def told(fleet: Any, terminal: str = "KT-0001") -> list[tuple[str, str, str, str, int]]:
    """Oldest first: kind, outcome, role, staff, count."""
    rows = reversed(fleet.running.live.moments(terminal))
    return [(row.kind, row.outcome, row.role, row.staff, row.count) for row in rows]


def test_each_record_becomes_one_moment(fleet: Any, terminal: Any) -> None:
    other = fleet.terminal("KT-0002", "j2")
    terminal.send(
        terminal.write("staff.event", {"staff": "H-07", "role": "helper", "act": "sign_in"}),
        terminal.write("staff.event", {"staff": "", "role": "", "act": "refused_wrong"}),
        terminal.write("maintenance.event", {"staff": "A-01", "on": True}),
        terminal.write("maintenance.event", {"staff": "A-01", "on": False}),
        terminal.write("identity.card.event", {"role": "second", "outcome": "read"}),
        terminal.write("consent.face.event", {"role": "applicant", "given": False}),
        terminal.write("identity.face.event", {"role": "applicant", "outcome": "matched"}),
        terminal.write("identity.way.event", {"role": "applicant", "way": "code"}),
        terminal.write("identity.code.event", {"role": "applicant", "outcome": "sent"}),
        terminal.write("identity.pin.event", {"role": "applicant", "outcome": "right"}),
        terminal.write("identity.witness.event", {"staff": "H-07", "agreed": False}),
        terminal.write("ticket.event", {"number": "A012", "task_code": "T1"}),
        terminal.write("session.outcome", {"reason": "idle", "wiped": {"cards": 1, "answers": 4}}),
        terminal.write("boot.event"),
    )
    terminal.wait_ack(14)
    terminal.send(*terminal.chain)  # once more: nothing new
    terminal.send(terminal.write("ticket.event", {"number": "A013"}))
    terminal.wait_ack(15)
    other.send(other.write("ticket.event", {}))
    other.wait_ack(1)
    assert told(fleet) == [
        ("staff", "sign_in", "helper", "H-07", 0),
        ("staff", "refused_wrong", "", "", 0),
        ("maintenance", "begun", "", "A-01", 0),
        ("maintenance", "ended", "", "A-01", 0),
        ("card", "read", "second", "", 0),
        ("consent", "refused", "applicant", "", 0),
        ("face", "matched", "applicant", "", 0),
        ("way", "code", "applicant", "", 0),
        ("code", "sent", "applicant", "", 0),
        ("pin", "right", "applicant", "", 0),
        ("witness", "declined", "", "H-07", 0),
        ("ticket", "taken", "", "", 0),
        ("session", "idle", "", "", 5),
        ("ticket", "taken", "", "", 0),
    ]
    assert told(fleet, "KT-0002") == [("ticket", "taken", "", "", 0)]


def test_a_helped_case_shows_who_helped(fleet: Any, terminal: Any) -> None:
    alone = {"case_no": "A-1", "task_code": "T1", "kind": "instant"}
    terminal.send(
        terminal.write("case.intent", alone, sealed="AAAA"),
        terminal.write("case.intent", {**alone, "case_no": "A-2", "staff": "H-07"}, sealed="AAAA"),
    )
    terminal.wait_ack(2)
    rows = fleet.api.get("/api/v1/transactions").json()
    assert [(row["case_no"], row["staff"]) for row in rows] == [("A-2", "H-07"), ("A-1", "")]
    assert told(fleet) == [("case", "submitted", "", "H-07", 0)]


@pytest.mark.parametrize(
    "data",
    [
        {"staff": CANARY, "role": NUMBER + " ", "act": f"sign_in {CANARY}"},
        {"staff": [CANARY], "role": {"name": CANARY}, "act": None, "wiped": {"name": CANARY}},
        {"wiped": [1, 2], "act": "x" * 65},
        {"wiped": {"cards": -5, "answers": 10**30, "frames": True}},
        [CANARY],
    ],
)
def test_no_word_outside_the_contract_is_passed_on(fleet: Any, terminal: Any, data: Any) -> None:
    kinds = ("staff.event", "identity.card.event", "session.outcome", "case.intent")
    terminal.send(*(terminal.write(kind, data) for kind in kinds))
    terminal.wait_ack(len(kinds))
    rows = fleet.database.rows("SELECT kind, outcome, role, staff, count FROM moments")
    assert len(rows) >= 3
    for row in rows:
        assert row["count"] in (0, 1)
        assert CANARY not in str(row)
        assert NUMBER not in str(row)


def test_how_alike_a_face_was_stays_in_the_journal(fleet: Any, terminal: Any) -> None:
    data = {"role": "applicant", "outcome": "not_matched", "score": 0.31415, "model": "m", "try": 2}
    terminal.send(terminal.write("identity.face.event", data))
    terminal.wait_ack(1)
    assert "31415" not in str(fleet.database.rows("SELECT * FROM moments"))
