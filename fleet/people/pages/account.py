"""One's own account: password, second factor, and where one is signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from fleet.people import accounts, factor, locks, sessions, web
from fleet.people.accounts import Account
from fleet.people.office import People
from fleet.people.pages.signin import caller, session, tell, with_cookie
from fleet.people.roles import GRANTS, Way, Who
from fleet.people.sessions import Session, Stage
from fleet.people.web import OwnForm, onward

Next = Annotated[str, Query(alias="next", max_length=2000)]


def router(people: People) -> APIRouter:
    """The guard lets in whoever has begun a session; each page asks for the stage that it is of."""
    routes = APIRouter(prefix="/account", include_in_schema=False)
    _overview(routes, people)
    _password(routes, people)
    _factor(routes, people)
    return routes


def _own(people: People, request: Request, *stages: Stage) -> tuple[Session, Account] | None:
    """None: this page is not for one's own sign-in, as far as it has come."""
    known = session(request)
    if known is None or known.stage not in stages:
        return None
    with people.store.read() as connection:
        account = accounts.find(connection, known.account)
    return (known, account) if account is not None else None


def _acting(account: Account, request: Request) -> Who:
    """Also of somebody whose second factor is just being made."""
    address = caller(request).address
    return Who(account.name, account.role, GRANTS[account.role], Way.CONSOLE, address)


def _overview(routes: APIRouter, people: People) -> None:
    @routes.get("")
    def show(request: Request) -> Response:
        own = _own(people, request, Stage.FULL)
        if own is None:
            open_ = request.state.who.way is Way.OPEN
            return web.page(request, "account", account=None) if open_ else web.go("/sign-in")
        _, account = own
        with people.store.read() as connection:
            seen = sessions.of_account(
                connection, account.name, people.terms.limits, people.clock()
            )
            left = accounts.recovery_left(connection, account.name)
        full = [one for one in seen if one.stage is Stage.FULL]
        return web.page(request, "account", account=account, sessions=full, left=left)

    @routes.post("/sessions")
    def end(request: Request, form: OwnForm) -> Response:
        """`one`, or all of them and this one too."""
        own = _own(people, request, Stage.FULL)
        if own is None:
            return web.go("/sign-in")
        one, name = form.get("one", ""), own[1].name
        with people.store.write() as connection:
            if one:
                count = sessions.end(connection, one, name)
            else:
                count = sessions.end_all(connection, name)
            who = request.state.who
            people.audit.append(connection, who, "sessions.end", name, count=count)
        people.forget()
        people.audit.mark()
        return web.go("/account" if one else "/sign-in?out=1")


def _password(routes: APIRouter, people: People) -> None:
    stages = (Stage.CHANGE, Stage.FULL)

    @routes.get("/password")
    def ask(request: Request) -> Response:
        own = _own(people, request, *stages)
        if own is None or not own[1].password:
            return web.go("/sign-in")
        must = own[0].stage is Stage.CHANGE
        return web.page(request, "password", must=must, user=own[1].name)

    @routes.post("/password")
    def change(request: Request, form: OwnForm) -> Response:
        own = _own(people, request, *stages)
        if own is None or not own[1].password:
            return web.go("/sign-in")
        known, account = own
        fault = ""
        if form.get("new") != form.get("again"):
            fault = web.told(request)("fault.differ")
        else:
            old, new = form.get("old", ""), form.get("new", "")
            got = people.door.change_password(known, old, new, caller(request))
            if got.fault is None:
                return with_cookie(people, request, got, "/")
            fault = tell(request, got)
        must = known.stage is Stage.CHANGE
        return web.page(request, "password", 422, fault=fault, must=must, user=account.name)


def _factor(routes: APIRouter, people: People) -> None:
    stages = (Stage.ENROL, Stage.FULL)

    @routes.get("/factor")
    def ask(request: Request) -> Response:
        own = _own(people, request, *stages)
        if own is None or not own[1].password:
            return web.go("/sign-in")
        made = people.factors.enrolment(own[1].name, people.clock())
        return web.page(request, "factor", enrolment=made, must=own[0].stage is Stage.ENROL)

    @routes.post("/factor")
    def confirm(request: Request, form: OwnForm) -> Response:
        own = _own(people, request, *stages)
        if own is None or not own[1].password:
            return web.go("/sign-in")
        codes = _confirmed(people, request, own[1], form)
        if codes:
            return _with_codes(people, request, *own, codes)
        held, now = form.get("held", ""), people.clock()
        name = own[1].name
        made = people.factors.again(name, held, now) or people.factors.enrolment(name, now)
        told = web.told(request)("fault.code")
        must = own[0].stage is Stage.ENROL
        return web.page(request, "factor", 422, fault=told, enrolment=made, must=must)

    @routes.post("/codes")
    def renew(request: Request, _form: OwnForm) -> Response:
        own = _own(people, request, Stage.FULL)
        if own is None or not own[1].two_factors:
            return web.go("/account")
        with people.store.write() as connection:
            codes = factor.new_recovery(connection, own[1].name)
            people.audit.append(connection, request.state.who, "recovery", own[1].name)
        people.audit.mark()
        return web.page(request, "codes", codes=codes)


def _confirmed(people: People, request: Request, account: Account, form: web.Form) -> list[str]:
    held, code, now = form.get("held", ""), form.get("code", "")[:16], people.clock()
    with people.store.write() as connection:
        turn = locks.reserve(connection, account.name, caller(request).address, now)
        if turn.wait or not turn.granted:
            return []
        codes = people.factors.confirm(connection, account.name, held, code, now)
        if codes:
            locks.forgive(connection, account.name, caller(request).address)
            people.audit.append(connection, _acting(account, request), "factor", account.name)
    people.audit.mark()
    return codes


def _with_codes(
    people: People, request: Request, known: Session, account: Account, codes: list[str]
) -> Response:
    """Shown once; the session goes on as another, whatever stage it was of."""
    with people.store.write() as connection:
        sessions.end_all(connection, account.name, but=known.digest)
    got = people.door.onward(known, account, caller(request))
    moved = with_cookie(people, request, got, onward("/account"))
    page = web.page(request, "codes", codes=codes)
    page.raw_headers.extend(one for one in moved.raw_headers if one[0] == b"set-cookie")
    return page
