"""A store with cases, ratings and a history of service, as reports read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fleet.handling.states import Phase
from fleet.store.database import Store
from fleet.store.handling_tables import handling_cases, handling_ratings
from fleet.store.report_tables import serving_history
from fleet.store.tables import cases, counters
from kiosk.services.calendar import CHINA
from kiosk.services.item import Item
from kiosk.services.load import load_catalogue

CATALOGUE = Path("config/catalogue")


def items() -> dict[str, Item]:
    return {item.task_code: item for item in load_catalogue(CATALOGUE).items}


def at(day: str, clock: str = "10:00:00") -> float:
    """Epoch seconds of a moment in China."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=CHINA).timestamp()


@dataclass
class Books:
    """Writes rows as the desk does. `opened`: False: the desk has not yet taken note."""

    store: Store
    written: int = 0

    def case(
        self,
        received: float,
        phase: Phase = Phase.COMPLETION,
        ended: float | None = None,
        *,
        task_code: str = "T1",
        terminal: str = "KT-0001",
        due: str = "",
        reason: str = "",
        opened: bool = True,
    ) -> str:
        self.written += 1
        case_no = f"SX-{self.written:06}"
        row: dict[str, Any] = {"case_no": case_no, "terminal": terminal, "task_code": task_code}
        with self.store.write() as connection:
            connection.execute(
                cases.insert().values(
                    **row, kind="instant", sealed="", state="received", received_at=received
                )
            )
            if opened:
                connection.execute(
                    handling_cases.insert().values(
                        **row,
                        phase=phase.value,
                        person="P",
                        reason=reason,
                        due_date=due,
                        opened_at=received,
                        ended_at=ended,
                    )
                )
        return case_no

    def rating(self, case_no: str, level: int, moment: float, *tags: str) -> None:
        self.written += 1
        with self.store.write() as connection:
            connection.execute(
                handling_ratings.insert().values(
                    case_no=case_no,
                    terminal="KT-0001",
                    journal="j",
                    seq=self.written,
                    level=level,
                    tags=",".join(tags),
                    at=moment,
                )
            )

    def history(self, terminal: str, changes: Iterable[tuple[float, str]]) -> None:
        rows = [{"terminal": terminal, "since": since, "serving": w} for since, w in changes]
        with self.store.write() as connection:
            connection.execute(serving_history.insert(), rows)

    def watched(self, moment: float) -> None:
        with self.store.write() as connection:
            connection.execute(
                counters.insert().values(name="serving.watched_at", value=int(moment))
            )


def a_year(books: Books) -> date:
    """Some of everything, with ends on the other side of midnights; returns its first day."""
    known = sorted(items())
    for number in range(60):
        day = f"2026-{1 + number % 12:02}-{1 + number % 28:02}"
        case_no = books.case(
            at(day, "23:59:59" if number % 2 else "00:00:00"), ended=at(day, "23:59:59.5"),
            task_code=known[number % 7], terminal=f"KT-{number % 5:04}", due=day,
        )  # fmt: skip
        if number % 3 == 0:
            books.rating(case_no, 5 - number % 5, at(day), "clear")
    books.case(at("2026-03-01"), Phase.HANDLING, task_code="GONE")
    books.case(at("2026-03-02"), Phase.CORRECTION)
    books.case(at("2026-03-02"), Phase.ACCEPTANCE)
    books.case(at("2026-03-03"), opened=False)
    books.case(at("2026-03-03"), Phase.REFUSED, at("2026-03-09"), due="2026-03-06", reason="unpaid")
    books.case(
        at("2026-03-04"), Phase.NOT_ACCEPTED, at("2026-03-05"), due="2026-03-04",
        reason="not_supplemented",
    )  # fmt: skip
    books.case(at("2026-03-04"), Phase.NOT_ACCEPTED, at("2026-03-04"), reason="withdrawn")
    books.case(at("2025-12-31", "23:59:59"), ended=at("2026-01-01", "00:00:00"), due="2025-12-31")
    books.history("KT-0000", [(at("2026-01-01"), "yes"), (at("2026-07-01"), "no")])
    books.history("KT-0001", [(at("2026-01-01"), "partly")])
    return date(2026, 1, 1)
