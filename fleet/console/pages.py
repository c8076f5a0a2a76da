"""The console's pages on the fleet's FastAPI application."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from nicegui import Client, ui

from fleet.alarms.office import AlarmOffice
from fleet.console import frame
from fleet.console.acting import Acting
from fleet.console.actpages import ActPages
from fleet.console.alarmfeed import AlarmFeed
from fleet.console.alarmlist import AlarmList
from fleet.console.alarmpage import AlarmPage
from fleet.console.casebook import CaseBook
from fleet.console.desk import Desk, Make
from fleet.console.feed import Feed, Picture
from fleet.console.letterlist import LetterList
from fleet.console.more import MorePages
from fleet.console.overview import Overview
from fleet.console.parts import empty, text
from fleet.console.reportpage import ReportPage
from fleet.console.supplyfeed import SupplyFeed
from fleet.console.terminal import Terminal
from fleet.console.views import Views
from fleet.console.workpages import WorkPages
from fleet.handling.answering import AnswerDesk
from fleet.live import Live
from fleet.payment.items import Items
from fleet.people.office import People
from fleet.reports.build import Reporter
from fleet.rollouts.desk import RolloutDesk
from fleet.sites import Sites
from fleet.supplies.book import Supplies

TICK_SECONDS = 1.0
FIRST_SECONDS = 1.5  # a slower store gets a page that says "reading"
FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="8" fill="#1f5fbf"/>'
    '<path d="M9 7h14v11H9zM12 21h8v5h-8z" fill="#fff"/></svg>'
)


class Console(MorePages):
    """`title` '' takes the console's own words for it. `people`: who is signed in."""

    def __init__(
        self,
        live: Live,
        title: str,
        item_names: Mapping[str, tuple[str, str]],
        people: People | None = None,
        alarms: AlarmOffice | None = None,
        *,
        items: Items | None = None,
    ) -> None:
        self._feed = Feed(live)
        self._letters = live.letters
        self._supplies = Supplies(live.store, live)
        self._forecasts = SupplyFeed(self._supplies)
        self._sites = Sites(live.store)
        self._views = Views(live.store)
        self._cases = CaseBook(live.store, items)
        self._alarms = AlarmFeed(alarms) if alarms else None
        self._title = title
        self._item_names = item_names
        self._people = people
        self.reporter: Reporter | None = None

    async def overview(self, client: Client, request: Request) -> None:
        acting = Acting(request, self._people)
        await self._page(client, request, lambda desk: Overview(desk, request, acting.who.name))

    async def terminal(self, client: Client, request: Request, terminal: str) -> None:
        picture = await self._first()
        missing = picture is not None and all(row.id != terminal for row in picture.terminals)
        # The picture may be some seconds old; a terminal may be newer.
        if missing and await run_in_threadpool(self._feed.live.terminal, terminal) is None:
            self._say_lost(client, request, "lost.terminal", terminal)
        else:
            await self._page(client, request, lambda desk: Terminal(desk, terminal))

    async def alarms(self, client: Client, request: Request) -> None:
        acting = Acting(request, self._people)
        await self._page(
            client, request, lambda desk: AlarmList(desk, self._alarms, acting, request)
        )

    async def alarm(self, client: Client, request: Request, alarm: str) -> None:
        feed = self._alarms
        number = int(alarm) if re.fullmatch(r"[0-9]{1,15}", alarm) else 0
        if feed is None or await run_in_threadpool(feed.view.story, number) is None:
            self._say_lost(client, request, "lost.alarm", alarm)
            return
        acting = Acting(request, self._people)
        await self._page(client, request, lambda desk: AlarmPage(desk, feed, acting, number))

    async def letters(self, client: Client, request: Request) -> None:
        await self._page(client, request, lambda desk: LetterList(desk, self._letters))

    async def reports(self, client: Client, request: Request) -> None:
        await self._page(client, request, lambda desk: ReportPage(desk, self.reporter, request))

    def mount_acts(self, office: RolloutDesk) -> None:
        ActPages(office, self._people, self._page, self._say_lost).mount()

    def mount_work(self, office: AnswerDesk) -> None:
        WorkPages(office, self._people, self._page, self._say_lost).mount()

    async def lost(self, client: Client, request: Request, path: str) -> JSONResponse | None:
        if path.startswith(("api/", "_nicegui/")):
            return JSONResponse({"detail": "Not Found"}, 404)
        self._say_lost(client, request, "lost.page", path)
        return None

    async def _page(self, client: Client, request: Request, make: Make) -> None:
        around = frame.Frame(client, request, self._title)
        with around.main:
            named = around.words, self._feed, self._item_names
            page = make(Desk(*named, self._forecasts, self._views, self._alarms))

        people, caller = self._people, getattr(request.state, "caller", None)
        cookie = caller.cookie if caller else ""

        async def tick() -> None:
            if cookie and people and await run_in_threadpool(people.session, cookie) is None:
                ui.navigate.to("/sign-in")
                return
            picture = await self._feed.picture()
            around.tell(picture, self._feed.failing)
            if picture is not None:
                await page.show(picture)

        if await self._first():
            await tick()
        ui.timer(TICK_SECONDS, tick)

    async def _first(self) -> Picture | None:
        try:
            return await asyncio.wait_for(asyncio.shield(self._feed.picture()), FIRST_SECONDS)
        except TimeoutError:
            return None

    def _say_lost(self, client: Client, request: Request, key: str, name: str) -> None:
        client.status_code = 404
        around = frame.Frame(client, request, self._title)
        words = around.words
        with (
            around.main,
            ui.element("div").classes("k-panel k-lost"),
            empty("explore_off", words(key, name=name), words("lost.more")),
        ):
            text("a", words("back"), "k-button").props("href=/")


def mount(
    app: FastAPI,
    live: Live,
    title: str = "",
    item_names: Mapping[str, tuple[str, str]] | None = None,
    *,
    people: People | None = None,
    alarms: AlarmOffice | None = None,
) -> None:
    """Add the console at `/`. Call it after every other route: it takes what is left.

    `item_names`: task_code -> (Chinese, English); an item without a name shows its code. Once per
    process, which must be the only worker. Nothing is fetched from outside this server.
    `people`: an open page leaves when its session is over; None: there are no sessions.
    `alarms`: for their pages; None: there are no rules.
    """
    items = getattr(app.state, "items", None)
    console = Console(live, title, item_names or {}, people, alarms, items=items)
    console.reporter = getattr(app.state, "reporter", None)
    app.add_api_route("/preferences", frame.remember, include_in_schema=False)
    frame.page("/")(console.overview)
    frame.page("/terminals/{terminal}")(console.terminal)
    frame.page("/alarms")(console.alarms)
    frame.page("/alarms/{alarm}")(console.alarm)
    frame.page("/letters")(console.letters)
    console.mount_more(app)
    if (office := getattr(app.state, "rollouts", None)) is not None:
        console.mount_acts(office)
    if (work := getattr(app.state, "work", None)) is not None:
        console.mount_work(work)
    frame.page("/reports")(console.reports)
    frame.page("/{path:path}")(console.lost)
    ui.run_with(
        app,
        title=title,
        favicon=FAVICON,
        language="zh-CN",
        dark=None,
        tailwind=False,
        show_welcome_message=False,
    )
