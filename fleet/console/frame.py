"""What every page has: header, language and appearance, and how a browser remembers them.

Both are remembered in a plain cookie of the browser. Who somebody is, and whether they may see a
page, has been decided before (`fleet.people.guard`); the header only shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse
from nicegui import Client, ui
from nicegui.elements.mixins.text_element import TextElement

from fleet.console.feed import Picture
from fleet.console.nav import links
from fleet.console.parts import icon, text
from fleet.console.words import TONGUES, Tongue, Words
from fleet.people.roles import NOBODY, Way, Who

Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)

YEAR_SECONDS = 365 * 24 * 3600
PATIENCE_SECONDS = 60.0  # for a page that waits for its first reading
DARK: dict[Theme, bool | None] = {"auto": None, "light": False, "dark": True}
# An open page is led away as soon as its session is over. The page that ends it must not be: that
# would overtake the form's own answer.
DEAF = "() => window.socket.disconnect()"
THEME_ICONS: dict[Theme, str] = {
    "auto": "brightness_auto",
    "light": "light_mode",
    "dark": "dark_mode",
}
TONGUE_NAMES: dict[Tongue, str] = {"zh-CN": "中文", "en-US": "English"}


@dataclass(frozen=True, slots=True)
class Preferences:
    tongue: Tongue
    theme: Theme


def preferences(request: Request) -> Preferences:
    """From the cookies; the first visit follows the browser's own language."""
    tongue = request.cookies.get("console_language")
    theme = request.cookies.get("console_theme")
    first = request.headers.get("accept-language", "zh")[:2].lower()
    guess: Tongue = "zh-CN" if first == "zh" else "en-US"
    return Preferences(
        next((one for one in TONGUES if one == tongue), guess),
        next((one for one in THEMES if one == theme), "auto"),
    )


async def remember(
    request: Request, language: Tongue | None = None, theme: Theme | None = None
) -> RedirectResponse:
    """Set a preference and go back to the page that asked, never to another site."""
    came_from = urlsplit(request.headers.get("referer", "/"))
    path = "/" + came_from.path.lstrip("/")
    back = RedirectResponse(f"{path}?{came_from.query}" if came_from.query else path, 303)
    for name, value in (("console_language", language), ("console_theme", theme)):
        if value:
            back.set_cookie(name, value, YEAR_SECONDS, httponly=True, samesite="lax")
    return back


def page(path: str) -> ui.page:
    """A decorator. A fleet that is busy shows its pages late: NiceGUI would show an error."""
    return ui.page(path, response_timeout=PATIENCE_SECONDS)


@cache
def style() -> str:
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


class Frame:
    """Header, banner of trouble and main part of one page in one browser.

    Language and appearance are in the page's very first bytes, so that nothing flashes.
    """

    def __init__(self, client: Client, request: Request, title: str) -> None:
        wanted = preferences(request)
        self.words = words = Words(wanted.tongue)
        title = title or words("fleet")
        path = client.page.path
        client.page = ui.page(path, title=title, language=wanted.tongue, dark=DARK[wanted.theme])
        ui.add_css(style())
        who = getattr(request.state, "who", NOBODY)
        self._fresh = _header(words, wanted, title, who, request)
        self.main = ui.element("div").classes("k-page")
        ui.skip_link(words("skip"), target=self.main)
        with self.main, ui.element("div").classes("k-trouble").props("role=alert") as self._banner:
            icon("report")
            self._trouble = text("span", "")
        self._banner.set_visibility(False)

    def tell(self, picture: Picture | None, failing: bool) -> None:
        """How fresh the page is; loudly, when the store cannot be read."""
        now = "–"
        if picture is not None:
            now = datetime.fromtimestamp(picture.read_at).astimezone().strftime("%H:%M:%S")
        self._banner.set_visibility(failing)
        if failing:
            self._trouble.text = self.words("store_down", time=now)
        elif picture is not None:
            self._fresh.text = self.words("fresh", time=now)


def _header(
    words: Words, wanted: Preferences, title: str, who: Who, request: Request
) -> TextElement:
    """Returns its line that says how fresh the page is."""
    with ui.element("header").classes("k-bar"):
        with ui.element("a").classes("k-brand").props("href=/"):
            with ui.element("span").classes("k-mark"):
                icon("storefront")
            text("span", title)
        _pages(words, who, request.url.path)
        with ui.element("span").classes("k-fresh k-good"):
            fresh = text("span", "")
        with _segment(words("language")):
            for tongue, name in TONGUE_NAMES.items():
                _option(f"language={tongue}", tongue == wanted.tongue, name).props(f"lang={tongue}")
        with _segment(words("theme")):
            for theme in THEMES:
                chosen = theme == wanted.theme
                _option(f"theme={theme}", chosen, words(f"theme.{theme}"), THEME_ICONS[theme])
        if who is not NOBODY:
            _user(words, who, request)
    return fresh


def _pages(words: Words, who: Who, path: str) -> None:
    seen = links(who, path)
    if len(seen) < 2:
        return
    with ui.element("nav").classes("k-nav").props(f'aria-label="{words("nav")}"'):
        for link in seen:
            here = "aria-current=page" if link.here else ""
            text("a", words(link.word)).props(f"href={link.path} {here}")


def _user(words: Words, who: Who, request: Request) -> None:
    """Signing out is a form, so that no picture or link of another page can do it."""
    with ui.element("details").classes("k-user"):
        text("summary", who.name)
        with ui.element("div"):
            text("span", words(f"user.{who.role}"), "k-sub")
            text("a", words("user.account")).props("href=/account")
            if who.way is Way.CONSOLE:
                out = ui.element("form").props("method=post action=/sign-out")
                with out.on("submit", js_handler=DEAF):
                    word = ui.element("input").props("type=hidden name=csrf")
                    word.props["value"] = csrf(request)
                    text("button", words("user.sign_out"))


def csrf(request: Request) -> str:
    """What a form must bring back of its web session; no page of another site can know it."""
    caller = getattr(request.state, "caller", None)
    return str(caller.word) if caller else ""


def _segment(label: str) -> ui.element:
    return ui.element("nav").classes("k-seg").props(f'aria-label="{label}"')


def _option(query: str, chosen: bool, name: str, shape: str = "") -> ui.element:
    state = "true" if chosen else "false"
    with ui.element("a").props(f'href="/preferences?{query}" aria-current={state}') as option:
        if shape:
            icon(shape)
        text("span", name)
    return option
