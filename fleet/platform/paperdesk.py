"""The fleet's own desk for papers: whoever approved a case, its certificate is made here, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from fleet.certificates.compose import ComposeError
from fleet.certificates.facts import Pair
from fleet.certificates.issue import Issuer
from fleet.certificates.keys import KeysError
from fleet.platform import rules
from fleet.platform.contract import Decision, PlatformError, Reason, Standing
from fleet.platform.register import Register
from fleet.platform.registers import look_up
from kiosk.services import workdays
from kiosk.services.item import Item
from kiosk.wire import CasePayload


class Papers(Protocol):
    def issue(self, case: CasePayload, decision: Decision) -> Decision:
        """`decision` with its sealed certificate, if it has a number; the same one each time.

        Pending where the paper has to be made by hand. Raises `PlatformError`.
        """


class PaperDesk:
    """Implements `Papers`. Thread-safe; several processes may share `var`."""

    def __init__(
        self,
        var: Path,
        trust: Path,
        authority: Pair,
        clock: Callable[[], datetime],
        items: Iterable[Item] = (),
    ) -> None:
        self._clock = clock
        self._items = {item.task_code: item for item in items if item.template}
        self._register = Register(var / "papers")
        try:
            self._issuer = Issuer(var, trust, authority, clock())
        except (KeysError, OSError) as error:
            raise PlatformError(str(error)) from error

    def issue(self, case: CasePayload, decision: Decision) -> Decision:
        if decision.state is not Standing.APPROVED or not decision.certificate_no:
            return decision
        try:
            bare = msgspec.structs.replace(case, materials=[])  # they may be supplemented
            return self._register.once(bare, lambda: self._make(case, decision))
        except OSError as error:
            raise PlatformError(f"the register cannot be used: {error.strerror}") from error

    def _make(self, case: CasePayload, decision: Decision) -> Decision:
        now = self._clock()
        item = self._items.get(case.task_code)
        if item is None:
            raise PlatformError("there is no paper for this item")
        try:
            pdf = self._certify(item, case, decision.certificate_no, now)
        except ComposeError:
            return rules.pending(Reason.RARE_CHARACTER, workdays.after(now.date(), 1))
        return replace(decision, certificate=pdf)

    def _certify(self, item: Item, case: CasePayload, number: str, now: datetime) -> bytes:
        facts = look_up(item, case.applicant.number, case.answers, now.date())
        if facts is None:
            raise PlatformError("the registers do not say what the paper needs")
        return self._issuer.certify(item, case.applicant, facts, number, now)
