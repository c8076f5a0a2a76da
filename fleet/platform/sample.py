"""The built-in sample platform: an `office` in the fleet's own process, and the desk for papers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from fleet.certificates.facts import Pair
from fleet.platform.clerk import Clerk
from fleet.platform.contract import Decision, PlatformError, StepReport
from fleet.platform.office import Office, Supplemented
from fleet.platform.paperdesk import PaperDesk
from fleet.platform.registers import look_up
from kiosk.services.item import Item
from kiosk.wire import CasePayload

CHINA = timezone(timedelta(hours=8))


def china_now() -> datetime:
    return datetime.now(CHINA)


class SamplePlatform:
    """Implements `contract.Platform`, `Reporting`, `Concluding`. Thread-safe; several processes
    may share `var`. `items`: all that it handles. `day_seconds`: see `office.Office`."""

    def __init__(
        self,
        var: Path,
        trust: Path,
        accept_unmatched_face: bool,
        authority_zh: str,
        authority_en: str,
        *,
        items: Iterable[Item],
        clock: Callable[[], datetime] = china_now,
        day_seconds: float = 0.0,
    ) -> None:
        known = tuple(items)
        self.papers = PaperDesk(var, trust, Pair(authority_zh, authority_en), clock, known)
        self.office = Office(
            var / "office.db", known, look_up, clock, accept_unmatched_face,
            day_seconds=day_seconds,
        )  # fmt: skip
        self._clerk = Clerk(self.office)

    def start(self) -> None:
        """From now on somebody works at this office; without it, cases stay where they are."""
        self._clerk.start()

    def close(self) -> None:
        self._clerk.stop()
        self.office.book.close()

    def decide(self, case: CasePayload) -> Decision:
        """See `contract.Platform`. Raises `PlatformError`: nothing was decided, ask again."""
        decision, _ = self.office.hand_over(case)
        return self.papers.issue(case, decision)

    def reports(self, after: str) -> tuple[list[StepReport], str]:
        """See `contract.Reporting`. The place is the number of the last report."""
        if after and not (after.isascii() and after.isdecimal() and len(after) < 19):
            raise PlatformError("no place of this platform")
        found = self.office.reports(int(after or 0))
        return [report for _, report in found], str(found[-1][0]) if found else after

    def supplement(self, case: CasePayload) -> None:
        """See `contract.Reporting`."""
        if self.office.supplement(case) is not Supplemented.TAKEN:
            raise PlatformError("the materials were not taken")

    def concluded(self, case: CasePayload) -> Decision | None:
        """See `contract.Concluding`."""
        decision = self.office.concluded(case.case_no)
        return self.papers.issue(case, decision) if decision else None
