"""The parts of payments put together; what the fleet manager starts and stops."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from fleet.identity.door import Door
from fleet.payment import notices, routes
from fleet.payment.claims import Claims
from fleet.payment.http import HttpProvider
from fleet.payment.items import Items
from fleet.payment.notices import Notices
from fleet.payment.orders import SECONDS, Orders
from fleet.payment.paid import PaidPlatform
from fleet.payment.worker import PaymentWorker
from fleet.platform.contract import Platform
from fleet.store.database import Store


class PaymentOffice:
    """`provider` None: nobody takes payments, and what costs anything is refused as unpaid.

    `seconds`: how long a code on a terminal's screen can be paid.
    """

    def __init__(
        self, store: Store, provider: HttpProvider | None, items: Items, seconds: float = SECONDS
    ) -> None:
        self.claims = Claims(store, items)
        self._provider = provider
        if provider is not None:
            self._worker = PaymentWorker(store, provider)
            self._orders = Orders(store, provider, items, seconds=seconds)
            self._notices = Notices(store, provider.public_key, self._worker.wake)

    def start(self) -> None:
        if self._provider is not None:
            self._worker.start()

    def stop(self) -> None:
        if self._provider is not None:
            self._worker.stop()
            self._provider.end()

    @property
    def healthy(self) -> bool:
        return self._provider is None or self._worker.healthy

    def guard(self, platform: Platform) -> Platform:
        """The same platform, given paid cases only."""
        return PaidPlatform(platform, self.claims)

    def routers(self, door: Door, known_terminal: Any) -> list[APIRouter]:
        """Of terminals, and of the provider. `known_terminal`: the gateway's dependency."""
        if self._provider is None:
            return []
        return [
            routes.router(self._orders, door, known_terminal),
            notices.router(self._notices),
        ]
