"""What an ingest has done since it last said so; a worker process says it to the manager."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec


class Took(msgspec.Struct, frozen=True, omit_defaults=True):
    """`messages`: leaf of the topic → how many. `seconds`: of each transaction.

    `ready`: subscribed at the broker; `healthy`: its last transaction was committed.
    """

    messages: Mapping[str, int] = {}
    dropped: int = 0
    records: int = 0
    repeated: int = 0
    gaps: int = 0
    dead_letters: int = 0
    outdated: int = 0
    failures: int = 0
    seconds: list[float] = []
    ready: bool = True
    healthy: bool = True


class Counts(Protocol):
    """Who is told."""

    def took(self, took: Took) -> None: ...
