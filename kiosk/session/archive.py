"""What earlier cases of a person left: a port of the session's, like those of `kiosk.ports`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from kiosk.wire import Filed


class Archive(Protocol):
    async def on_file(
        self, number: str, kinds: Collection[str], seconds: float
    ) -> Sequence[Filed] | None:
        """What this person's earlier cases hold of these kinds (`Material.kinds`); None: no answer.

        `number` is that of the person's card; it must leave the terminal encrypted only.
        """
