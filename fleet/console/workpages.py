"""The pages of work orders among the console's."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from nicegui import Client

from fleet.console import frame
from fleet.console.acting import Acting
from fleet.console.desk import Make
from fleet.console.worklines import PATH
from fleet.console.worklist import WorkList
from fleet.console.workpage import WorkPage
from fleet.errors import WorkError
from fleet.handling.answering import AnswerDesk
from fleet.people.office import People


class WorkPages:
    """`page` and `lost`: the console's own ways to show one, and to say that there is none."""

    def __init__(
        self, office: AnswerDesk, people: People | None,
        page: Callable[[Client, Request, Make], Awaitable[None]],
        lost: Callable[[Client, Request, str, str], None],
    ) -> None:  # fmt: skip
        self._office, self._people, self._page, self._lost = office, people, page, lost

    def mount(self) -> None:
        """Before the console's last page, which takes what is left."""
        frame.page(PATH)(self.every)
        frame.page(PATH + "/{number}")(self.one)

    async def every(self, client: Client, request: Request) -> None:
        acting = Acting(request, self._people)
        await self._page(
            client, request, lambda desk: WorkList(desk, self._office.view, acting, request)
        )

    async def one(self, client: Client, request: Request, number: str) -> None:
        if not await self._there(number):
            self._lost(client, request, "lost.work", number)
            return
        acting = Acting(request, self._people)
        await self._page(client, request, lambda desk: WorkPage(desk, self._office, acting, number))

    async def _there(self, number: str) -> bool:
        if not re.fullmatch(r"[A-Z0-9-]{1,64}", number):
            return False
        try:
            await run_in_threadpool(self._office.view.one, number)
        except WorkError:
            return False
        return True
