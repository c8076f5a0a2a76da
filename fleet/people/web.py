"""Pages without a script: templates, forms, and where they lead. Used by sign-in and accounts.

Every value is escaped by the templates; every form but the sign-in itself carries a word that only
a page of one's own sign-in could know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlsplit

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fleet.console import frame
from fleet.console.nav import links
from fleet.console.words import Words
from fleet.people import headers, secret
from fleet.people.roles import NOBODY, Way
from fleet.people.words import Told

HERE = Path(__file__).parent
BODY_BYTES = 16 * 1024
Form = Mapping[str, str]


class StaleFormError(Exception):
    """A form that is not of a page of one's own sign-in, or of one from before the last start."""


_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@cache
def style() -> str:
    """The console's, with the dark colours also for browsers that ask for them themselves."""
    console = frame.style()
    dark = re.search(r"\.body--dark \{(.*?)\n\}", console, re.DOTALL)
    assert dark is not None
    automatic = f"@media (prefers-color-scheme: dark) {{ .body--auto {{{dark[1]}\n}} }}\n"
    return console + automatic + (HERE / "people.css").read_text(encoding="utf-8")


def page(request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A template of `templates`, in the visitor's language and appearance."""
    wanted = frame.preferences(request)
    who = getattr(request.state, "who", NOBODY)
    text = _templates.get_template(f"{name}.html").render(
        **{"fault": "", **values},
        w=Told(wanted.tongue),
        words=Words(wanted.tongue),
        wanted=wanted,
        tongues=frame.TONGUE_NAMES,
        themes=frame.THEMES,
        who=who,
        links=links(who, request.url.path),
        csrf=frame.csrf(request),
        moment=moment,
        open_console=who.way is Way.OPEN,
    )
    return HTMLResponse(text, status, {"Content-Security-Policy": headers.PLAIN})


def told(request: Request) -> Told:
    """The visitor's words."""
    return Told(frame.preferences(request).tongue)


def refused(request: Request, status: int) -> HTMLResponse:
    return page(request, "refused", status)


async def stale(request: Request, _error: Exception) -> HTMLResponse:
    return page(request, "stale", 403)


def moment(at: float) -> str:
    """Local time; '' for never."""
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S") if at else ""


async def form(request: Request) -> Form:
    """Its fields, of several with one name all, with spaces between. 400 for what is none."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES:
            raise HTTPException(413, "too long")
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise HTTPException(400, "not a form") from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields[name] = f"{fields[name]} {value}" if name in fields else value
    return fields


async def own_form(request: Request) -> Form:
    """A form of a page that was given to one's own sign-in; without one, on to the sign-in.
    `StaleFormError` for any other."""
    fields = await form(request)
    word = frame.csrf(request)
    if not word:
        raise HTTPException(303, "sign in", {"Location": "/sign-in"})
    if not secret.same(fields.get("csrf", ""), word):
        raise StaleFormError
    return fields


AnyForm = Annotated[Form, Depends(form)]
OwnForm = Annotated[Form, Depends(own_form)]


def onward(asked: str) -> str:
    """Where somebody wanted to go, never to another site."""
    parts = urlsplit(asked)
    ours = asked.startswith("/") and asked[1:2] not in ("/", "\\") and not parts.netloc
    safe = asked.isprintable() and "\\" not in asked and not parts.scheme
    return asked if ours and safe else "/"


def quoted(text: str) -> str:
    return quote(text, safe="")


def go(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303)
