"""What outside does to the simulated provider: one JSON file, read again whenever it is asked.

Missing keys have the first value.

| key | values |
|---|---|
| `payer` | null, `pay`, `refuse`, `twice` (two phones pay one code), `too_much` (one fen more), `late` (even when the order is over) |
| `order` | null: the newest code; or the number of an order |
| `callback` | `once`, `lost`, `twice`, `forged`, `forged_first`, `unknown_order` |
| `answer` | `ok`, `silent`, `garbage`, `unsigned`, `lost` (it acts, and the answer never comes), `paid_first` (an order is paid, and told, before the answer to it), `refused` |
| `statement` | `ok`, `leaves_out`, `adds`, `wrong_amount`, `twice` |
| `power` | `on`, `off` (every connection is refused with 503, unsigned) |

Writing `payer` is one act: each writing of the file counts once.
"""  # noqa: E501 - a table

from __future__ import annotations

import threading
from enum import StrEnum
from pathlib import Path

import msgspec

from fleet.payment.messages import decoded


class Payer(StrEnum):
    PAY = "pay"
    REFUSE = "refuse"
    TWICE = "twice"
    TOO_MUCH = "too_much"
    LATE = "late"


class Callback(StrEnum):
    ONCE = "once"
    LOST = "lost"
    TWICE = "twice"
    FORGED = "forged"
    FORGED_FIRST = "forged_first"
    UNKNOWN_ORDER = "unknown_order"


class Answering(StrEnum):
    OK = "ok"
    SILENT = "silent"
    GARBAGE = "garbage"
    UNSIGNED = "unsigned"
    LOST = "lost"
    PAID_FIRST = "paid_first"
    REFUSED = "refused"


class Stating(StrEnum):
    OK = "ok"
    LEAVES_OUT = "leaves_out"
    ADDS = "adds"
    WRONG_AMOUNT = "wrong_amount"
    TWICE = "twice"


class Power(StrEnum):
    ON = "on"
    OFF = "off"


class State(msgspec.Struct, frozen=True):
    payer: Payer | None = None
    order: str | None = None
    callback: Callback = Callback.ONCE
    answer: Answering = Answering.OK
    statement: Stating = Stating.OK
    power: Power = Power.ON


class Hand:
    """A file that cannot be read, or says something else, changes nothing."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._state = State()
        self._acted = True

    @property
    def state(self) -> State:
        with self._lock:
            self._read()
            return self._state

    def act(self) -> State | None:
        """Once for each writing that names a payer."""
        with self._lock:
            self._read()
            if self._acted or self._state.payer is None:
                return None
            self._acted = True
            return self._state

    def _read(self) -> None:
        try:
            stat = self._file.stat()
            written = (stat.st_mtime_ns, stat.st_ino)
            if written == self._seen:
                return
            told = decoded(self._file.read_bytes(), State)
        except OSError:
            return
        self._seen = written
        if told is not None:
            self._state = told
            self._acted = False
