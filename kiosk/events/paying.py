"""Around payment: the page's, then the steps' own."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.events.base import Event

# ---- Posted by screens ----


class PaymentDeclined(Event):
    """The citizen can't pay by phone, or not now: what else is there?"""


class PaymentResumed(Event):
    """Back to the code."""


class PaymentAgain(Event):
    """A new code is wanted, after one that came to nothing."""


class PaymentAtDesk(Event):
    """A queue ticket for the desk is wanted; nothing is submitted here."""


# ---- Posted by the session ----


class PaymentHeard(Event):
    """How the payment stands has been asked; it is in the visit's bills."""


class PaymentsMade(Event):
    """Everything is paid; the case can be written."""


@dataclass(frozen=True, slots=True)
class PaymentFailed(Event):
    """No payment could be begun. `reason`: journal_full."""

    reason: str
