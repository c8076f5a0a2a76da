"""What can go wrong at a back end, switched on in its state file while it runs.

`<name>.json` in its folder, read again at each request; missing keys have the first value:
`fault`: null, a name of `Fault`, or a list of which one is drawn for each request;
`seconds`: 1.0, of `late`, and between two bytes of `drip`;
`rate`: 1.0, the share of requests that it befalls;
`async_seconds`: 0.05, how long the city ponders before a promise item is taken.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec


class Fault(StrEnum):
    LATE = "late"  # the answer comes, but after `seconds`
    DOUBLED = "doubled"  # the answer comes twice in one
    MALFORMED = "malformed"  # half of the answer, and garbage
    CUT_BEFORE = "cut_before"  # the connection ends before anything was done
    CUT_AFTER = "cut_after"  # … after it was done, before the answer
    CUT_MIDDLE = "cut_middle"  # … in the middle of the answer
    ERROR = "error"  # 500 before anything was done
    ERROR_AFTER = "error_after"  # 500 after it was done
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - every token and session is forgotten
    DRIP = "drip"  # the answer comes byte by byte
    OTHER = "other"  # the answer to the request before
    AWAY = "away"  # connections are taken and closed


class State(msgspec.Struct, frozen=True):
    """As the state file says it."""

    fault: Fault | list[Fault] | None = None
    seconds: float = 1.0
    rate: float = 1.0
    async_seconds: float = 0.05


@dataclass(frozen=True, slots=True)
class Befalls:
    fault: Fault | None
    seconds: float


class Faults:
    """A file that is missing or cannot be read means that all is well."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._draw = random.Random()

    def state(self) -> State:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=State)
        except (OSError, msgspec.DecodeError):
            return State()

    def draw(self) -> Befalls:
        """What befalls the next request."""
        state = self.state()
        listed = state.fault if isinstance(state.fault, list) else [state.fault]
        if not listed or self._draw.random() >= state.rate:
            return Befalls(None, state.seconds)
        return Befalls(self._draw.choice(listed), state.seconds)
