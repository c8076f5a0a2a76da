"""What every platform's answer must keep before the fleet believes it, and what kind a case is."""

from __future__ import annotations

from collections.abc import Mapping

from fleet.platform.contract import Decision, PlatformError, Reason, Standing
from kiosk.services.item import Item
from kiosk.wire import CasePayload

PENDING = frozenset(
    {
        Reason.REVIEW, Reason.IDENTITY_CHECK, Reason.ACCEPTED_ON_BEHALF, Reason.CARRIED,
        Reason.RARE_CHARACTER, Reason.MATERIALS,
    }
)  # fmt: skip
REFUSED = frozenset(Reason) - PENDING - {Reason.NONE}
FITTING: Mapping[Standing, frozenset[Reason]] = {
    Standing.APPROVED: frozenset({Reason.NONE}),
    Standing.PENDING: PENDING,
    Standing.REFUSED: REFUSED,
}
LONGEST = 64  # characters of a number or a code


def sound(decision: Decision) -> Decision:
    """The same decision, if its parts agree with each other. Raises `PlatformError`."""
    given = decision.certificate_no or decision.result or decision.table
    wrong = (
        decision.reason not in FITTING[decision.state]
        or (decision.state is not Standing.APPROVED and given)
        or (decision.state is not Standing.PENDING and decision.due_date)
        or len(decision.certificate_no) > LONGEST
    )
    if wrong:
        raise PlatformError("the answer contradicts itself")
    return decision


def kind(case: CasePayload, items: Mapping[str, Item]) -> str:
    """Our word for the kind of this case; empty: an item that the catalogue does not hold."""
    item = items.get(case.task_code)
    if item is None:
        return ""
    if case.bundle:
        return "joint"
    return "forwarded" if case.handling == "carry" else item.kind.value
