"""What rules ask about a terminal. Each answer is one of three:

- a detail (codes with commas, never empty): it is so, and this is known of it
- '' : it is not so
- None: nobody knows, because the terminal is silent; what was so before stays so
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fleet.alarms.rules import FALLING, Rule, When
from fleet.rows import AlarmRow, Serving, TerminalRow

Answer = str | None
MOST_DETAIL = 200


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row does not tell. `unconfirmed`: terminal -> prints of the last day that nobody is
    sure of. `incidents`: by terminal ('' : of the fleet itself). `usual`: the version
    of each kind that most have. `drift`: terminal -> hours without the version that it is to have.
    `deaf`: this fleet has not listened for long enough to call anybody silent."""

    unconfirmed: Mapping[str, int] = field(default_factory=dict)
    incidents: Mapping[str, tuple[AlarmRow, ...]] = field(default_factory=dict)
    usual: Mapping[When, str] = field(default_factory=dict)
    drift: Mapping[str, float] = field(default_factory=dict)
    deaf: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """`firing`: it was so a moment ago. `settled_at`: a person has seen to all before."""

    rule: Rule
    row: TerminalRow
    facts: Facts
    firing: bool


def ask(question: Question) -> Answer:
    """Of a silent terminal nothing is known but that it is silent, and its prints and records."""
    when = question.rule.when
    if question.row.stale and when not in LASTING:
        return None
    told = ANSWERS[when](question)
    return told[:MOST_DETAIL] if told else told


def incidents(rule: Rule, facts: Facts, terminal: str, now: float, settled_at: float) -> str:
    """Those of the rule's kinds, seen lately and after `settled_at`: the last of each kind."""
    seen: dict[str, AlarmRow] = {}
    for one in facts.incidents.get(terminal, ()):
        counts = one.last_at > settled_at and now - one.last_at <= rule.within
        if one.kind in rule.kinds and counts:
            seen.setdefault(one.kind, one)
    told = (f"{one.kind} {one.case_no or (f'#{one.seq}' if one.seq else '')}" for one in
            seen.values())  # fmt: skip
    return ",".join(one.strip() for one in told)[:MOST_DETAIL]


def _silent(question: Question) -> Answer:
    if not question.row.stale:
        return ""
    return None if question.facts.deaf else "silent"


def _disconnected(question: Question) -> str:
    return "" if question.row.online else "disconnected"


def _not_serving(question: Question) -> str:
    row = question.row
    closed = row.serving is Serving.NO and row.screen != "maintenance"
    return ",".join(row.reasons) or "unknown" if closed else ""


def _partly(question: Question) -> str:
    row = question.row
    return ",".join(row.reasons) or "unknown" if row.serving is Serving.PARTLY else ""


def _supply(question: Question) -> str:
    return ",".join(
        f"{device.device}.{source}.{level}"
        for device in question.row.devices
        for source, level in device.supplies.items()
        if level in question.rule.levels
    )


def _fault(question: Question) -> str:
    """Of a device, unless one of its supplies already tells it."""
    found = []
    for device in question.row.devices:
        needs = device.needs
        told = {f"{need.what}_{need.level}" for need in needs}
        found += [
            f"{need.device}.{need.what}.{need.level}"
            for need in needs
            if need.what in ("fault", "state")
            and need.level != "starting"
            and need.level not in told
        ]
    return ",".join(found)


def _gaps(question: Question) -> str:
    missing = sum(last - first + 1 for first, last in question.row.missing)
    return _number(question, missing)


def _outbox(question: Question) -> str:
    return _number(question, question.row.outbox)


def _clock(question: Question) -> str:
    row = question.row
    return "" if row.clock_offset is None else _number(question, abs(row.clock_offset))


def _disk(question: Question) -> str:
    row = question.row
    return _number(question, row.disk_free_mb) if row.uptime_s else ""


def _certificate(question: Question) -> str:
    days = question.row.certificate_days
    return "" if days is None else _number(question, days)


def _version(question: Question) -> str:
    own, usual = version(question.row, when := question.rule.when), question.facts.usual
    return own if own and own != usual.get(when, own) else ""


def version(row: TerminalRow, when: When) -> str:
    return row.software if when is When.SOFTWARE else row.catalogue


def _unconfirmed(question: Question) -> str:
    return _number(question, question.facts.unconfirmed.get(question.row.id, 0))


def _drift(question: Question) -> str:
    hours = question.facts.drift.get(question.row.id)
    return "" if hours is None else _number(question, hours)


def _number(question: Question, value: float) -> str:
    """The number itself: from `limit` on, and once it is so, until it is back at `until`."""
    rule = question.rule
    assert rule.limit is not None
    sign = -1 if rule.when in FALLING else 1
    if question.firing and rule.until is not None:
        holds = sign * value > sign * rule.until
    else:
        holds = sign * value >= sign * rule.limit
    return f"{value:.0f}" if holds else ""


ANSWERS: dict[When, Callable[[Question], Answer]] = {
    When.SILENT: _silent,
    When.DISCONNECTED: _disconnected,
    When.NOT_SERVING: _not_serving,
    When.PARTLY_SERVING: _partly,
    When.SUPPLY: _supply,
    When.FAULT: _fault,
    When.GAPS: _gaps,
    When.OUTBOX: _outbox,
    When.CLOCK: _clock,
    When.DISK: _disk,
    When.CERTIFICATE: _certificate,
    When.SOFTWARE: _version,
    When.CATALOGUE: _version,
    When.UNCONFIRMED: _unconfirmed,
    When.DRIFT: _drift,
}
LASTING = {When.SILENT, When.DISCONNECTED, When.GAPS, When.UNCONFIRMED, When.CERTIFICATE}
