"""Records of a journal that was set aside: a batch, its acknowledgement, the next."""

from __future__ import annotations

from kiosk import wire
from kiosk.agent.outbox import PATIENCE_SECONDS, cut
from kiosk.journal.rescued import Rescued

BATCH = 200  # records at most


class Stragglers:
    def __init__(self, rescued: Rescued) -> None:
        self._rescued = rescued
        self._next = 0.0

    def next_batch(self, now: float) -> list[wire.Record]:
        """[] while the one before is under way, or when nothing waits."""
        if now < self._next:
            return []
        self._next = now + PATIENCE_SECONDS
        return cut(self._rescued.records(BATCH), live_from=2**63)

    def acknowledged(self, ack: wire.Ack) -> None:
        if self._rescued.acknowledged(ack):
            self._next = 0.0
