"""What did earlier cases of a person leave? Asked sealed, answered with proof."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from kiosk import wire
from kiosk.gateway.line import decoded
from kiosk.gateway.proven import ProvenLine


class _Asked(msgspec.Struct, frozen=True):
    kinds: list[str]


class _Told(msgspec.Struct, frozen=True):
    filed: list[wire.Filed]


class HttpArchive:
    """Implements `kiosk.session.archive.Archive`."""

    def __init__(self, line: ProvenLine) -> None:
        self._line = line

    async def on_file(
        self, number: str, kinds: Collection[str], seconds: float
    ) -> Sequence[wire.Filed] | None:
        asked = _Asked(sorted(kinds))
        body = await self._line.ask(wire.EARLIER, wire.EARLIER_PURPOSE, asked, seconds, number)
        told = decoded(body, _Told)
        return None if told is None else told.filed

    async def end(self) -> None:
        await self._line.end()
