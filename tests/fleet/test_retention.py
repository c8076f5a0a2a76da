"""What goes after its time, what stays, and that a chain holds after it: on both databases."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Table, create_engine, func, insert, select, text, update

from fleet.alarms import outbox
from fleet.backup.verify import verify
from fleet.handling import papersout
from fleet.incidents import AlarmKind, Reason, alarm, bury
from fleet.keeps import TABLE
from fleet.ledger import Ledger
from fleet.pruning import prune_all
from fleet.retention import DAY_SECONDS, Gone, Nightly, thin
from fleet.store.alarm_tables import alarm_groups, alarm_notes, alarm_outbox, retention_runs
from fleet.store.console_tables import supply_days, supply_levels
from fleet.store.database import Store
from fleet.store.handling_tables import handling_cases, handling_complaints
from fleet.store.payment_tables import payment_orders
from fleet.store.report_tables import serving_history
from fleet.store.rollout_tables import (
    attachments,
    order_terminals,
    orders,
    rollout_notes,
    rollout_terminals,
    rollouts,
    tidings,
)
from fleet.store.tables import acts, alarms, cases, chains, dead_letters, moments, records
from kiosk import wire

OLD, NEW = 1_000_000.0, 1_000_000.0 + 100 * DAY_SECONDS
CUTOFF = OLD + DAY_SECONDS


def straight_on(_seconds: float) -> bool:
    return False


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/fleet.db"
    server: str = request.getfixturevalue("postgres")
    name = f"t{abs(hash(request.node.name)) % 10**9}"
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return server.rpartition("/")[0] + f"/{name}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    made = Store(url)
    yield made
    made.close()


@dataclass
class Journal:
    """A terminal's chain, filed by the real ledger."""

    store: Store
    terminal: str = "KT-0001"
    journal: str = "j1"
    chain: list[wire.Record] = field(default_factory=list)

    def write(self, kind: str = "boot.event", /, **data: Any) -> wire.Record:
        seq = len(self.chain) + 1
        blank = wire.Record(
            f"{self.journal}-{seq}", f"/terminals/{self.terminal}", f"kiosk.{kind}",
            "2026-01-02T03:04:05.000+08:00", self.journal, 1, seq,
            self.chain[-1].hash if self.chain else wire.GENESIS, "",
            msgspec.Raw(json.dumps(data).encode()), sealed=str(data.get("sealed", "")),
        )  # fmt: skip
        self.chain.append(msgspec.structs.replace(blank, hash=wire.digest(blank)))
        return self.chain[-1]

    def send(self, now: float, *sent: wire.Record) -> wire.Ack:
        with self.store.write() as connection:
            ledger = Ledger(connection, now)
            ledger.file(f"kiosk/v1/s/{self.terminal}/events", wire.Events(self.terminal, [*sent]))
            [(_, ack)] = ledger.close()
        return ack

    def years(self, old: int = 30, new: int = 5) -> None:
        """`old` records from before the cutoff, `new` ones from after it."""
        for now, count in ((OLD, old), (NEW, new)):
            if count:
                self.send(now, *[self.write() for _ in range(count)])

    def seqs(self) -> list[int]:
        query = select(records.c.seq).filter_by(terminal=self.terminal, journal=self.journal)
        with self.store.read() as connection:
            return list(connection.scalars(query.order_by(records.c.seq)))

    def prune(self) -> tuple[int, int]:
        return prune_all(self.store, CUTOFF, straight_on)

    def wrong(self) -> list[str]:
        with self.store.read() as connection:
            return [told.partition(": ")[2] for told in verify(connection).faults]


@pytest.fixture
def journal(store: Store) -> Journal:
    return Journal(store)


def rows(store: Store, table: Table) -> list[Any]:
    with store.read() as connection:
        return list(connection.execute(select(table)).all())


def add(store: Store, table: Table, **values: Any) -> None:
    with store.write() as connection:
        connection.execute(insert(table).values(values))


