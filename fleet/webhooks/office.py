"""Webhooks as one part of a fleet manager: the herald, and a postman for each."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from fleet.alarms.channels import Webhook
from fleet.alarms.postman import Postman
from fleet.store.database import Store
from fleet.webhooks.cloud import MEDIA_TYPE
from fleet.webhooks.herald import Herald
from fleet.webhooks.hooks import Hook, check


class WebhookOffice:
    """Raises `StartError` for settings that are not sound."""

    def __init__(
        self, store: Store, tenant: str, hooks: Sequence[Hook],
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        check(hooks)
        self._herald = Herald(store, tenant, hooks, clock)
        self._postmen = [
            Postman(store, one.channel, Webhook(one.address, clock, MEDIA_TYPE), clock)
            for one in hooks
        ]

    def start(self) -> None:
        for postman in self._postmen:
            postman.start()
        self._herald.start()

    @property
    def healthy(self) -> bool:
        return self._herald.healthy and all(one.healthy for one in self._postmen)

    def stop(self) -> None:
        """All are asked first, so that they end together."""
        for part in (self._herald, *self._postmen):
            part.ask_to_stop()
        for part in (self._herald, *self._postmen):
            part.stop()
