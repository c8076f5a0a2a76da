"""What people do with alarms, and who is told: on both databases."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from alarmwork import CHIEF, Watch, row, silent
from fleet.alarms.notices import Notice
from fleet.alarms.plan import plan
from fleet.alarms.states import Refusal, State
from fleet.alarms.view import GroupRow
from fleet.incidents import AlarmKind, alarm
from fleet.store.alarm_tables import alarm_outbox
from fleet.store.database import Store

OTHERS = [row(f"KT-9{number:03}", "别处") for number in range(9)]
GONE = [silent("KT-0001"), *OTHERS]


@pytest.fixture
def url(each_url: str) -> str:
    return each_url


@pytest.fixture
def watch(store: Store) -> Watch:
    made = Watch(store)
    made.keep_looking(GONE, 140)
    return made


def alarm_of(watch: Watch) -> GroupRow:
    [one] = watch.view.open_alarms()
    return one


def test_whoever_takes_it_over_stops_the_calls(watch: Watch) -> None:
    one = alarm_of(watch)
    assert watch.desk.take(one.id, one.turn, "王主任") is None
    watch.keep_looking(GONE, 3600)
    taken = alarm_of(watch)
    assert (taken.state, taken.owner, taken.level) == (State.ACKNOWLEDGED, "王主任", 0)
    assert watch.desk.take(one.id, taken.turn, "李副主任") is Refusal.TAKEN
    assert watch.desk.release(one.id, taken.turn, "李副主任") is Refusal.NOT_YOURS
    assert watch.desk.release(one.id, taken.turn, "王主任") is None
    watch.keep_looking(GONE, 1700)
    assert alarm_of(watch).level == 0
    watch.keep_looking(GONE, 200)
    assert alarm_of(watch).level == 1


def test_nobody_answers_and_the_next_ones_are_told_once_for_each_level(watch: Watch) -> None:
    watch.keep_looking(GONE, 30 * 60 + 10)
    assert watch.sent() == [("duty", "opened"), ("duty", "escalated"), ("chief", "escalated")]
    watch.keep_looking(GONE, 90 * 60)
    watch.keep_looking(GONE, 3000)
    assert watch.sent()[3:] == [("duty", "escalated"), ("chief", "escalated")]
    watch.keep_looking([row("KT-0001"), *OTHERS], 80)
    assert watch.sent()[5:] == [("duty", "resolved"), ("chief", "resolved")]


def test_silence_stops_messages_and_not_the_alarm(watch: Watch) -> None:
    one = alarm_of(watch)
    assert watch.desk.silence(one.id, one.turn, "王主任", 4) is None
    watch.keep_looking(GONE, 3 * 3600)
    assert watch.sent() == [("duty", "opened")]
    assert alarm_of(watch).silent_until is not None
    watch.keep_looking(GONE, 3600 + 300)  # it ends by itself, and nobody has taken the alarm over
    assert watch.sent()[1:] == [("duty", "escalated"), ("chief", "escalated")] * 2


def test_somebody_calls_the_next_ones_by_hand(watch: Watch) -> None:
    one = alarm_of(watch)
    assert watch.desk.escalate(one.id, one.turn, "王主任") is None
    assert watch.sent()[1:] == [("duty", "escalated"), ("chief", "escalated")]
    now = alarm_of(watch)
    assert now.level == 1
    assert watch.desk.escalate(one.id, now.turn, "王主任") is Refusal.HIGHEST
    assert CHIEF.level == 1


def test_an_old_page_changes_nothing(watch: Watch) -> None:
    one = alarm_of(watch)
    assert watch.desk.silence(one.id, one.turn, "王主任", 1) is None
    assert watch.desk.take(one.id, one.turn, "李副主任") is Refusal.STALE
    assert alarm_of(watch).owner == ""


def test_what_is_still_so_cannot_be_declared_over(watch: Watch) -> None:
    one = alarm_of(watch)
    assert watch.desk.resolve(one.id, one.turn, "王主任", "看不见") is Refusal.STILL_SO
    assert watch.desk.resolve(999, 0, "王主任", "x") is Refusal.UNKNOWN


def test_acts_on_what_is_over_are_refused_but_for_a_note(watch: Watch) -> None:
    one = alarm_of(watch)
    watch.keep_looking([row("KT-0001"), *OTHERS], 80)
    assert watch.desk.take(one.id, one.turn, "王主任") is Refusal.OVER
    assert watch.desk.note(one.id, "王主任", "  断电，\n已来电 ") is None
    assert watch.desk.note(one.id, "王主任", " \n ") is Refusal.EMPTY
    assert watch.desk.note(one.id, "王主任", "长" * 501) is Refusal.TOO_LONG
    assert watch.desk.take(one.id, one.turn, "") is Refusal.NOT_YOURS
    story = watch.view.story(one.id)
    assert story is not None
    told = [(note.person, note.act, note.text) for note in story.notes]
    assert told == [("王主任", "note", "断电， 已来电"), ("", "resolved", ""), ("", "opened", "")]
    assert [found.id for found in watch.view.over()] == [one.id]


def test_a_person_between_two_looks_comes_first(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The round that read before the act does not undo it."""
    watch = Watch(store)
    found = (AlarmKind.CHAIN_BREAK, AlarmKind.JOURNAL_REPLACED)
    for kind in found:
        with store.write() as connection:
            alarm(connection, watch.now, kind, "KT-0001", journal="j")
        if kind is found[0]:
            watch.look(row("KT-0001"), after=1.0)
    one = alarm_of(watch)

    def late(*arguments: Any) -> Any:
        assert watch.desk.resolve(one.id, one.turn, "王主任", "已核查") is None
        return plan(*arguments)

    watch.now += 10
    with monkeypatch.context() as patched:
        patched.setattr("fleet.alarms.round.plan", late)
        watch.look(row("KT-0001"))
    watch.look(row("KT-0001"), after=10.0)
    assert watch.open == []


def test_a_message_says_what_where_and_what_to_do_in_both_languages(watch: Watch) -> None:
    [kept] = watch.rows(alarm_outbox)
    said = msgspec.json.decode(kept["body"], type=Notice)
    assert said.title.zh == "东乡便民站：1 台终端没有消息"
    assert said.title.en == "东乡便民站: 1 terminal silent"
    assert said.action.en == "Check power and network there"
    assert said.terminals == ("KT-0001",)
    assert said.link == f"https://fleet.example.invalid/alarms/{said.alarm}"