def test_the_old_beginning_goes_and_the_rest_still_holds(journal: Journal) -> None:
    journal.years()
    assert journal.prune() == (30, 0)
    assert journal.seqs() == [31, 32, 33, 34, 35]
    assert journal.wrong() == []
    assert journal.prune() == (0, 0)
    ack = journal.send(NEW, journal.write())
    assert (ack.through, ack.missing, ack.top) == (36, [], 36)
    assert rows(journal.store, alarms) == []


def test_a_change_in_what_is_left_or_to_its_anchor_is_found(journal: Journal) -> None:
    journal.years()
    journal.prune()
    with journal.store.write() as connection:
        connection.execute(update(records).where(records.c.seq == 33).values(session="x"))
    assert journal.wrong() == ["record 33 does not match its hash"]
    with journal.store.write() as connection:
        connection.execute(update(records).where(records.c.seq == 33).values(session=""))
        connection.execute(update(chains).values(pruned_hash="0" * 64))
    assert journal.wrong() == ["the chain breaks at 31"]


def test_a_pruned_record_that_comes_again_is_no_new_one(journal: Journal) -> None:
    case = {"case_no": "SX1", "task_code": "T", "kind": "instant"}
    first = journal.write("case.intent", **case, sealed="x")
    journal.send(OLD, first)
    with journal.store.write() as connection:
        connection.execute(update(cases).values(state="approved", handed_over=True))
    journal.years()
    journal.prune()
    assert journal.seqs()[0] == 32
    ack = journal.send(NEW, *journal.chain)
    assert (ack.through, ack.missing) == (36, [])
    assert journal.seqs() == [32, 33, 34, 35, 36]
    assert len(rows(journal.store, cases)) == 1
    assert rows(journal.store, alarms) == []


def test_more_than_one_slice(journal: Journal) -> None:
    journal.years(old=1203, new=1)
    assert journal.prune() == (1203, 0)
    assert journal.wrong() == []


def test_the_newest_record_stays_however_old(journal: Journal) -> None:
    journal.years(old=10, new=0)
    assert journal.prune() == (9, 1)
    assert journal.seqs() == [10]
    journal.send(NEW, msgspec.structs.replace(journal.write(), prev="0" * 64))
    assert len(rows(journal.store, dead_letters)) == 1  # its hash covers what it follows


def test_nothing_from_a_gap_on(journal: Journal) -> None:
    chain = [journal.write() for _ in range(20)]
    journal.send(OLD, *chain[:8], *chain[9:])
    assert journal.prune() == (8, 1)
    assert journal.seqs()[0] == 10
    ack = journal.send(NEW, chain[8])
    assert (ack.through, ack.missing) == (20, [])
    assert journal.wrong() == []


@pytest.mark.parametrize("waits", ["no platform", "not ended", "undecided"])
def test_nothing_from_an_open_case_on(journal: Journal, waits: str) -> None:
    journal.send(OLD, journal.write())
    case = {"case_no": "SX1", "task_code": "T", "kind": "instant"}
    journal.send(OLD, journal.write("case.intent", **case, sealed="x"))
    journal.years(old=5, new=1)
    state = {"state": "pending" if waits == "undecided" else "approved",
             "handed_over": waits != "no platform"}  # fmt: skip
    with journal.store.write() as connection:
        connection.execute(update(cases).values(state))
        connection.execute(insert(handling_cases).values(
            case_no="SX1", terminal="KT-0001", task_code="T", phase="handling", person="p",
            opened_at=OLD, ended_at=None if waits == "not ended" else OLD))  # fmt: skip
    assert journal.prune() == (1, 1)
    assert journal.seqs()[0] == 2
    with journal.store.write() as connection:
        connection.execute(update(cases).values(state="approved", handed_over=True))
        connection.execute(update(handling_cases).values(ended_at=NEW))
    assert journal.prune() == (6, 0)


def test_nothing_of_a_terminal_whose_payment_is_undecided(journal: Journal) -> None:
    journal.years()
    order = {"order_no": "P1", "owner": "o", "task_code": "T", "catalogue": "c", "amount": 100}
    add(journal.store, payment_orders, **order, terminal="KT-0001", state="paid", made_at=OLD,
        expires_at=OLD, look_at=OLD)  # fmt: skip
    assert journal.prune() == (0, 1)
    with journal.store.write() as connection:
        connection.execute(update(payment_orders).values(state="refunded"))
    assert journal.prune() == (30, 0)


