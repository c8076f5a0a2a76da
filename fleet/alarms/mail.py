"""An alarm as a mail that can be read on a telephone: what, where, since when, what to do."""

from __future__ import annotations

from datetime import datetime

from fleet.alarms.notices import Both, Notice

EVENTS = {
    "opened": Both("告警", "Alarm"),
    "escalated": Both("无人处理，已升级", "Nobody has taken it over"),
    "resolved": Both("已恢复", "Resolved"),
}
SEVERITIES = {
    "critical": Both("严重", "critical"),
    "warning": Both("警告", "warning"),
    "info": Both("提示", "info"),
}
MOST = 20  # terminals by name


def written(said: Notice, english_first: bool) -> tuple[str, str]:
    """Subject and text, in both languages."""
    event, severity = EVENTS[said.event], SEVERITIES[said.severity]
    halves = [
        "\n".join(_lines_zh(said, event.zh, severity.zh)),
        "\n".join(_lines_en(said, event.en, severity.en)),
    ]
    if english_first:
        halves.reverse()
        subject = f"[{severity.en}] {event.en}: {said.title.en}"
    else:
        subject = f"【{severity.zh}】{event.zh}：{said.title.zh}"
    text = "\n\n".join(halves) + (f"\n\n{said.link}\n" if said.link else "\n")
    return " ".join(subject.split()), text


def _lines_zh(said: Notice, event: str, severity: str) -> list[str]:
    found = [said.title.zh, f"{event}（{severity}），自 {_clock(said.started_at)} 起"]
    if said.event != "resolved":
        found.append(f"要做的事：{said.action.zh}")
    if said.terminals:
        found.append(f"终端：{_names(said, '、', '等 {count} 台')}")
    return found


def _lines_en(said: Notice, event: str, severity: str) -> list[str]:
    found = [said.title.en, f"{event} ({severity}), since {_clock(said.started_at)}"]
    if said.event != "resolved":
        found.append(f"What to do: {said.action.en}")
    if said.terminals:
        found.append(f"Terminals: {_names(said, ', ', ' … {count} in all')}")
    return found


def _names(said: Notice, comma: str, more: str) -> str:
    told = comma.join(said.terminals[:MOST])
    return told + (more.format(count=said.count) if said.count > MOST else "")


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M %Z")
