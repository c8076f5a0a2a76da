"""Records into the store: each once, acknowledged after the commit, gaps told, chains followed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import msgspec
import pytest

from kiosk import wire


def test_nothing_is_acknowledged_before_the_commit(fleet: Any, terminal: Any, rows_of: Any) -> None:
    chain = terminal.write_many(3)
    with closing(sqlite3.connect(fleet.database.path, isolation_level=None)) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        terminal.send(*chain)
        assert terminal.next_ack(1.0) is None
        assert fleet.database.records() == []
        blocker.execute("ROLLBACK")
    assert terminal.wait_ack(3).missing == []
    assert fleet.database.records() == rows_of(chain)


@pytest.mark.parametrize("times", [1, 3])
def test_any_order_and_repetition_gives_the_same_rows(
    terminal: Any, fleet: Any, shuffle: Any, rows_of: Any, times: int
) -> None:
    chain = terminal.write_many(120)
    parts = [chain[at : at + 7] for at in range(0, 120, 7)] * times
    shuffle.shuffle(parts)
    for part in parts:
        shuffle.shuffle(part)
        terminal.send(*part)
    assert terminal.wait_ack(120).missing == []
    assert fleet.database.records() == rows_of(terminal.chain)
    assert fleet.database.rows("SELECT * FROM alarms") == []
    assert fleet.database.rows("SELECT broken FROM chains") == [{"broken": 0}]


def test_a_gap_is_told_and_then_filled(terminal: Any, fleet: Any, rows_of: Any) -> None:
    chain = terminal.write_many(9)
    terminal.send(*chain[:2], *chain[4:6], chain[8])
    ack = terminal.wait_ack(2)
    assert (ack.through, ack.missing) == (2, [(3, 4), (7, 8)])
    shown = fleet.api.get("/api/v1/terminals/KT-0001").json()["journal"]
    assert (shown["through"], shown["missing"]) == (2, [[3, 4], [7, 8]])
    terminal.send(chain[3])
    assert terminal.wait_ack(2).missing == [(3, 3), (7, 8)]
    terminal.send(chain[2], *chain[6:8])
    assert terminal.wait_ack(9).missing == []
    assert fleet.database.records() == rows_of(chain)
    assert "fleet_sequence_gaps_total 2.0" in fleet.api.get("/metrics").text


@pytest.mark.parametrize("backwards", [False, True])
def test_a_broken_chain_raises_an_alarm_and_holds_nothing_up(
    terminal: Any, fleet: Any, until: Any, backwards: bool
) -> None:
    terminal.write_many(3)
    honest = terminal.chain[-1]
    terminal.chain[-1] = msgspec.structs.replace(honest, hash="f" * 64)
    terminal.write()  # follows from a record that was never sent
    terminal.chain[2] = honest
    terminal.write_many(2)
    batch = terminal.chain[::-1] if backwards else terminal.chain
    for record in batch:
        terminal.send(record)
    assert terminal.wait_ack(6).missing == []
    alarms = fleet.database.rows("SELECT kind, terminal, journal, seq FROM alarms")
    assert alarms == [{"kind": "chain_break", "terminal": "KT-0001", "journal": "j1", "seq": 4}]
    assert fleet.api.get("/api/v1/terminals/KT-0001").json()["journal"]["broken"] is True


def test_a_journal_must_begin_at_the_beginning(terminal: Any, fleet: Any) -> None:
    blank = msgspec.structs.replace(terminal.write(), prev="a" * 64)
    terminal.send(msgspec.structs.replace(blank, hash=wire.digest(blank)))
    terminal.wait_ack(1)
    assert [row["kind"] for row in fleet.database.rows("SELECT kind FROM alarms")] == [
        "chain_break"
    ]


def test_a_rewritten_record_does_not_replace_the_first(
    terminal: Any, fleet: Any, rows_of: Any
) -> None:
    chain = terminal.write_many(2)
    terminal.send(*chain)
    terminal.wait_ack(2)
    other = msgspec.structs.replace(chain[1], data=msgspec.Raw(b'{"n":99}'))
    terminal.send(msgspec.structs.replace(other, hash=wire.digest(other)))
    terminal.wait_ack(2)
    assert fleet.database.records() == rows_of(chain)
    alarm = fleet.database.rows("SELECT kind, seq FROM alarms")
    assert alarm == [{"kind": "chain_break", "seq": 2}]
    assert fleet.database.rows("SELECT reason FROM dead_letters") == [{"reason": "fork"}]


def test_a_wrong_hash_is_asked_for_again_and_the_good_copy_is_taken(
    terminal: Any, fleet: Any, rows_of: Any
) -> None:
    chain = terminal.write_many(4)
    changed = msgspec.structs.replace(chain[1], data=msgspec.Raw(b'{"n":-1}'))
    terminal.send(chain[0], changed, *chain[2:])
    ack = terminal.wait_ack(1)
    assert (ack.through, ack.missing) == (1, [(2, 2)])
    assert fleet.database.records() == rows_of([chain[0], *chain[2:]])
    letters = fleet.database.rows("SELECT reason, payload FROM dead_letters")
    assert [row["reason"] for row in letters] == ["hash"]
    kept = msgspec.json.decode(letters[0]["payload"], type=wire.Record)
    assert bytes(kept.data) == b'{"n":-1}'
    terminal.send(chain[1])
    assert terminal.wait_ack(4).missing == []
    assert fleet.database.records() == rows_of(chain)
    assert fleet.database.rows("SELECT * FROM refusals") == []


def test_a_record_that_stays_wrong_does_not_wedge_the_journal(
    terminal: Any, fleet: Any, rows_of: Any
) -> None:
    chain = terminal.write_many(3)
    wrong = msgspec.structs.replace(chain[1], time="another time")
    for _ in range(2):
        terminal.send(chain[0], wrong, chain[2])
        assert terminal.wait_ack(1).missing == [(2, 2)]
    terminal.send(wrong)
    assert terminal.wait_ack(3).missing == []
    assert fleet.database.records() == rows_of([chain[0], chain[2]])
    alarm = fleet.database.rows("SELECT kind, seq, times FROM alarms")
    assert alarm == [{"kind": "wrong_hash", "seq": 2, "times": 3}]


GARBAGE = [
    (b"", "undecodable"),
    (b"\xff\xfe\x00", "undecodable"),
    (b'{"type":"events","terminal":"KT-0001","records":[{}]}', "undecodable"),
    (b"[" * 100_000, "undecodable"),
    (b'{"type":"health","terminal":"\xff"}', "undecodable"),
    (wire.encode(wire.Events("KT-0002", [])), "terminal"),
    (wire.encode(wire.Services("KT-0001", 1, "now")), "leaf"),
]


@pytest.mark.parametrize(("payload", "reason"), GARBAGE)
def test_garbage_goes_to_the_dead_letters_and_the_rest_goes_on(
    terminal: Any, fleet: Any, payload: bytes, reason: str
) -> None:
    terminal.publish("events", payload)
    terminal.publish("events", payload)
    terminal.send(*terminal.write_many(2))
    terminal.wait_ack(2)
    letters = fleet.database.rows("SELECT topic, payload, reason, times FROM dead_letters")
    topic = "kiosk/v1/sample/KT-0001/events"
    assert letters == [{"topic": topic, "payload": payload, "reason": reason, "times": 2}]
    alarms = fleet.database.rows("SELECT kind, terminal, times FROM alarms")
    assert alarms == [{"kind": "undecodable", "terminal": "KT-0001", "times": 2}]


@pytest.mark.parametrize("change", [{"seq": 2**70}, {"seq": 0}, {"boot": -1}, {"journal": "a\0"}])
def test_a_number_or_name_outside_its_limits_is_a_dead_letter(
    terminal: Any, fleet: Any, change: dict[str, Any]
) -> None:
    blank = msgspec.structs.replace(terminal.write(), **change)
    terminal.send(msgspec.structs.replace(blank, hash=wire.digest(blank)))
    terminal.send(terminal.chain[0])
    terminal.wait_ack(1)
    assert fleet.database.rows("SELECT reason FROM dead_letters") == [{"reason": "range"}]


@pytest.mark.parametrize("data", [b'{"case_no":"\xff"}', b"[" * 300 + b"]" * 300, b"null"])
@pytest.mark.parametrize("kind", ["case.intent", "print.outcome", "rating.event"])
def test_sound_records_with_strange_data_are_kept(
    terminal: Any, fleet: Any, rows_of: Any, kind: str, data: bytes
) -> None:
    blank = msgspec.structs.replace(terminal.write(kind, sealed="AA"), data=msgspec.Raw(data))
    terminal.chain[0] = msgspec.structs.replace(blank, hash=wire.digest(blank))
    terminal.send(terminal.chain[0], terminal.write())
    assert terminal.wait_ack(2).missing == []
    assert fleet.database.records() == rows_of(terminal.chain)


def test_two_terminals_and_two_journals_keep_their_own_chains(fleet: Any, rows_of: Any) -> None:
    first, second = fleet.terminal("KT-0001"), fleet.terminal("KT-0002")
    third = fleet.terminal("KT-0002", "j2")
    for one in (first, second, third):
        one.send(*one.write_many(5))
    for one in (first, second, third):
        assert one.wait_ack(5).missing == []
    assert fleet.database.records("KT-0001") == rows_of(first.chain)
    assert fleet.database.records("KT-0002") == rows_of(second.chain + third.chain)
    assert fleet.database.rows("SELECT * FROM alarms") == []


def test_a_journal_that_was_set_aside_is_told_to_people(terminal: Any, fleet: Any) -> None:
    said = {"journal": "j0", "why": "spoilt", "through": 7, "rescued": 3, "pages": 0}
    terminal.send(terminal.write("journal.replaced.event", said))
    terminal.wait_ack(1)
    alarms = fleet.database.rows("SELECT kind, terminal, journal, seq FROM alarms")
    assert alarms == [
        {"kind": "journal_replaced", "terminal": "KT-0001", "journal": "j0", "seq": 7}
    ]


def test_an_acknowledgement_says_how_far_the_fleet_has_heard(terminal: Any, fleet: Any) -> None:
    chain = terminal.write_many(6)
    terminal.send(*chain[:2], *chain[3:5])
    ack = terminal.wait_ack(2)
    assert (ack.missing, ack.top) == ([(3, 3)], 5)
