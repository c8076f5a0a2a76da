"""Secrets that stand for a person: service PINs, one-time codes, the PINs of staff."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class SecretFault(StrEnum):
    """Why a secret was not accepted, or no code was sent; text `error.secret.<value>`."""

    WRONG = "wrong"
    EXPIRED = "expired"  # the code is too old, or was used: a new one is needed
    LOCKED = "locked"  # too many wrong ones: `wait` seconds from now
    NOT_REGISTERED = "not_registered"  # this person has no phone, or no PIN, on file
    TOO_SOON = "too_soon"  # a code was sent just now: `wait` seconds from now
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class SecretAnswer:
    """`fault` None: accepted. `tries_left` None: not told. `wait`: seconds."""

    fault: SecretFault | None = None
    tries_left: int | None = None
    wait: int = 0


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A one-time code is on its way. `challenge` names it; `phone` comes masked: 138****8000.

    `seconds`: how long it can be used; `again`: seconds until another may be asked for.
    """

    challenge: str = field(repr=False)
    phone: str = field(repr=False)
    seconds: int = 300
    again: int = 60
