"""The console's sentences, its folding of acts into visits, and its words and colours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest

from drivers.document.status import DocumentFault
from drivers.receipt.status import ReceiptFault
from fleet import moments
from fleet.console import phrases, timeline
from fleet.console.feed import Picture, Since
from fleet.console.parts import Tone
from fleet.console.todo import tasks, urgency
from fleet.console.visits import Tally, fold
from fleet.console.vocabulary import VALUES
from fleet.console.words import PAGE, Words
from fleet.incidents import AlarmKind
from fleet.payment.alarms import MoneyAlarm
from fleet.rows import AlarmRow, DeviceRow, Need, Serving, TerminalRow, TransactionRow
from kiosk.model import (
    CardFault,
    DeviceState,
    FaceFault,
    FaultAction,
    Rung,
    SecretFault,
    StaffRole,
    SupplyLevel,
)
from kiosk.session.bills import PaymentOutcome
from kiosk.session.papers import TROUBLE
from kiosk.wire import CommandRefusal

ROOT = Path(__file__).parents[2]
ZH, EN = Words("zh-CN"), Words("en-US")
UNTOLD = {CommandRefusal.UNSIGNED, CommandRefusal.REPLAYED}  # nothing is said of such a command
NOON = 1_790_000_000.0

ROW = TerminalRow(
    id="KT-0001", site="示例县政务服务中心", online=True, session=1, boot=1,
    heard_seconds_ago=3.0, stale=False, serving=Serving.YES, reasons=(), screen="idle",
    read_at=NOON,
    devices=(), services={"A": "", "B": "", "C": ""}, software="", settings="", catalogue="",
    outbox=0, cpu_percent=0, memory_mb=0, disk_free_mb=0, uptime_s=0, journal="j", through=9,
    missing=(), chain_broken=False,
)  # fmt: skip


def act(
    position: int, kind: str, outcome: str, case_no: str = "SX1", paper: str = ""
) -> TransactionRow:
    task_code = "TASK" if kind == "case" else ""
    return TransactionRow(
        position, kind, "KT-0001", "", NOON + position, case_no, task_code, outcome, paper
    )


def picture(*rows: TerminalRow, alarms: tuple[AlarmRow, ...] = ()) -> Picture:
    return Picture(NOON, rows, (), alarms, Tally(0.0), {})


def printer(**rest: object) -> DeviceRow:
    known = DeviceRow("receipt", "online", {"paper": "full"}, "", "", "escpos_network")
    return replace(known, **rest)  # type: ignore[arg-type]


def test_acts_of_one_case_become_one_visit_that_stays_in_its_place() -> None:
    acts = [
        act(1, "case", "approved"),
        act(2, "case", "pending", "SX2"),
        act(3, "print", "presented", paper="receipt"),
        act(4, "print", "unconfirmed", paper="certificate"),
        act(5, "rating", "4"),
    ]
    second, first = fold(reversed(acts))
    assert (second.case_no, first.case_no) == ("SX2", "SX1")
    assert [(paper.paper, paper.rung) for paper in first.papers] == [
        ("receipt", "presented"),
        ("certificate", "unconfirmed"),
    ]
    assert (first.standing, first.rating, first.task_code) == ("approved", 4, "TASK")
    assert first.last_at == NOON + 5


def test_acts_without_a_case_are_never_taken_for_one_visit() -> None:
    acts = [act(1, "print", "presented", ""), act(2, "print", "presented", "")]
    assert len(fold(acts)) == 2


def test_tally_counts_what_came_since_midnight() -> None:
    tally = Tally(NOON + 2)
    tally.add(
        [
            act(1, "case", "approved"),
            act(2, "case", "approved"),
            act(3, "print", "taken", paper="certificate"),
            act(4, "print", "printed", paper="certificate"),
            act(5, "print", "unconfirmed", paper="receipt"),
        ]
    )
    assert (tally.cases, tally.certificates, tally.unconfirmed) == (1, 1, 1)
    assert tally.last_at == {"KT-0001": NOON + 5}


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "0 秒", "0 s"),
        (9.9, "5 秒", "5 s"),
        (59, "55 秒", "55 s"),
        (61, "1 分钟", "1 min"),
        (7200, "2 小时", "2 h"),
        (200_000, "2 天", "2 d"),
    ],
)
def test_age_is_told_in_its_largest_unit(seconds: float, zh: str, en: str) -> None:
    assert (phrases.age(ZH, seconds), phrases.age(EN, seconds)) == (zh, en)


def test_service_of_a_terminal_without_receipt_paper() -> None:
    row = replace(
        ROW,
        serving=Serving.PARTLY,
        reasons=("device.receipt.out",),
        devices=(printer(supplies={"paper": "out"}),),
        services={"A": "", "B": "", "C": "device.receipt.out"},
    )
    assert phrases.service(EN, row).sentence == "2 of 3 items available: receipt paper out"
    assert phrases.service(ZH, row).sentence == "2/3 个事项可办：凭条纸用完"


def test_silence_makes_service_unknown_and_never_fine() -> None:
    row = replace(
        ROW, serving=Serving.UNKNOWN, reasons=("stale",), stale=True, heard_seconds_ago=600.0
    )
    assert phrases.service(EN, row) == phrases.Truth(Tone.DIM, "Not known whether it can serve")
    assert phrases.liveness(EN, row, 600.0).sentence == "Silent for 10 min"
    assert phrases.device_state(EN, printer()).tone is Tone.GOOD
    told = phrases.aged(EN, row, phrases.device_state(EN, printer()))
    assert told == phrases.Truth(Tone.DIM, "ok (last known)")


def test_one_cause_is_one_task_and_the_worst_come_first() -> None:
    out = printer(state="offline", supplies={"paper": "out"}, fault="paper_out", action="refill")
    jammed = DeviceRow("document", "hardware_error", {"toner": "unknown"}, "jam", "clear", "ipp")
    low = DeviceRow("document", "online", {"toner": "low"}, "", "", "ipp")
    second = replace(ROW, id="KT-0002", devices=(low,))
    found = tasks(EN, picture(second, replace(ROW, devices=(out, jammed))))
    assert [(task.terminal, task.what, task.action) for task in found] == [
        ("KT-0001", "Receipt paper: out", "Refill"),
        ("KT-0001", "Document printer: paper jam", "Clear it"),
        ("KT-0002", "Toner: low", "Refill soon"),
    ]


def test_task_says_whether_its_beginning_was_seen() -> None:
    row = replace(ROW, devices=(printer(state="offline"),))
    need = Need("receipt", "state", "offline", "")
    at = phrases.clock(NOON, NOON)
    for since, told in (
        (Since(NOON, True), f"since {at}"),
        (Since(NOON, False), f"since {at} or earlier"),
    ):
        shown = replace(picture(row), since={("KT-0001", need): since})
        assert [task.since for task in tasks(EN, shown)] == [told]


def test_alarm_is_a_task_only_while_it_is_news() -> None:
    alarm = AlarmRow(1, "chain_break", "KT-0001", "j", 4, "", NOON - 9e5, NOON - 60, 2)
    assert [task.what for task in tasks(EN, picture(ROW, alarms=(alarm,)))] == [
        "Journal chain broken"
    ]
    assert tasks(EN, picture(ROW, alarms=(replace(alarm, last_at=NOON - 9e5),))) == []


def test_missing_ranges_are_short_and_say_when_there_are_more() -> None:
    assert phrases.ranges([(3, 5), (9, 9)]) == "3–5, 9"
    assert phrases.ranges([(n, n) for n in range(20)], most=2) == "0, 1 …"


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("state", DeviceState),
        ("level", SupplyLevel),
        ("action", FaultAction),
        ("rung", Rung),
        ("alarm", (*AlarmKind, *MoneyAlarm)),
        ("payment", (*PaymentOutcome, "other")),
        ("fault", DocumentFault),
        ("fault", ReceiptFault),
        ("role", (*StaffRole, "applicant", "second", "guardian", "staff")),
        ("standing", ("received", "pending", "approved", "refused", "other")),
        ("order_why", set(CommandRefusal) - UNTOLD),
        ("order_why", (*TROUBLE.values(), "printer_fault", "unconfirmed")),
    ],
)
def test_every_word_of_the_protocol_has_words(family: str, codes: Iterable[str]) -> None:
    assert [code for code in map(str, codes) if f"{family}.{code}" not in VALUES] == []


SESSIONS = ("finished", "left", "idle", "ticket", "card_swapped", "crashed")
STAFF = ("sign_in", "refused_wrong", "refused_locked", "refused_unreachable", "test_slip",
         "close_service", "open_service")  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "outcomes"),
    [
        ("card", (*CardFault, "read", "swapped")),
        ("face", (*FaceFault, "matched", "captured_not_compared")),
        ("code", (*SecretFault, "sent", "right")),
        ("pin", (*SecretFault, "right")),
        ("way", ("face", "code", "pin", "helper", "desk")),
        ("consent", ("given", "refused")),
        ("witness", ("agreed", "declined")),
        ("maintenance", ("begun", "ended")),
        ("staff", STAFF),
        ("session", SESSIONS),
        ("ticket", ("taken",)),
        ("case", ("submitted",)),
    ],
)
def test_everything_that_people_do_has_words_and_a_shape(
    kind: str, outcomes: Iterable[str]
) -> None:
    assert kind in timeline.SHAPES
    missing = [one for one in map(str, outcomes) if f"moment.{kind}.{one}" not in VALUES]
    assert missing == []


def test_the_timeline_knows_every_kind_that_is_kept() -> None:
    assert {kind for kind, _ in moments.KINDS.values()} == set(timeline.SHAPES)


def test_a_terminal_in_maintenance_is_nobodys_alarm() -> None:
    row = replace(ROW, serving=Serving.NO, screen="maintenance", reasons=("screen.maintenance",))
    told = phrases.service(EN, row)
    assert told == phrases.Truth(Tone.WARN, "Under maintenance, closed to citizens")
    [task] = tasks(EN, picture(row))
    assert (task.tone, task.action) == (Tone.WARN, "Open it again when the work is done")
    assert urgency(row) == 1
    assert urgency(replace(row, screen="down")) == 0
    silent = replace(row, serving=Serving.UNKNOWN, stale=True, heard_seconds_ago=600.0)
    assert phrases.service(EN, silent).tone is Tone.DIM


def test_every_reason_of_a_terminal_has_words() -> None:
    locale = (ROOT / "config/locales/en.po").read_text("utf-8")
    codes = re.findall(r'msgid "why_not\.(\w+)"', locale)
    assert codes
    assert [code for code in codes if f"why_not.{code}" not in VALUES] == []


@pytest.mark.parametrize("key", sorted(PAGE))
def test_both_languages_tell_the_same_values(key: str) -> None:
    zh, en = ({name for _, name, _, _ in Formatter().parse(words)} for words in PAGE[key])
    assert zh - {None} == en - {None}


def test_every_word_of_a_page_is_used() -> None:
    code = "".join(
        path.read_text("utf-8")
        for folder in ("console", "digest")
        for path in (ROOT / "fleet" / folder).glob("*.py")
        if path.name != "words.py"
    )
    made = re.compile(
        r"(theme|count|no_terminals|age|user)\..+|serves\.\w+\.why"
        r"|digest\.(alarms|bring|cases|orders)(\.none)?"
    )
    unused = [
        key
        for key in PAGE
        if not re.search(f"[\"']{re.escape(key)}[\"']", code) and not made.fullmatch(key)
    ]
    assert unused == []


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("selector", [":root", ".body--dark"])
def test_text_stands_out_from_its_ground_by_wcag_aa(selector: str) -> None:
    style = (ROOT / "fleet/console/style.css").read_text("utf-8")
    block = style.split(f"{selector} {{", 1)[1].split("}", 1)[0]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    pairs = [(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("page", "panel")]
    pairs += [("brand", "panel"), ("brand", "brand-soft"), ("ink-2", "sunk"), ("good", "sunk")]
    for tone in ("good", "warn", "bad", "dim"):
        pairs += [(tone, f"{tone}-soft"), (tone, "panel")]
    weak = [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    assert weak == []
