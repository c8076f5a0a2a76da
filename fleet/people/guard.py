"""Asks at every request who it is from, and whether they may. Everything HTTP passes here.

A page that is open when its session ends is cut off: its socket is looked at with each message.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fleet.interface.problems import problem
from fleet.people import headers, rules
from fleet.people.office import People, is_loopback
from fleet.people.roles import NOBODY, Who
from fleet.people.rules import Kind, Rule
from fleet.people.sessions import Session, Stage
from fleet.people.web import refused

COOKIE = "fleet_session"
WAY_ON = {
    Stage.CODE: "/sign-in/code",
    Stage.CHANGE: "/account/password",
    Stage.ENROL: "/account/factor",
}
OUT = "/sign-out"
SIGNED_OUT = "/sign-in?out=1"
_EVENT = '42["event"'  # of socket.io: a person has pressed something
_LEAVE = '42["open"'  # and the console leads a page elsewhere
_MOMENT = 5.0  # seconds for that
_CLOSED = 4401


@dataclass(frozen=True, slots=True)
class Caller:
    """`session`: a good one, even when a step is still to be done. `word`: what every form of its
    pages brings back."""

    who: Who
    session: Session | None = None
    cookie: str = ""
    word: str = ""


class Guard:
    def __init__(self, app: ASGIApp, people: People) -> None:
        self._app = app
        self._people = people
        self._secure = people.terms.secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        rule = rules.rule(scope["method"], scope["path"])
        status = 0

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                private = not scope["path"].startswith("/_nicegui/")
                told = headers.dressed(message["headers"], secure=self._secure, private=private)
                message = {**message, "headers": told}
            await send(message)

        caller = await run_in_threadpool(self._caller, request, rule)
        scope.setdefault("state", {})["who"] = caller.who
        scope["state"]["caller"] = caller
        answer = self._refusal(request, rule, caller)
        if answer is not None:
            if answer.status_code == 403:
                await run_in_threadpool(self._note, request, caller, "refused")
            await answer(scope, receive, tell)
            return
        await self._app(scope, receive, tell)
        if scope["method"] not in rules.SAFE and not rule.told:
            await run_in_threadpool(self._note, request, caller, str(status))

    def _note(self, request: HTTPConnection, caller: Caller, outcome: str) -> None:
        act = f"http.{request.scope.get('method', 'socket').lower()}"
        self._people.audit.note(caller.who, act, request.url.path, outcome)

    def _caller(self, request: HTTPConnection, rule: Rule) -> Caller:
        """A token counts for programs' addresses alone, and before any cookie."""
        people, path = self._people, request.url.path
        address = request.client.host if request.client else ""
        if rule.kind is Kind.OPEN and not path.startswith("/sign-in"):
            return Caller(NOBODY)
        if path.startswith("/api/") or rule.kind is Kind.LOCAL:
            kind, _, token = request.headers.get("authorization", "").partition(" ")
            if kind.lower() == "bearer":
                return Caller(people.of_token(token.strip(), address) or NOBODY)
        cookie = request.cookies.get(cookie_name(secure=self._secure), "")
        session = people.session(cookie)
        if session is None:
            host = request.headers.get("host", "")
            here = people.of_place(address, host)
            return Caller(here, word=people.word("")) if here else Caller(NOBODY)
        if request.scope["type"] == "http":
            people.touch(session)
        seen = people.of_session(session, address) or NOBODY
        return Caller(seen, session, cookie, people.word(cookie))

    def _refusal(self, request: Request, rule: Rule, caller: Caller) -> Response | None:
        """None: go on."""
        terminal = rule.kind is Kind.OPEN and not request.url.path.startswith("/sign-in")
        if not terminal and request.method not in rules.SAFE and from_elsewhere(request.headers):
            return _says(request, 403, "another site may not act here")
        if rule.kind is Kind.OPEN or (rule.kind is Kind.BEGUN and caller.session is not None):
            return None
        address = request.client.host if request.client else ""
        if rule.kind is Kind.LOCAL and is_loopback(address):
            return None
        if caller.who is NOBODY:
            return _to_sign_in(request, caller.session)
        if rule.kind is Kind.BEGUN or caller.who.may(rule.needs):
            return None
        return _says(request, 403, "your role does not allow this")

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = HTTPConnection(scope)
        rule = rules.rule("GET", scope["path"])
        caller = await run_in_threadpool(self._caller, request, rule)
        known = caller.who.may(rule.needs) and not from_elsewhere(request.headers, must=True)
        if not known:
            await receive()
            await send({"type": "websocket.close", "code": _CLOSED})
            return
        scope.setdefault("state", {})["who"] = caller.who
        wire = _Wire(self._people, caller, receive, send)
        await self._app(scope, wire.receive, wire.send)


