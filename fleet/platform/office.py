"""An office: takes cases, decides or walks them through their steps, and reports what ended.

The sample platform has one in its own process, each simulated back end one in its.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import msgspec

from fleet.platform import deciding, given, walk
from fleet.platform.book import Book, Row
from fleet.platform.contract import Decision, Reason, Standing, StepEnd, StepReport
from kiosk import wire
from kiosk.services.item import Item
from kiosk.wire import CasePayload

PAGE = 50  # reports at a time
REASONS: Mapping[Reason, tuple[str, str]] = {
    Reason.MATERIALS: ("材料不齐，请补交", "A material is missing; please hand it in"),
    Reason.NOT_INSURED: ("未查到登记", "No record was found"),
}


class Supplemented(StrEnum):
    TAKEN = "taken"
    UNKNOWN = "unknown"  # there is no such case
    OTHER = "other"  # more than its materials differs


class Office:
    """Thread-safe. `clock` carries the office's time zone. Raises `PlatformError`.

    `day_seconds`: how long a day of the handling lasts here; 0: as long as everywhere. Days that
    are promised, and the times of reports, are real ones all the same.
    """

    def __init__(
        self,
        file: Path,
        items: Sequence[Item],
        look_up: deciding.LookUp,
        clock: Callable[[], datetime],
        unmatched: bool,
        *,
        day_seconds: float = 0.0,
    ) -> None:
        self.book = Book(file)
        self._items = {item.task_code: item for item in items}
        self._look_up = look_up
        self._clock = clock
        self._unmatched = unmatched
        self._day_seconds = day_seconds

    def item(self, task_code: str) -> Item | None:
        return self._items.get(task_code)

    def hand_over(self, case: CasePayload) -> tuple[Decision, bool]:
        """The decision, kept before it is told; and was the case here before?"""
        application, base = _digest(case), _digest(_bare(case))
        with self.book.change():
            known = self.book.find(case.case_no)
            if known is not None:
                self.book.count_again(case.case_no)
                same = known.application == application
                reused = Decision(Standing.REFUSED, reason=Reason.CASE_REUSED)
                return (known.decision if same else reused), True
            decision = self._decide(case)
            ended = None if decision.state is Standing.PENDING else decision
            back = _held_up(decision)
            today = self._today()
            row = Row(case.case_no, application, base, case, decision, ended, today, sent_back=back)
            self.book.add(row)
            self.book.begin(case.case_no, self._now().timestamp())
            if back:
                self._send_back(case, walk.first(self._items[case.task_code]).code)
        return decision, False

    def supplement(self, case: CasePayload) -> Supplemented:
        """The clock of a case that was sent back begins again on this day."""
        with self.book.change():
            known = self.book.find(case.case_no)
            if known is None:
                return Supplemented.UNKNOWN
            if known.base != _digest(_bare(case)):
                return Supplemented.OTHER
            item = self._items.get(case.task_code)
            if known.case == case or known.conclusion is not None or item is None:
                return Supplemented.TAKEN
            step = self._stuck_at(item, case.case_no)
            back = known.sent_back and bool(_outstanding(item, case, step))
            accepted = self._today() if known.sent_back else known.accepted
            self.book.replace(case, accepted, back)
            if known.sent_back:
                self.book.begin(case.case_no, self._now().timestamp())
            if back:
                self._send_back(case, step)
        return Supplemented.TAKEN

    def concluded(self, case_no: str) -> Decision | None:
        with self.book.change():
            known = self.book.find(case_no)
            return known.conclusion if known else None

    def advance(self, days: float) -> int:
        """Put this office's clock forward and let the cases walk; how many steps ended."""
        with self.book.change():
            self.book.put_forward(days * 86400)
        return self.walk()

    def walk(self) -> int:
        """Let every case go as far as it has come by now; how many steps ended."""
        with self.book.change():
            return sum(self._walk(case_no) for case_no in self.book.open_cases())

    def reports(self, after: int, unfetched: bool = False) -> list[tuple[int, StepReport]]:
        with self.book.change():
            return self.book.reports(after, PAGE, unfetched)

    # ---- one case ----------------------------------------------------------------------------

    def _decide(self, case: CasePayload) -> Decision:
        item = self._items.get(case.task_code)
        if item is None:
            return Decision(Standing.REFUSED, reason=Reason.UNKNOWN_ITEM)
        return deciding.decide(item, case, self._unmatched, self._today(), self._look_up)

    def _walk(self, case_no: str) -> int:
        row = self.book.find(case_no)
        item = self._items.get(row.case.task_code) if row else None
        if row is None or item is None:
            return 0
        count = 0
        while count < len(walk.steps(item)):
            waiting = walk.due(item, row.accepted, self.book.ended(case_no))
            if not waiting or waiting[0][0] > self._day_of(row):
                break
            day, step = waiting[0]
            if step.code == walk.gate(item) and _outstanding(item, row.case, step.code):
                self._send_back(row.case, step.code)
                return count
            self._end(row.case, step.code, day, last=len(waiting) == 1)
            count += 1
        return count

    def _end(self, case: CasePayload, step: str, day: date, last: bool) -> None:
        item = self._items[case.task_code]
        self.book.end(case.case_no, step, day)
        ending, words = StepEnd.DONE, ("", "")
        if last and len(self.book.ended(case.case_no)) == len(walk.steps(item)):
            known_on = min(day, self._today())  # short days run ahead of the registers
            result = deciding.conclude(item, case, known_on, self._look_up)
            self.book.conclude(case.case_no, result)
            if result.state is Standing.REFUSED:
                ending, words = StepEnd.REFUSED, REASONS.get(result.reason, ("", ""))
        self._report(case.case_no, step, ending, (), words)

    def _send_back(self, case: CasePayload, step: str) -> None:
        codes = _outstanding(self._items[case.task_code], case, step)
        self.book.send_back(case.case_no)
        self._report(case.case_no, step, StepEnd.SENT_BACK, codes, REASONS[Reason.MATERIALS])

    def _report(
        self, case_no: str, step: str, end: StepEnd, codes: tuple[str, ...], words: tuple[str, str]
    ) -> None:
        at = self._now().isoformat(timespec="seconds")
        person = walk.clerk(case_no, step)
        self.book.report(StepReport(case_no, step, end, at, person, codes, words))

    def _stuck_at(self, item: Item, case_no: str) -> str:
        return walk.gate(item) if self.book.ended(case_no) else walk.first(item).code

    def _now(self) -> datetime:
        return self._clock() + timedelta(seconds=self.book.ahead())

    def _today(self) -> date:
        return self._now().date()

    def _day_of(self, row: Row) -> date:
        """How far this case has come: today, or further where days are short."""
        begun = self.book.begun(row.case_no) if self._day_seconds > 0 else None
        if begun is None:
            return self._today()
        days = (self._now().timestamp() - begun) / self._day_seconds
        return max(self._today(), row.accepted + timedelta(days=int(days)))


def _outstanding(item: Item, case: CasePayload, step: str) -> tuple[str, ...]:
    """What keeps this step from ending."""
    later = given.promised(item, case) if step == walk.gate(item) else ()
    return given.missing(item, case) + later


def _held_up(decision: Decision) -> bool:
    """Sent back at once: no day is promised before everything is there."""
    return decision.reason is Reason.MATERIALS and not decision.due_date


def _bare(case: CasePayload) -> CasePayload:
    return msgspec.structs.replace(case, materials=[])


def _digest(case: CasePayload) -> str:
    return hashlib.sha256(wire.encode(case)).hexdigest()
