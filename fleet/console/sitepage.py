"""The sites: a plan without any map service, and the list beside it that says the same."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from fastapi.concurrency import run_in_threadpool
from nicegui import ui
from nicegui.events import ValueChangeEventArguments
from sqlalchemy.exc import SQLAlchemyError

from fleet.console.acting import Acting
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Tone, Vacancy, Watched, button, empty, panel, pill, text
from fleet.console.siteplan import Site, draw, plan, tone_of
from fleet.console.tables import Column, KeyedTable
from fleet.console.todo import WORST_FIRST
from fleet.people.roles import Permission
from fleet.rows import TerminalRow
from fleet.sites import LONGEST, Place, Sites

PATH = "/sites"
MOST = 60  # rows in sight
SHAPES = {
    Tone.GOOD: "circle",
    Tone.WARN: "change_history",
    Tone.BAD: "square",
    Tone.DIM: "trip_origin",
}


class SitePage:
    def __init__(self, desk: Desk, sites: Sites, acting: Acting) -> None:
        self._desk, self._sites, self._acting = desk, sites, acting
        self._may = acting.who.may(Permission.ALARMS)
        self._wanted, self._found = "", tuple[Site, ...]()
        words = desk.words
        text("h1", words("nav.sites"), "k-hidden")
        with ui.element("div").classes("k-map"):
            with panel(words("sites.map")):
                self._plan = Watched(self._draw_plan, "k-plan")
                self._legend()
            with ui.element("div").classes("k-stack"), panel(words("sites.list")) as tools:
                with tools:
                    search = ui.input(placeholder=words("col.site"), on_change=self._search)
                    search.props("dense outlined clearable debounce=200").classes("k-search")
                    search.props["aria-label"] = words("col.site")
                self._form = _Form(self) if self._may else None
                self._table = KeyedTable(words("sites.list"), self._columns(), _key)
                self._more = text("p", "", "k-about k-last")
                self._vacancy = Vacancy(
                    loading=empty("hourglass_empty", words("loading")),
                    none=empty("filter_alt_off", words("none_match")),
                    nobody=empty("add_to_queue", words("no_terminals")),
                )
        self._vacancy.say("loading")

    def _legend(self) -> None:
        words = self._desk.words
        with ui.element("div").classes("k-row k-legend"):
            for tone in (Tone.GOOD, Tone.WARN, Tone.BAD, Tone.DIM):
                pill(tone, words(f"sites.{tone.name.lower()}"), SHAPES[tone])
            text("span", words("sites.legend"), "k-sub")

    def _columns(self) -> list[Column[Site]]:
        words = self._desk.words
        found: list[Column[Site]] = [
            Column(words("col.site"), lambda one: (one.name, one.path), _draw_name),
            Column(words("col.state"), lambda one: (one.tone, one.told), _draw_state),
            Column(words("sites.address"), self._where, _draw_text),
        ]
        if self._may:
            found.append(Column("", lambda one: (one.name, one.place), self._draw_edit, "k-num"))
        return found

    def _where(self, one: Site) -> str:
        return one.place.address if one.place else self._desk.words("sites.unplaced")

    async def show(self, picture: Picture) -> None:
        try:
            places = await run_in_threadpool(self._sites.every)
        except SQLAlchemyError:
            return  # the frame says so
        self._found = self._of(picture, places)
        self._plan.show(self._found)
        self._list()

    def _of(self, picture: Picture, places: dict[str, Place]) -> tuple[Site, ...]:
        rows = defaultdict[str, list[TerminalRow]](list)
        for row in picture.terminals:
            rows[row.site].append(row)
        found = [self._site(name, rows.get(name, []), places.get(name))
                 for name in rows.keys() | places.keys()]  # fmt: skip
        return tuple(sorted(found, key=lambda one: (WORST_FIRST[one.tone], one.name)))

    def _site(self, name: str, rows: list[TerminalRow], place: Place | None) -> Site:
        words = self._desk.words
        tone, bad = tone_of(rows)
        many = "sites.of" if bad else "sites.terminals" if len(rows) > 1 else "sites.one"
        told = words(many, bad=bad, count=len(rows))
        return Site(name, len(rows), bad, tone, told, place)

    def _draw_plan(self, found: tuple[Site, ...]) -> None:
        words, made = self._desk.words, plan(found)
        if made is None:
            empty("map", words("sites.none"), words("sites.none.more"))
            return
        scale = words("sites.scale", km=f"{made.km:g}")
        drawn = draw(made, words("sites.map"), scale, words("sites.north"))
        ui.html(drawn, sanitize=False)  # `draw` escapes every name

    def _list(self) -> None:
        kept = [one for one in self._found if self._wanted in one.name.casefold()]
        self._table.show(kept[:MOST])
        left = len(kept) - MOST
        self._more.text = self._desk.words("more", count=left) if left > 0 else ""
        self._more.set_visibility(left > 0)
        self._vacancy.say("" if kept else "none" if self._found else "nobody")

    def _search(self, event: ValueChangeEventArguments[str | None]) -> None:
        self._wanted = (event.value or "").strip().casefold()
        self._list()

    # ---- Places ------------------------------------------------------------------------------

    def _draw_edit(self, of: tuple[str, Place | None]) -> None:
        site, place = of
        if not site or self._form is None:
            return
        key = "sites.change" if place else "sites.place"
        button(self._desk.words(key), partial(self._form.open, site, place))

    async def save(self, place: Place) -> str:
        now = self._desk.feed.clock()
        return await self._acting.act(
            "site.place", place.site, lambda person: self._sites.save(place, person, now)
        )

    async def remove(self, site: str) -> str:
        return await self._acting.act("site.remove", site, lambda _: self._sites.remove(site))

    async def again(self) -> None:
        picture = await self._desk.feed.picture()
        if picture is not None:
            await self.show(picture)

    def words(self, key: str) -> str:
        return self._desk.words(key)


class _Form:
    """Where one site is; hidden until a site is chosen."""

    def __init__(self, page: SitePage) -> None:
        self._page, self._site = page, ""
        words = page.words
        with ui.element("div").classes("k-acts k-place-form") as self._box:
            self._name = text("h3", "")
            with ui.element("div").classes("k-row"):
                self._latitude = self._field("sites.latitude", "inputmode=decimal")
                self._longitude = self._field("sites.longitude", "inputmode=decimal")
                self._address = self._field("sites.address", f"maxlength={LONGEST}")
            with ui.element("div").classes("k-row"):
                button(words("sites.save"), self._save)
                button(words("sites.remove"), self._remove)
        self._said = text("div", "", "k-said").props("role=status")
        self._box.set_visibility(False)

    def _field(self, key: str, more: str) -> ui.input:
        return ui.input(label=self._page.words(key)).props(f"dense outlined {more}")

    def open(self, site: str, place: Place | None) -> None:
        self._site, self._name.text, self._said.text = site, site, ""
        self._latitude.value = f"{place.latitude:g}" if place else ""
        self._longitude.value = f"{place.longitude:g}" if place else ""
        self._address.value = place.address if place else ""
        self._box.set_visibility(True)
        self._latitude.run_method("focus")

    async def _save(self) -> None:
        try:
            degrees = [float(str(one.value or "x").strip().replace("，", "."))
                       for one in (self._latitude, self._longitude)]  # fmt: skip
            place = Place(
                self._site, degrees[0], degrees[1], str(self._address.value or "").strip()
            )
        except ValueError:
            place = None
        if place is None or not place.sound:
            self._said.text = self._page.words("sites.wrong")
            return
        await self._told(await self._page.save(place))

    async def _remove(self) -> None:
        await self._told(await self._page.remove(self._site))

    async def _told(self, refused: str) -> None:
        words = self._page.words
        self._said.text = words(f"refused.{refused}") if refused else words("sites.saved")
        if not refused:
            self._box.set_visibility(False)
            await self._page.again()


def _key(one: Site) -> str:
    return one.name


def _draw_name(of: tuple[str, str]) -> None:
    name, path = of
    text("a", name or "–").props["href"] = path


def _draw_text(words: str) -> None:
    text("span", words)


def _draw_state(of: tuple[Tone, str]) -> None:
    pill(of[0], of[1], SHAPES[of[0]])
