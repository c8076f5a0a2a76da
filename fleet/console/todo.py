"""What a person has to do now, the worst first, one sentence for each."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.console import phrases
from fleet.console.feed import Picture
from fleet.console.parts import Tone
from fleet.console.words import Words
from fleet.live import AlarmRow, Serving, TerminalRow

WORST_FIRST = {Tone.BAD: 0, Tone.WARN: 1, Tone.DIM: 2, Tone.GOOD: 3}
# Alarm -> tone, what to do, and for how many seconds after it was last seen.
ALARMS = {
    "chain_break": (Tone.BAD, "do.inspect", phrases.DAY_SECONDS),
    "journal_replaced": (Tone.BAD, "do.inspect", phrases.DAY_SECONDS),
    "journal_old_copy": (Tone.BAD, "do.inspect", phrases.DAY_SECONDS),
    "case_conflict": (Tone.BAD, "do.inspect", phrases.DAY_SECONDS),
    "case_undecodable": (Tone.BAD, "do.page", phrases.DAY_SECONDS),
    "wrong_hash": (Tone.WARN, "do.page", 3600.0),
    "second_terminal": (Tone.BAD, "do.inspect", phrases.DAY_SECONDS),
    "version": (Tone.BAD, "do.page", phrases.DAY_SECONDS),
    "undecodable": (Tone.WARN, "do.page", 3600.0),
    "unlisted_fee": (Tone.BAD, "do.inspect", phrases.DAY_SECONDS),
    "unpaid_case": (Tone.BAD, "do.inspect", phrases.DAY_SECONDS),
    "wrong_amount": (Tone.WARN, "do.provider", phrases.DAY_SECONDS),
    **dict.fromkeys(
        ("order_conflict", "forged_notice", "unknown_payment", "trade_conflict",
         "unclaimed_payment", "refund_failing", "reconciliation"),
        (Tone.BAD, "do.provider", phrases.DAY_SECONDS),
    ),
    "pages_missing": (Tone.WARN, "do.page", phrases.DAY_SECONDS),
    "platform_failing": (Tone.BAD, "do.platform", 600.0),
    "rollout_stopped": (Tone.BAD, "do.rollout", phrases.DAY_SECONDS),
    "notice_failing": (Tone.BAD, "do.page", phrases.DAY_SECONDS),
}  # fmt: skip
WELL = 2
UNNAMED = (Tone.BAD, "do.page", phrases.DAY_SECONDS)


@dataclass(frozen=True, slots=True)
class Task:
    """`since` is a phrase, or '' when nobody knows."""

    tone: Tone
    terminal: str
    site: str
    what: str
    action: str
    since: str


def tasks(words: Words, picture: Picture) -> list[Task]:
    found = [task for row in picture.terminals for task in terminal_tasks(words, picture, row)] + [
        _alarm(words, picture, alarm)
        for alarm in picture.alarms
        if picture.read_at - alarm.last_at < ALARMS.get(alarm.kind, UNNAMED)[2]
    ]
    return sorted(found, key=lambda task: (WORST_FIRST[task.tone], task.terminal))


def terminal_tasks(words: Words, picture: Picture, row: TerminalRow) -> list[Task]:
    """Silence first: it makes everything else the last that is known."""
    if urgency(row) == WELL:
        return []
    found = _silence(words, picture, row)
    for need in [need for device in row.devices for need in phrases.worth_telling(device)]:
        told = phrases.need(words, need)
        since = phrases.since(words, picture.read_at, picture.since.get((row.id, need)))
        do = phrases.action(words, need)
        found.append(Task(told.tone, row.id, row.site, told.sentence, do, since))
    if phrases.maintained(row):
        what, do = phrases.service(words, row).sentence, words("do.reopen")
        found.append(Task(Tone.WARN, row.id, row.site, what, do, ""))
    elif row.serving is Serving.NO and not found:
        what = phrases.service(words, row).sentence
        found.append(Task(Tone.BAD, row.id, row.site, what, words("do.look"), ""))
    if row.chain_broken:
        what, do = words("chain_broken"), words("do.inspect")
        found.append(Task(Tone.BAD, row.id, row.site, what, do, ""))
    return found


def in_trouble(row: TerminalRow) -> bool:
    """Something at the terminal itself has to be seen to; silence is counted apart."""
    broken = row.serving in (Serving.NO, Serving.PARTLY) or row.chain_broken
    return bool(row.needs) or broken


def urgency(row: TerminalRow) -> int:
    """0 for the terminals that most need somebody, `WELL` for those that need nobody."""
    closed = row.serving is Serving.NO and not phrases.maintained(row)
    if row.stale or closed or row.chain_broken:
        return 0
    return 1 if in_trouble(row) or not row.online else WELL


def _silence(words: Words, picture: Picture, row: TerminalRow) -> list[Task]:
    if row.online and not row.stale:
        return []
    heard = picture.heard(row, picture.read_at)
    since = "" if heard is None else _from(words, picture, picture.read_at - heard)
    what = words("not_heard") if row.stale else words("disconnected")
    tone = Tone.BAD if row.stale else Tone.WARN
    return [Task(tone, row.id, row.site, what, words("do.power"), since)]


def _alarm(words: Words, picture: Picture, alarm: AlarmRow) -> Task:
    site = next((row.site for row in picture.terminals if row.id == alarm.terminal), "")
    tone, do, _ = ALARMS.get(alarm.kind, UNNAMED)
    what = words.start("alarm", alarm.kind)
    since = _from(words, picture, alarm.first_at)
    return Task(tone, alarm.terminal, site, what, words(do), since)


def _from(words: Words, picture: Picture, at: float) -> str:
    return words("since", time=phrases.clock(at, picture.read_at))
