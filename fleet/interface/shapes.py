"""What the interface answers with, where `fleet.shapes` has no shape for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from fleet.reports.tables import Kind, Report
from fleet.shapes import Shape


class CaseSummary(Shape):
    """A case without whose it is. Times are epoch seconds by the fleet's clock."""

    case_no: str
    terminal: str
    task_code: str
    task_version: str
    kind: str
    state: Literal["received", "pending", "approved", "refused"]
    phase: str = Field(description="empty: no office has taken note of it yet")
    reason: str
    due_date: str = Field(description="ISO 8601 date, or empty")
    certificate_no: str
    received_at: float
    decided_at: float | None
    ended_at: float | None


class AlarmGroup(Shape):
    """An alarm for people: one rule at one place. Times are epoch seconds."""

    id: int
    rule: str
    place: str = Field(description="a site, a terminal, or empty for the whole fleet")
    severity: str
    state: str = Field(description="open, acknowledged, resolved")
    owner: str
    opened_at: float
    resolved_at: float | None
    silent_until: float | None
    terminals: int
    most: int


class CommandShape(Shape):
    """A command to one terminal; `order_id`: the wish that it belongs to."""

    order_id: int
    terminal: str
    command: str
    operation: str
    state: str
    why: str
    asked_by: str
    asked_at: float
    changed_at: float


class ColumnShape(Shape):
    key: str
    label: str
    kind: Kind = Field(description="share: 0 to 1")


class TableShape(Shape):
    """`total` is empty where a sum would say nothing."""

    key: str
    title: str
    columns: list[ColumnShape]
    rows: list[list[Any]]
    total: list[Any]


class FindingShape(Shape):
    """Two numbers that must be equal and are not."""

    where: str
    told: float
    found: float


class ReportShape(Shape):
    """`checked`: how many sums were compared; `findings`: those that do not add up."""

    first: date
    last: date
    made_at: datetime
    checked: int
    findings: list[FindingShape]
    tables: list[TableShape]

    @classmethod
    def of(cls, report: Report) -> ReportShape:
        return cls(
            first=report.period.first,
            last=report.period.last,
            made_at=report.made_at,
            checked=report.checked,
            findings=[FindingShape.model_validate(one) for one in report.findings],
            tables=[
                TableShape(
                    key=table.key,
                    title=table.title,
                    columns=[ColumnShape.model_validate(one) for one in table.columns],
                    rows=[list(row) for row in table.rows],
                    total=list(table.total),
                )
                for table in report.tables
            ],
        )
