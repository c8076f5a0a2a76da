"""What must not happen, kept: alarms for people, dead letters for those who investigate."""

from __future__ import annotations

import hashlib
from enum import StrEnum

from sqlalchemy import Connection, delete, func, select

from fleet.store.database import put
from fleet.store.tables import alarms, dead_letters

LETTERS_KEPT = 10_000  # of unreadable messages; refused records stay for their days


class AlarmKind(StrEnum):
    CHAIN_BREAK = "chain_break"  # a record does not follow from the one before, or was rewritten
    WRONG_HASH = "wrong_hash"  # a record does not match its own hash
    JOURNAL_REPLACED = "journal_replaced"  # a terminal set its journal aside, and began another
    JOURNAL_OLD_COPY = "journal_old_copy"  # a terminal's journal lacks records that it has sent
    WRITTEN_OFF = "written_off"  # records that nobody has any more: `fleet.backup.writeoff`
    SECOND_TERMINAL = "second_terminal"  # two machines, or two journals, under one terminal's name
    UNDECODABLE = "undecodable"  # a message outside the contract
    VERSION = "version"  # a terminal speaks another major version of the contract
    CASE_CONFLICT = "case_conflict"  # a case number that another case already has
    CASE_UNDECODABLE = "case_undecodable"  # a sealed case that cannot be opened
    PAGES_MISSING = "pages_missing"  # a case has waited too long for its scanned pages
    PLATFORM_FAILING = "platform_failing"  # the approval platform does not take a case
    ROLLOUT_STOPPED = "rollout_stopped"  # terminals or citizens fared worse: it went back by itself
    NOTICE_FAILING = "notice_failing"  # nobody could be told of an alarm, for days


class Reason(StrEnum):
    """Why a message or a record went to the dead letters."""

    TOPIC = "topic"  # outside the contract's topics
    UNDECODABLE = "undecodable"  # not a message of the contract
    VERSION = "version"  # another major version of the contract
    LEAF = "leaf"  # a message of another topic
    TERMINAL = "terminal"  # speaks for another terminal than its topic
    RANGE = "range"  # a number or a name outside its limits
    STORE = "store"  # the database would not take it
    HASH = "hash"  # a record that does not match its own hash
    FORK = "fork"  # a second, different record with the same sequence number


def alarm(
    connection: Connection,
    now: float,
    kind: AlarmKind,
    terminal: str,
    *,
    journal: str = "",
    seq: int = 0,
    case_no: str = "",
) -> None:
    """Raise it, or count it once more."""
    key = {
        "kind": kind.value, "terminal": terminal, "journal": journal, "seq": seq,
        "case_no": case_no,
    }  # fmt: skip
    again = {"times": alarms.c.times + 1, "last_at": now}
    first = {**key, "first_at": now, "last_at": now, "times": 1}
    put(connection, alarms, first, tuple(key), again)


def bury(connection: Connection, now: float, topic: str, payload: bytes, reason: Reason) -> None:
    """Keep the bytes of a message that cannot be taken."""
    digest = hashlib.sha256(topic.encode() + b"\n" + payload).hexdigest()
    letter = {
        "digest": digest, "topic": topic, "payload": payload, "reason": reason.value,
        "time": now, "times": 1,
    }  # fmt: skip
    again = {"times": dead_letters.c.times + 1, "time": now}
    put(connection, dead_letters, letter, ("digest",), again)


def thin(connection: Connection) -> None:
    """Forget the oldest unreadable messages: garbage must not fill the disk."""
    newest = connection.scalar(select(func.max(dead_letters.c.id)))
    connection.execute(
        delete(dead_letters).where(
            dead_letters.c.id <= (newest or 0) - LETTERS_KEPT,
            dead_letters.c.reason.not_in([Reason.HASH.value, Reason.FORK.value]),
        )
    )