class _Wire:
    """A socket that ends with its session, whoever speaks first. Only the word that leads the page
    to the sign-in still passes, for a moment: otherwise it would stand there as if it were live."""

    def __init__(self, people: People, caller: Caller, receive: Receive, send: Send) -> None:
        self._people = people
        self._caller = caller
        self._receive = receive
        self._send = send
        self._ended_at = 0.0
        self._closed = False

    async def receive(self) -> Message:
        message = await self._receive()
        pressed = (message.get("text") or "").startswith(_EVENT)
        if message["type"] == "websocket.receive" and not await self._good():
            if pressed or self._late():
                await self._close()
                return {"type": "websocket.disconnect", "code": _CLOSED}
        elif pressed and self._caller.session is not None:
            await run_in_threadpool(self._people.touch, self._caller.session)
        return message

    async def send(self, message: Message) -> None:
        if self._closed:
            return
        if message["type"] == "websocket.send" and not await self._good():
            leads = (message.get("text") or "").startswith(_LEAVE)
            if self._late():
                await self._close()
            if self._closed or not leads:
                return
        await self._send(message)

    def _late(self) -> bool:
        return time.monotonic() > self._ended_at + _MOMENT

    async def _close(self) -> None:
        if not self._closed:
            self._closed = True
            await self._send({"type": "websocket.close", "code": _CLOSED})

    async def _good(self) -> bool:
        if self._caller.session is None:
            return True  # where nobody signs in
        found = await run_in_threadpool(self._people.session, self._caller.cookie)
        good = found is not None and found.role == self._caller.session.role
        if not good and not self._ended_at:
            self._ended_at = time.monotonic()
        return good


def cookie_name(*, secure: bool) -> str:
    """`__Host-`: the browser itself sees to it that no other host or path has set it."""
    return f"__Host-{COOKIE}" if secure else COOKIE


def from_elsewhere(given: Headers | Mapping[str, str], *, must: bool = False) -> bool:
    """Does the browser say that a page of another site asks? `must`: silence counts as well."""
    site = given.get("sec-fetch-site", "")
    if site and site not in ("same-origin", "none"):
        return True
    origin = given.get("origin", "")
    if not origin:
        return must
    named = urlsplit(origin).netloc
    return not named or named != given.get("host", "")


def _to_sign_in(request: Request, session: Session | None) -> Response:
    path = request.url.path
    if path.startswith("/api/") or path in ("/metrics", rules.SOCKET):
        return problem(401, "sign in, or bring a token", headers={"WWW-Authenticate": "Bearer"})
    if session is not None:
        return RedirectResponse(WAY_ON[session.stage], 303)
    if path == OUT and request.method not in rules.SAFE:
        return RedirectResponse(SIGNED_OUT, 303)  # pressed twice, or too late: they are out
    onward = f"{path}?{request.url.query}" if request.url.query else path
    onward = onward if request.method in rules.SAFE and onward != "/" else ""
    return RedirectResponse(
        f"/sign-in?next={quote(onward, safe='')}" if onward else "/sign-in", 303
    )


def _says(request: Request, status: int, detail: str) -> Response:
    if request.url.path.startswith(("/api/", rules.SOCKET)):
        return problem(status, detail)
    return refused(request, status)


def who(request: Any) -> Who:
    """Who asks; nobody, where no guard stands."""
    found = getattr(request.state, "who", NOBODY)
    return found if isinstance(found, Who) else NOBODY
