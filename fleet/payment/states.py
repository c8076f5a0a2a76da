"""An order's states, in one table.

1. Nothing but the provider's word makes an order paid; nothing but a case makes it settled.
2. An order that was given up (closed, expired, refused) is never paid again: money that still
   comes goes back.
3. Settled money goes back only when the office refuses the case.
"""

from __future__ import annotations

from enum import StrEnum


class OrderState(StrEnum):
    OPEN = "open"
    PAID = "paid"  # the money is held until its case comes
    SETTLED = "settled"  # a case has claimed it
    REFUSED = "refused"  # by the provider, or by the payer's bank
    EXPIRED = "expired"
    CLOSED = "closed"  # by the terminal
    REFUNDING = "refunding"
    REFUNDED = "refunded"


class Happened(StrEnum):
    """`ACCEPTED`: good money came; `SURPLUS`: money came that has to go back."""

    ACCEPTED = "accepted"
    SURPLUS = "surplus"
    REFUSED = "refused"
    EXPIRED = "expired"
    CLOSED = "closed"  # the terminal gives it up
    CLAIMED = "claimed"
    CASE_REFUSED = "case_refused"
    UNCLAIMED = "unclaimed"  # no case has come in all that time
    RETURNED = "returned"  # everything that had to go back has gone


class Why(StrEnum):
    """Why money goes back."""

    LATE = "late"  # the order had been given up
    DOUBLED = "doubled"  # it was paid already
    WRONG_AMOUNT = "wrong_amount"
    ABANDONED = "abandoned"  # paid, and then the visit ended without a case
    UNCLAIMED = "unclaimed"
    CASE_REFUSED = "case_refused"


GIVEN_UP = (OrderState.CLOSED, OrderState.EXPIRED, OrderState.REFUSED)

S, H = OrderState, Happened
_NEXT: dict[tuple[OrderState, Happened], OrderState] = {
    (S.OPEN, H.ACCEPTED): S.PAID,
    (S.OPEN, H.SURPLUS): S.REFUNDING,  # of a wrong amount
    (S.OPEN, H.REFUSED): S.REFUSED,
    (S.OPEN, H.EXPIRED): S.EXPIRED,
    (S.OPEN, H.CLOSED): S.CLOSED,
    (S.PAID, H.CLAIMED): S.SETTLED,
    (S.PAID, H.CLOSED): S.REFUNDING,
    (S.PAID, H.UNCLAIMED): S.REFUNDING,
    (S.SETTLED, H.CASE_REFUSED): S.REFUNDING,
    **{(state, H.SURPLUS): S.REFUNDING for state in (*GIVEN_UP, S.REFUNDED)},
    (S.REFUNDING, H.RETURNED): S.REFUNDED,
}


def after(state: OrderState, happened: Happened) -> OrderState:
    """What is not in the table changes nothing."""
    return _NEXT.get((state, happened), state)
