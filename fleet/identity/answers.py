"""What a terminal is told about a code or a PIN."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """Why it was not accepted, or not sent; the terminals' own words (`SecretFault`)."""

    WRONG = "wrong"
    EXPIRED = "expired"
    LOCKED = "locked"
    NOT_REGISTERED = "not_registered"
    TOO_SOON = "too_soon"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Answer:
    """`fault` None: accepted. `wait`: seconds until it is worth asking again."""

    fault: Fault | None = None
    tries_left: int | None = None
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A code is on its way to `phone` (masked); usable for `seconds`, the next one in `again`."""

    challenge: str = field(repr=False)
    phone: str = field(repr=False)
    seconds: int
    again: int


def seconds_until(moment: float, now: float) -> int:
    """At least one: what is not yet over is never told as over."""
    return max(1, round(moment - now))