def test_nothing_from_a_complaint_or_rating_on_that_nobody_has_entered(journal: Journal) -> None:
    journal.send(OLD, journal.write(), journal.write("complaint.event", order_no="", sealed="x"))
    journal.send(OLD, journal.write("rating.event", case_no="SX1", level=5))
    journal.years(old=3, new=1)
    assert journal.prune() == (1, 1)
    add(journal.store, handling_complaints, terminal="KT-0001", journal="j1", seq=2, number="N",
        outcome="entered", at=OLD)  # fmt: skip
    assert journal.prune() == (1, 1)
    assert journal.seqs()[0] == 3


def test_copies_are_counted_on_after_their_prints_are_gone(journal: Journal) -> None:
    for job, rung in (("J1", "presented"), ("J2", "queued"), ("J3", "unconfirmed")):
        journal.send(OLD, journal.write("print.outcome", job=job, paper="certificate",
                                        case_no="SX1", rung=rung))  # fmt: skip
    journal.years(old=2, new=1)
    with journal.store.read() as connection:
        before = papersout.out(connection, "SX1")
    assert journal.prune() == (5, 0)
    with journal.store.read() as connection:
        assert papersout.out(connection, "SX1") == before == {"J1", "J3"}


KILLED = """
import sys, threading
from fleet.pruning import prune_all
from fleet.store.database import Store
def pause(_seconds):
    print("slice", flush=True)
    sys.stdin.readline()
    return False
prune_all(Store(sys.argv[1]), float(sys.argv[2]), pause)
"""


def test_a_kill_between_and_within_slices_leaves_a_whole_chain(journal: Journal, url: str) -> None:
    journal.years(old=2100, new=3)
    command = [sys.executable, "-c", KILLED, url, str(CUTOFF)]
    for _ in range(2):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            assert process.stdout
            assert process.stdin
            assert process.stdout.readline() == b"slice\n"
            process.stdin.write(b"\n")
            process.stdin.flush()
            time.sleep(0.002)  # somewhere in the next one
        finally:
            process.kill()
            process.wait(30)
            process.communicate()
        assert journal.wrong() == []
        left = journal.seqs()
        assert left == list(range(left[0], 2104))
    gone = 2100 - (2103 - left[0] + 1 - 3)
    assert gone >= 1000
    assert journal.prune() == (2100 - gone, 0)
    assert journal.wrong() == []


# ---- rows by their age ------------------------------------------------------------------------


def test_each_kind_keeps_what_is_young_or_needed(store: Store, journal: Journal) -> None:
    journal.years()
    with store.write() as connection:
        for at, name in ((OLD, "old"), (NEW, "new")):
            alarm(connection, at, AlarmKind.UNDECODABLE, name)
            bury(connection, at, "kiosk/v1/s/KT-0001/events", name.encode(), Reason.HASH)
            bury(connection, at, "kiosk/v1/s/KT-0001/events", b"{" + name.encode(), Reason.TOPIC)
            connection.execute(insert(serving_history).values(terminal="KT-0001", since=at,
                                                              serving="yes"))  # fmt: skip
            connection.execute(insert(moments).values(
                terminal=name, journal="j", seq=1, kind="card", time="", received_at=at,
                outcome="", role="", staff="", count=0))  # fmt: skip
            connection.execute(insert(attachments).values(
                command=name, terminal=name, kind="logs", body=b"PK", received_at=at))  # fmt: skip
            for seq, taken in ((1, True), (2, False)):
                connection.execute(insert(tidings).values(
                    terminal=name, journal="j", seq=seq, about="command", ref="c", version="",
                    outcome="done", why="", received_at=at, taken=taken))  # fmt: skip
            connection.execute(insert(supply_days).values(
                terminal=name, device="receipt", day=at, used=1, visits=1))  # fmt: skip
            connection.execute(insert(supply_levels).values(
                terminal=name, journal="j", seq=1, source="paper", device="receipt", driver="",
                level="low", used=1, at=at))  # fmt: skip
        connection.execute(insert(serving_history).values(terminal="KT-2", since=OLD,
                                                          serving="no"))  # fmt: skip
        for name, event, done in (("d1", "digest", OLD), ("d2", "digest", None),
                                  ("d3", "digest", NEW), ("a1", "opened", OLD)):  # fmt: skip
            outbox.post(connection, "duty", name, {}, OLD, event=event)
            change = update(alarm_outbox).where(alarm_outbox.c.delivery == name)
            connection.execute(change.values(done_at=done))
    found = {keep.kind: thin(store, keep, CUTOFF, straight_on) for keep in TABLE}
    one = Gone(1, 0)
    assert found == {"moments": one, "acts": Gone(), "incidents": one, "letters": one,
                     "refused": one, "alarms": Gone(), "digests": one,
                     "webhooks": Gone(), "service": Gone(1, 1), "attachments": one, "tidings": one,
                     "orders": Gone(), "rollouts": Gone(), "supplies": one,
                     "levels": one}  # fmt: skip


