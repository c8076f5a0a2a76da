"""Pages of supplies, sites, figures, cases and ratings: their addresses, and files of them."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from nicegui import Client

from fleet.console import caselist, chartpage, frame, ratingpage, sitepage
from fleet.console.acting import Acting
from fleet.console.casebook import CaseBook
from fleet.console.supplypage import FILE, PATH, SupplyPage, chosen, csv_file
from fleet.console.words import TONGUES, Words
from fleet.people.office import People
from fleet.reports.build import Reporter
from fleet.sites import Sites
from fleet.supplies.book import Supplies


class MorePages(ABC):
    """What `pages.Console` is besides."""

    _supplies: Supplies
    _sites: Sites
    _cases: CaseBook
    _people: People | None
    reporter: Reporter | None

    @abstractmethod
    async def _page(self, client: Client, request: Request, make: Callable[..., Any]) -> None: ...

    @abstractmethod
    def _say_lost(self, client: Client, request: Request, key: str, name: str) -> None: ...

    async def supplies(self, client: Client, request: Request) -> None:
        await self._page(client, request, lambda desk: SupplyPage(desk, self._sites, request))

    async def supplies_file(self, request: Request) -> Response:
        """The round as CSV. `show`: tomorrow or week; `language`: of its words."""
        asked = request.query_params.get("language", "")
        words = Words(next((one for one in TONGUES if one == asked), TONGUES[0]))
        outlook = await run_in_threadpool(self._supplies.outlook)
        span = chosen(request)
        name = f"supplies-{outlook.today}-{span}.csv"
        return Response(
            csv_file(words, outlook, span),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    async def sites(self, client: Client, request: Request) -> None:
        acting = Acting(request, self._people)
        await self._page(client, request, lambda desk: sitepage.SitePage(desk, self._sites, acting))

    async def charts(self, client: Client, request: Request) -> None:
        await self._page(
            client, request, lambda desk: chartpage.ChartPage(desk, self.reporter, request)
        )

    async def cases(self, client: Client, request: Request) -> None:
        await self._page(
            client, request, lambda desk: caselist.CaseList(desk, self._cases, request)
        )

    async def case(self, client: Client, request: Request, case_no: str) -> None:
        if await run_in_threadpool(self._cases.story, case_no, time.time()) is None:
            self._say_lost(client, request, "lost.case", case_no)
        else:
            await self._page(
                client, request, lambda desk: caselist.CasePage(desk, self._cases, case_no)
            )

    async def ratings(self, client: Client, request: Request) -> None:
        await self._page(client, request, lambda desk: ratingpage.RatingPage(desk, self._cases))

    def mount_more(self, app: FastAPI) -> None:
        app.add_api_route(FILE, self.supplies_file, include_in_schema=False)
        frame.page(PATH)(self.supplies)
        frame.page(sitepage.PATH)(self.sites)
        frame.page(chartpage.PATH)(self.charts)
        frame.page(caselist.PATH)(self.cases)
        frame.page(caselist.PATH + "/{case_no}")(self.case)
        frame.page(ratingpage.PATH)(self.ratings)
