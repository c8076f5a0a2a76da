"""Words of the daily mail, Chinese and English."""

from __future__ import annotations

DIGEST: dict[str, tuple[str, str]] = {
    "digest.subject": (
        "终端日报 {day}：{alarms} 条告警，{late} 件逾期",
        "Terminals on {day}: open alarms {alarms}, overdue {late}",
    ),
    "digest.title": ("自助终端日报 · {day}", "Terminals today · {day}"),
    "digest.sites": ("只含这些地点：{sites}", "Of these sites alone: {sites}"),
    "digest.alarms": ("未解决的告警", "Open alarms"),
    "digest.alarms.none": ("没有未解决的告警。", "No alarm is open."),
    "digest.alarm": (
        "[{severity}] {title}，自 {time} 起。{action}。{owner}",
        "[{severity}] {title}, since {time}. {action}. {owner}",
    ),
    "digest.owner": ("处理人：{name}", "With {name}"),
    "digest.nobody": ("尚无人处理", "Nobody has taken it over"),
    "digest.bring": ("明天要带的耗材", "What to bring tomorrow"),
    "digest.bring.none": ("明天不需要补充耗材。", "Nothing needs a refill tomorrow."),
    "digest.bring.line": ("{name} × {count}：{terminals}", "{name} × {count}: {terminals}"),
    "digest.cases": ("逾期的办件", "Overdue cases"),
    "digest.cases.none": ("没有逾期的办件。", "No case is overdue."),
    "digest.case": ("{number}，应于 {day} 前办结", "{number}, promised by {day}"),
    "digest.orders": ("逾期的工单", "Overdue work orders"),
    "digest.orders.none": ("没有逾期的工单。", "No work order is overdue."),
    "digest.order": ("{number}，应于 {time} 前答复", "{number}, due by {time}"),
    "digest.more": ("另有 {count} 条", "and {count} more"),
    "digest.fleet": ("全部终端", "The whole fleet"),
    "digest.no_site": ("未填写地点的终端", "Terminals without a site"),
    "digest.console": ("打开管理台", "Open the console"),
}
