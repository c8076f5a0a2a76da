"""When there is an alarm, and when there is not: the rules over time."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from alarmwork import SHIPPED, Watch, paper, row, rules, silent
from fleet.alarms.rules import Book, Rule, lint, load
from fleet.errors import StartError
from fleet.handling.desk import OVERDUE
from fleet.incidents import AlarmKind, alarm
from fleet.payment.alarms import MoneyAlarm
from fleet.rows import Serving
from fleet.store.alarm_tables import alarm_watches
from fleet.store.database import Store

OTHERS = [row(f"KT-9{number:03}", "别处") for number in range(30)]


@pytest.fixture
def watch(store: Store) -> Watch:
    return Watch(store)


def test_the_shipped_rules_are_sound_and_tell_of_every_incident() -> None:
    told = {kind for rule in load(SHIPPED).rule for kind in rule.kinds}
    assert told == {*AlarmKind, *MoneyAlarm, OVERDUE}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('when = "disk"', "needs a limit"),
        ('when = "disk"\nlimit = 5\nuntil = 2', "end before it begins"),
        ('when = "clock"\nlimit = 5\nuntil = 9', "end before it begins"),
        ('when = "supply"', "needs levels"),
        ('when = "incident"', "needs kinds"),
        ('when = "silent"\nby_hand = true', "by_hand"),
        ('when = "silent"\nshare = 0.5', "share"),
        ('when = "silent"\nescalate = [30, 10]', "escalate must grow"),
        ('when = "silent"\ncovers = ["nobody"]', "covers nobody"),
        ('when = "noise"', "Invalid enum value"),
        ('when = "silent"\nlouder = 1', "louder"),
    ],
)
def test_an_unsound_rule_is_refused_in_words(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "alarms.toml"
    words = 'title = { zh = "甲", en = "A" }\naction = { zh = "乙", en = "B" }\n'
    path.write_text(f'[[rule]]\nname = "one"\nseverity = "info"\n{words}{text}\n', "utf-8")
    with pytest.raises(StartError, match=fault):
        load(path)


def test_a_title_may_name_no_other_thing() -> None:
    rule = msgspec.structs.replace(rules("site_silent").rule[0])
    title = msgspec.structs.replace(rule.title, en="{place.__class__}")
    odd: Rule = msgspec.structs.replace(rule, title=title)
    assert any("title" in fault for fault in lint(Book((odd,))))


def test_a_site_without_network_is_one_alarm_and_one_message(watch: Watch) -> None:
    gone = [silent(f"KT-{number:04}") for number in range(12)]
    watch.look(*gone, *OTHERS)
    watch.keep_looking([*gone, *OTHERS], 110)
    assert watch.open == []
    watch.keep_looking([*gone, *OTHERS], 60)
    assert watch.open == [("site_silent", "东乡便民站", 12)]
    assert watch.sent() == [("duty", "opened")]


def test_when_everything_is_silent_only_the_fleet_is_told_of(watch: Watch) -> None:
    gone = [silent(f"KT-{number:04}", f"站点 {number % 7}") for number in range(50)]
    watch.keep_looking(gone, 400)
    assert watch.open == [("fleet_silent", "", 50)]
    assert watch.sent() == [("duty", "opened")]
    some = [row(one.id, one.site) for one in gone[:40]] + gone[40:]
    watch.keep_looking(some, 100)  # fewer than half of a half are still away
    assert watch.open == []
    watch.keep_looking(some, 200)
    assert {place for _, place, _ in watch.open} == {f"站点 {number}" for number in range(7)}


def test_a_short_silence_is_no_alarm(watch: Watch) -> None:
    for _ in range(5):
        watch.keep_looking([silent("KT-0001"), *OTHERS], 100)
        watch.keep_looking([row("KT-0001"), *OTHERS], 20)
    assert watch.sent() == []


def test_flapping_keeps_one_alarm_and_ends_once(watch: Watch) -> None:
    watch.keep_looking([silent("KT-0001"), *OTHERS], 140)
    for _ in range(6):
        watch.keep_looking([row("KT-0001"), *OTHERS], 40)
        watch.keep_looking([silent("KT-0001"), *OTHERS], 40)
    assert watch.open == [("site_silent", "东乡便民站", 1)]
    watch.keep_looking([row("KT-0001"), *OTHERS], 80)
    assert watch.open == []
    assert watch.sent() == [("duty", "opened"), ("duty", "resolved")]


def test_others_of_the_site_join_and_leave_without_a_message(watch: Watch) -> None:
    watch.keep_looking([silent("KT-0001"), row("KT-0002"), *OTHERS], 140)
    watch.keep_looking([silent("KT-0001"), silent("KT-0002"), *OTHERS], 140)
    assert watch.open == [("site_silent", "东乡便民站", 2)]
    watch.keep_looking([row("KT-0001"), silent("KT-0002"), *OTHERS], 80)
    assert watch.open == [("site_silent", "东乡便民站", 1)]
    [alarm_now] = watch.view.open_alarms()
    assert alarm_now.most == 2
    story = watch.view.story(alarm_now.id)
    assert story is not None
    assert [(one.terminal, one.gone_at is None) for one in story.alarm.members] == [
        ("KT-0002", True),
        ("KT-0001", False),
    ]
    assert watch.sent() == [("duty", "opened")]


def test_of_a_silent_terminal_nothing_else_begins_or_ends(watch: Watch) -> None:
    out = row("KT-0001", devices=paper("out"))
    watch.keep_looking([out, *OTHERS], 140)
    assert watch.open == [("supply_out", "东乡便民站", 1)]
    watch.keep_looking([silent("KT-0001", devices=paper("full")), *OTHERS], 400)
    assert {rule for rule, _, _ in watch.open} == {"supply_out", "site_silent"}
    watch.keep_looking([row("KT-0001", devices=paper("full")), *OTHERS], 80)
    assert watch.open == []


def test_a_cause_is_told_once_and_not_by_its_effects(watch: Watch) -> None:
    partly = row("KT-0001", devices=paper("out"), serving=Serving.PARTLY,
                 reasons=("device.receipt.out",))  # fmt: skip
    watch.keep_looking([partly, *OTHERS], 1500)
    assert watch.open == [("supply_out", "东乡便民站", 1)]


def test_maintenance_is_no_alarm(watch: Watch) -> None:
    closed = row("KT-0001", serving=Serving.NO, screen="maintenance", reasons=("screen.m",))
    watch.keep_looking([closed, *OTHERS], 1000)
    assert watch.open == []


def test_numbers_end_where_their_rule_says(store: Store) -> None:
    watch = Watch(store, rules("disk", "clock", after=0.0, clear=0.0))
    for free, expected in ((600, 0), (500, 1), (900, 1), (1001, 0), (900, 0)):
        watch.look(row("KT-0001", disk_free_mb=float(free)), after=10.0)
        assert len(watch.open) == expected, free
    for offset, expected in ((-119.0, 0), (-200.0, 1), (60.0, 1), (30.0, 0)):
        watch.look(row("KT-0001", clock_offset=offset), after=10.0)
        assert len(watch.open) == expected, offset


def test_another_version_than_most_is_told_of(store: Store) -> None:
    watch = Watch(store, rules("software", "catalogue", after=0.0))
    others = [row(f"KT-{number:04}") for number in range(3)]
    watch.look(*others, row("KT-0009", software="0.9"), row("KT-0010", catalogue="b"))
    assert sorted(watch.open) == [("catalogue", "", 1), ("software", "", 1)]
    details = {one.rule: one.members[0].detail for one in watch.view.open_alarms()}
    assert details == {"software": "0.9", "catalogue": "b"}


def test_an_incident_stays_until_a_person_has_seen_to_it(watch: Watch) -> None:
    with watch.store.write() as connection:
        alarm(connection, watch.now, AlarmKind.CHAIN_BREAK, "KT-0001", journal="j", seq=5)
    watch.look(row("KT-0001"), after=10.0)
    watch.look(row("KT-0001"), after=800_000.0)
    assert watch.open == [("chain", "KT-0001", 1)]
    [one] = watch.view.open_alarms()
    assert one.members[0].detail == "chain_break #5"
    assert watch.desk.resolve(one.id, one.turn, "王主任", "机器已换") is None
    watch.keep_looking([row("KT-0001")], 60)
    assert watch.open == []
    with watch.store.write() as connection:
        alarm(connection, watch.now, AlarmKind.CHAIN_BREAK, "KT-0001", journal="j", seq=5)
    watch.keep_looking([row("KT-0001")], 20)
    assert watch.open == [("chain", "KT-0001", 1)]


def test_an_incident_of_the_fleet_itself_has_no_terminal(watch: Watch) -> None:
    with watch.store.write() as connection:
        alarm(connection, watch.now, AlarmKind.PLATFORM_FAILING, "", journal="city")
    watch.look(after=1.0)
    assert watch.open == [("platform", "", 1)]
    watch.keep_looking([], 1000)
    assert watch.open == []


def test_a_rule_that_is_gone_takes_its_alarm_along(watch: Watch) -> None:
    watch.keep_looking([silent("KT-0001"), *OTHERS], 140)
    assert len(watch.open) == 1
    after = Watch(watch.store, rules("disk"), now=watch.now)
    after.look(silent("KT-0001"), after=10.0)
    assert after.open == []
    assert after.rows(alarm_watches) == []


def test_a_restart_forgets_nothing(watch: Watch) -> None:
    watch.keep_looking([silent("KT-0001"), *OTHERS], 80)
    again = Watch(watch.store, now=watch.now)
    again.keep_looking([silent("KT-0001"), *OTHERS], 60)
    assert again.open == [("site_silent", "东乡便民站", 1)]
    third = Watch(watch.store, now=again.now)
    third.keep_looking([silent("KT-0001"), *OTHERS], 60)
    assert third.sent() == [("duty", "opened")]


def test_names_that_nobody_knows_share_one_alarm(watch: Watch) -> None:
    with watch.store.write() as connection:
        for number in range(40):
            alarm(connection, watch.now, AlarmKind.UNDECODABLE, f"made-up-{number}")
        alarm(connection, watch.now, AlarmKind.UNDECODABLE, "KT-0001")
    watch.look(row("KT-0001"), after=1.0)
    assert sorted(watch.open) == [("unreadable", "", 40), ("unreadable", "KT-0001", 1)]
    assert len(watch.sent()) == 2


def test_after_a_start_nobody_is_called_silent_before_they_could_speak(watch: Watch) -> None:
    gone = [silent(f"KT-{number:04}") for number in range(5)]
    for _ in range(20):
        watch.now += 10
        watch.rounds.once(watch.now, gone, deaf=True)
    assert watch.open == []
    watch.keep_looking(gone, 70)
    assert watch.open == [("fleet_silent", "", 5)]
