"""The pages of commands and rollouts among the console's."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from nicegui import Client

from fleet.console import frame
from fleet.console.acting import Acting
from fleet.console.desk import Make
from fleet.console.driftpage import DriftPage
from fleet.console.neworder import NewOrder
from fleet.console.newrollout import NewRollout
from fleet.console.orderlist import OrderList
from fleet.console.orderpage import OrderPage
from fleet.console.rolloutlist import RolloutList
from fleet.console.rolloutpage import RolloutPage
from fleet.errors import RolloutError
from fleet.people.office import People
from fleet.rollouts.desk import RolloutDesk


class ActPages:
    """`page` and `lost`: the console's own ways to show one, and to say that there is none."""

    def __init__(
        self, office: RolloutDesk, people: People | None,
        page: Callable[[Client, Request, Make], Awaitable[None]],
        lost: Callable[[Client, Request, str, str], None],
    ) -> None:  # fmt: skip
        self._office, self._people, self._page, self._lost = office, people, page, lost

    def mount(self) -> None:
        """Before the console's last page, which takes what is left."""
        frame.page("/commands")(self.orders)
        frame.page("/commands/new")(self.new_order)
        frame.page("/commands/{order}")(self.order)
        frame.page("/rollouts")(self.rollouts)
        frame.page("/rollouts/new")(self.new_rollout)
        frame.page("/rollouts/drift")(self.drift)
        frame.page("/rollouts/{rollout}")(self.rollout)

    async def orders(self, client: Client, request: Request) -> None:
        acting = Acting(request, self._people)
        await self._page(
            client, request, lambda desk: OrderList(desk, self._office, acting, request)
        )

    async def new_order(self, client: Client, request: Request) -> None:
        acting = Acting(request, self._people)
        await self._page(
            client, request, lambda desk: NewOrder(desk, self._office, acting, request)
        )

    async def order(self, client: Client, request: Request, order: str) -> None:
        number = _number(order)
        if not await _there(self._office.view.order, number):
            self._lost(client, request, "lost.order", order)
            return
        acting = Acting(request, self._people)
        await self._page(
            client, request, lambda desk: OrderPage(desk, self._office, acting, number)
        )

    async def rollouts(self, client: Client, request: Request) -> None:
        acting = Acting(request, self._people)
        await self._page(client, request, lambda desk: RolloutList(desk, self._office, acting))

    async def new_rollout(self, client: Client, request: Request) -> None:
        acting = Acting(request, self._people)
        await self._page(client, request, lambda desk: NewRollout(desk, self._office, acting))

    async def drift(self, client: Client, request: Request) -> None:
        await self._page(client, request, lambda desk: DriftPage(desk, self._office))

    async def rollout(self, client: Client, request: Request, rollout: str) -> None:
        number = _number(rollout)
        if not await _there(self._office.view.rollout, number):
            self._lost(client, request, "lost.rollout", rollout)
            return
        acting = Acting(request, self._people)
        await self._page(
            client, request, lambda desk: RolloutPage(desk, self._office, acting, number)
        )


def _number(told: str) -> int:
    return int(told) if re.fullmatch(r"[0-9]{1,15}", told) else 0


async def _there(read: Callable[[int], object], number: int) -> bool:
    try:
        await run_in_threadpool(read, number)
    except RolloutError:
        return False
    return True
