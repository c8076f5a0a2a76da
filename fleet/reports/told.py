"""What a report says about itself, in sentences: for pages and every kind of file."""

from __future__ import annotations

from fleet.reports.tables import Cell, Column, Kind, Report
from fleet.reports.words import Words

MOST_FINDINGS = 20


def summary(report: Report, words: Words) -> list[tuple[str, str]]:
    """(name, words): the period, how it is cut, and whether it adds up."""
    period = report.period
    days = words("period.days", first=period.first, last=period.last)
    checked = verdict(report, words)
    return [
        (words("period"), days),
        (words("cut"), words(f"table.part.{period.grain}")),
        (words("check"), "\n".join([checked, *findings(report, words)])),
    ]


def verdict(report: Report, words: Words) -> str:
    wrong = len(report.findings)
    return words("check.bad" if wrong else "check.good", count=report.checked, wrong=wrong)


def findings(report: Report, words: Words) -> list[str]:
    return [
        words("check.finding", where=one.where, told=f"{one.told:g}", found=f"{one.found:g}")
        for one in report.findings[:MOST_FINDINGS]
    ]


def shown(cell: Cell, column: Column) -> str:
    """For people: thousands apart, shares in percent."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    if column.kind is Kind.SHARE:
        return f"{cell:.1%}"
    return f"{cell:,.1f}" if column.kind is Kind.HOURS else f"{cell:,.0f}"
