"""What became of a message, whatever way it took."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Result(StrEnum):
    SENT = "sent"
    REFUSED = "refused"  # it was not taken, for certain
    UNSURE = "unsure"  # the answer was lost: it may have arrived


@dataclass(frozen=True, slots=True)
class Sent:
    """`fault`: a code, never an answer's own words."""

    result: Result
    fault: str = ""


class Sender(Protocol):
    def send(self, delivery: str, body: str) -> Sent: ...