def test_a_refused_record_stays_while_its_terminal_has_a_gap(
    store: Store, journal: Journal
) -> None:
    chain = [journal.write() for _ in range(3)]
    journal.send(OLD, chain[0], chain[2])
    with store.write() as connection:
        bury(connection, OLD, "kiosk/v1/s/KT-0001/events", b"2", Reason.HASH)
    refused = next(keep for keep in TABLE if keep.kind == "refused")
    assert thin(store, refused, CUTOFF, straight_on) == Gone(0, 1)
    journal.send(NEW, chain[1])
    assert thin(store, refused, CUTOFF, straight_on) == Gone(1, 0)


def test_an_act_stays_as_long_as_its_record_and_a_rating_for_good(
    store: Store, journal: Journal
) -> None:
    journal.send(OLD, journal.write("print.outcome", job="J", paper="receipt", rung="presented"))
    journal.send(OLD, journal.write("rating.event", case_no="SX1", level=5))
    keep = next(keep for keep in TABLE if keep.kind == "acts")
    assert thin(store, keep, CUTOFF, straight_on) == Gone(0, 2)
    journal.years(old=0, new=1)
    with store.write() as connection:
        connection.execute(records.delete())
    assert thin(store, keep, CUTOFF, straight_on) == Gone(1, 1)
    assert [row.kind for row in rows(store, acts)] == ["rating"]


def test_an_alarm_goes_with_its_notes_and_not_before_its_messages_are_out(store: Store) -> None:
    for name, done in (("a", OLD), ("b", OLD), ("c", None)):
        add(store, alarm_groups, rule=name, place="", open_key=None if done else "c|",
            severity="info", state="resolved" if done else "open", started_at=OLD, opened_at=OLD,
            resolved_at=done, terminals=0, most=1)  # fmt: skip
    first, second, _ = sorted(row.id for row in rows(store, alarm_groups))
    add(store, alarm_notes, alarm=first, at=OLD, act="opened")
    with store.write() as connection:
        outbox.post(connection, "duty", "d1", {}, OLD, event="opened", alarm=second)
    keep = next(keep for keep in TABLE if keep.kind == "alarms")
    assert thin(store, keep, CUTOFF, straight_on) == Gone(1, 1)
    assert [row.rule for row in rows(store, alarm_groups)] == ["b", "c"]
    assert rows(store, alarm_notes) == []


def kept(store: Store, kind: str, table: Table) -> set[int]:
    """The numbers that stay after a night."""
    thin(store, next(keep for keep in TABLE if keep.kind == kind), CUTOFF, straight_on)
    return {row.id for row in rows(store, table)}


def order(store: Store, state: str, of_terminal: str, at: float = OLD) -> int:
    add(store, orders, operation="collect_logs", arguments="{}", seconds=60, chosen="{}",
        state=state, asked_by="wang", asked_at=at)  # fmt: skip
    number = max(row.id for row in rows(store, orders))
    add(store, order_terminals, order_id=number, terminal="KT-0001", command=f"c{number}",
        state=of_terminal, changed_at=at)  # fmt: skip
    add(store, rollout_notes, about="order", number=number, at=at, actor="wang", what="asks")
    return number


