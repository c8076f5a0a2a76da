"""Into the console, and out of it."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from fleet.people import accounts, oidc, secret, sessions, web
from fleet.people.audit import Audit
from fleet.people.door import Answer, Caller, DoorFault
from fleet.people.guard import OUT, SIGNED_OUT, WAY_ON, cookie_name
from fleet.people.office import People
from fleet.people.oidc import Person, SsoFault
from fleet.people.roles import NOBODY, Way, Who
from fleet.people.sessions import Session, Stage
from fleet.people.web import AnyForm, OwnForm, onward

SSO_COOKIE = "fleet_sso"
SSO_FAULTS = {
    SsoFault.PROVIDER: "fault.provider",
    SsoFault.STATE: "fault.state",
    SsoFault.TOKEN: "fault.sso_token",
    SsoFault.ROLE: "fault.sso_role",
}
Next = Annotated[str, Query(alias="next", max_length=2000)]
Word = Annotated[str, Query(max_length=4000)]


def caller(request: Request) -> Caller:
    address = request.client.host if request.client else ""
    return Caller(address[:64], request.headers.get("user-agent", "")[:200])


def session(request: Request) -> Session | None:
    found = getattr(request.state, "caller", None)
    return found.session if found else None


def tell(request: Request, answer: Answer) -> str:
    """A fault in the visitor's words."""
    told = web.told(request)
    if answer.fault is DoorFault.ADDRESS:
        return told("fault.address", minutes=int(answer.wait // 60) + 1)
    return told(f"fault.{answer.fault.value}") if answer.fault else ""


def with_cookie(people: People, request: Request, answer: Answer, path: str) -> Response:
    """On to `path`, or to what is still to be done before it."""
    people.forget()
    if answer.stage is not Stage.FULL:
        path = f"{WAY_ON[answer.stage]}?next={web.quoted(path)}"
    back = web.go(path)
    secure = people.terms.secure
    back.set_cookie(
        cookie_name(secure=secure), answer.cookie, path="/",
        secure=secure, httponly=True, samesite="lax",
    )  # fmt: skip
    return back


def router(people: People) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    _password(routes, people)
    _code(routes, people)
    _sso(routes, people)

    @routes.get("/sign-in/style.css")
    def style() -> Response:
        kept = {"Cache-Control": "max-age=300"}
        return Response(web.style(), media_type="text/css", headers=kept)

    @routes.post(OUT)
    def sign_out(request: Request, _form: OwnForm) -> Response:
        known = session(request)
        if known is not None:
            _end(people, known, request.state.who)
        back = web.go(SIGNED_OUT)
        back.delete_cookie(cookie_name(secure=people.terms.secure), path="/")
        return back

    return routes


def _end(people: People, known: Session, who: Who) -> None:
    with people.store.write() as connection:
        sessions.end(connection, known.digest, known.account)
        if who is not NOBODY:
            people.audit.append(connection, who, "sign_out", known.account)
    people.forget()
    people.audit.mark()


def _password(routes: APIRouter, people: People) -> None:
    def show(
        request: Request, to: str, fault: str = "", status: int = 200, said: str = ""
    ) -> Response:
        insecure = people.terms.secure and request.url.scheme != "https"
        return web.page(
            request, "sign_in", status, fault=fault, onward=onward(to), said=said,
            sso=people.sso is not None, insecure=insecure and not people.terms.loopback,
        )  # fmt: skip

    @routes.get("/sign-in")
    def ask(request: Request, to: Next = "/", out: Word = "") -> Response:
        words = web.told(request)
        return show(request, to, said=words("signed_out") if out else "")

    @routes.post("/sign-in")
    def answer(request: Request, form: AnyForm) -> Response:
        to = onward(form.get("next", "/"))
        got = people.door.sign_in(form.get("name", ""), form.get("password", ""), caller(request))
        if got.fault:
            return show(request, to, tell(request, got), _status(got))
        return with_cookie(people, request, got, to)


def _status(answer: Answer) -> int:
    return 429 if answer.fault is DoorFault.ADDRESS else 401


def _code(routes: APIRouter, people: People) -> None:
    @routes.get("/sign-in/code")
    def ask(request: Request, to: Next = "/") -> Response:
        known = session(request)
        if known is None or known.stage is not Stage.CODE:
            return web.go("/sign-in")
        return web.page(request, "code", onward=onward(to))

    @routes.post("/sign-in/code")
    def answer(request: Request, form: OwnForm) -> Response:
        known = session(request)
        if known is None or known.stage is not Stage.CODE:
            return web.go("/sign-in")
        to = onward(form.get("next", "/"))
        got = people.door.code(known, form.get("code", "")[:64], caller(request))
        if got.fault:
            people.forget()
            told = tell(request, got)
            return web.page(request, "code", _status(got), fault=told, onward=to)
        return with_cookie(people, request, got, to)


def _sso(routes: APIRouter, people: People) -> None:
    sso = people.sso
    if sso is None:
        return

    @routes.get("/sign-in/sso")
    def leave(request: Request, to: Next = "/") -> Response:
        begun = sso.begin(onward(to))
        if isinstance(begun, SsoFault):
            return _sorry(people, request, begun)
        address, state = begun
        away = RedirectResponse(address, 303)
        away.set_cookie(
            SSO_COOKIE, state, int(oidc.ERRAND_SECONDS), path="/sign-in",
            secure=people.terms.secure, httponly=True, samesite="lax",
        )  # fmt: skip
        return away

    @routes.get("/sign-in/callback")
    def come_back(request: Request, code: Word = "", state: Word = "") -> Response:
        person = sso.finish(code, state, request.cookies.get(SSO_COOKIE, ""))
        if isinstance(person, SsoFault):
            return _sorry(people, request, person)
        account = known_as(people, person)
        if account is None or account.disabled:
            return _sorry(people, request, SsoFault.ROLE)
        # The page that leads on is ours: the browser then sends the new cookie with it.
        back = with_cookie(
            people, request, people.door.welcome(account, caller(request)), person.onward
        )
        back.delete_cookie(SSO_COOKIE, path="/sign-in")
        return back


def _sorry(people: People, request: Request, fault: SsoFault) -> Response:
    address = request.client.host if request.client else ""
    who = Who("", "", frozenset(), Way.CONSOLE, address)
    people.audit.note(who, "sso", "?", "refused", why=fault.value)
    told = web.told(request)(SSO_FAULTS[fault])
    return web.page(
        request, "sign_in", 403, fault=told, onward="/", said="", sso=True, insecure=False
    )


def known_as(people: People, person: Person) -> accounts.Account | None:
    """The account of somebody from single sign-on, made at the first time; the role is as it was
    said just now."""
    with people.store.write() as connection:
        known = accounts.of_subject(connection, person.subject)
        if known is None:
            name = _free(person.name)
            if accounts.find(connection, name) is not None:
                name = f"{name[:50]}.{secret.digest('subject', person.subject)[:8]}"
            fault = accounts.add(
                connection, name, person.role, people.clock(),
                display=person.display, subject=person.subject,
            )  # fmt: skip
            if fault is not None:
                return None
            _told(people.audit, connection, name, person.role)
        elif known.role is not person.role:
            accounts.change(connection, known.name, role=person.role.value)
            _told(people.audit, connection, known.name, person.role)
        return accounts.of_subject(connection, person.subject)


def _told(audit: Audit, connection: Connection, name: str, role: str) -> None:
    sso = Who("sso", "", frozenset(), Way.CONSOLE)
    audit.append(connection, sso, "account.role", name, role=role)


def _free(name: str) -> str:
    """As an account's name, marked as not one of ours."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", name.lower().split("@")[0]).strip("-._")[:56]
    return f"{plain or 'person'}@sso"