def test_an_order_goes_with_its_answers_once_nobody_waits_for_any(store: Store) -> None:
    done, withdrawn = order(store, "ended", "done"), order(store, "withdrawn", "withdrawn")
    stay = {
        order(store, "approval", "queued"), order(store, "sending", "expired"),
        order(store, "withdrawn", "running"), order(store, "ended", "done", NEW),
    }  # fmt: skip
    brought = order(store, "ended", "done")
    add(store, attachments, command=f"c{brought}", terminal="KT-0001", kind="logs", body=b"PK",
        received_at=OLD)  # fmt: skip
    add(store, rollout_notes, about="rollout", number=done, at=OLD, actor="wang", what="another's")
    assert {done, withdrawn}.isdisjoint(stay | {brought})
    assert kept(store, "orders", orders) == stay | {brought}
    assert {row.order_id for row in rows(store, order_terminals)} == stay | {brought}
    notes = {(row.about, row.number) for row in rows(store, rollout_notes)}
    assert notes == {("order", number) for number in stay | {brought}} | {("rollout", done)}
    with store.write() as connection:
        connection.execute(attachments.delete())
    assert kept(store, "orders", orders) == stay
    assert order(store, "ended", "done", NEW) > brought, "a number is never given again"


def rollout(store: Store, kind: str, state: str, at: float = OLD) -> int:
    add(store, rollouts, kind=kind, version="1", plan="{}", state=state, stage_at=at,
        asked_by="wang", made_at=at, changed_at=at)  # fmt: skip
    number = max(row.id for row in rows(store, rollouts))
    add(store, rollout_terminals, rollout=number, terminal="KT-0001", stage=0, state="confirmed",
        before="null", told_at=at, changed_at=at)  # fmt: skip
    add(store, rollout_notes, about="rollout", number=number, at=at, actor="wang", what="proposes")
    return number


def test_a_rollout_goes_when_it_is_over_and_another_has_followed(store: Store) -> None:
    gone = {rollout(store, "software", "stopped"), rollout(store, "software", "rolled_back")}
    stay = {
        rollout(store, "software", "done"), rollout(store, "catalogue", "paused"),
        rollout(store, "settings", "stopped", NEW), rollout(store, "settings", "rolled_back"),
        rollout(store, "catalogue", "stopped"),
    }  # fmt: skip
    add(store, rollout_notes, about="order", number=min(gone), at=OLD, actor="wang", what="asks")
    assert kept(store, "rollouts", rollouts) == stay
    assert {row.rollout for row in rows(store, rollout_terminals)} == stay
    notes = {(row.about, row.number) for row in rows(store, rollout_notes)}
    assert notes == {("rollout", number) for number in stay} | {("order", min(gone))}
    rollout(store, "settings", "running", NEW)
    late = kept(store, "rollouts", rollouts)
    assert len(late) == len(stay), "the last but one, which was old, went; a new one came"


def test_once_a_night_and_after_its_hour(store: Store, journal: Journal) -> None:
    journal.years()
    midnight = time.mktime((2027, 3, 4, 0, 0, 0, 0, 0, -1))
    clock = [midnight + 3600.0]
    age = (clock[0] - CUTOFF) / DAY_SECONDS
    audited: list[float] = []

    def audit(before: float) -> int:
        audited.append(before)
        return 7

    days = {"records": age, "letters": 30.0, "moments": 0.0, "audit": 10.0}
    nightly = Nightly(store, days, 3, lambda: clock[0], {"audit": audit})
    assert nightly.look() == {}
    clock[0] += 2.5 * 3600
    assert nightly.look() == {"records": Gone(30, 0), "letters": Gone(), "audit": Gone(7)}
    assert audited == [clock[0] - 10 * DAY_SECONDS]
    assert nightly.look() == {}
    clock[0] += DAY_SECONDS
    assert set(nightly.look()) == {"records", "letters", "audit"}
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(retention_runs)) == 3
