"""Everybody's accounts: an administrator adds, changes, closes and resets them."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from fleet.people import accounts, factor, locks, passwords, sessions, web
from fleet.people.accounts import AccountFault
from fleet.people.office import People
from fleet.people.roles import Role, Who
from fleet.people.web import OwnForm

HERE = "/people/of/"


class Act(StrEnum):
    ROLE = "role"
    DISABLE = "disable"
    ENABLE = "enable"
    UNLOCK = "unlock"
    RESET = "reset"
    FACTOR = "factor"
    SESSIONS = "sessions"


NOT_OWN = frozenset({Act.ROLE, Act.DISABLE})
# After these nobody goes on with what they had before.
ENDS_SESSIONS = frozenset({Act.ROLE, Act.DISABLE, Act.RESET, Act.FACTOR, Act.SESSIONS})
Do = Callable[[Connection, str, web.Form], AccountFault | None]


def _role(connection: Connection, name: str, form: web.Form) -> AccountFault | None:
    if form.get("role") not in set(Role):
        return AccountFault.ROLE
    return accounts.set_role(connection, name, Role(form["role"]))


def _nothing(_connection: Connection, _name: str, _form: web.Form) -> None:
    """The sessions end all the same."""


DO: dict[Act, Do] = {
    Act.ROLE: _role,
    Act.DISABLE: lambda connection, name, _: accounts.disable(connection, name, yes=True),
    Act.ENABLE: lambda connection, name, _: accounts.disable(connection, name, yes=False),
    Act.UNLOCK: lambda connection, name, _: locks.unlock(connection, name),
    Act.FACTOR: lambda connection, name, _: factor.remove(connection, name),
    Act.SESSIONS: _nothing,
}


def act(
    people: People, who: Who, name: str, what: Act, form: web.Form
) -> AccountFault | str | None:
    """A word (a new password) or nothing when it is done. One transaction with its record."""
    if what in NOT_OWN and name == who.name:
        return AccountFault.OWN
    made = passwords.fresh() if what is Act.RESET else ""
    kept = people.passwords.keep(made) if made else ""
    with people.store.write() as connection:
        account = accounts.find(connection, name)
        if account is None or (what in (Act.RESET, Act.FACTOR) and account.subject):
            return AccountFault.UNKNOWN
        if made:
            accounts.change(connection, name, password=kept, must_change=True)
            locks.unlock(connection, name)
        elif fault := DO[what](connection, name, form):
            return fault
        if what in ENDS_SESSIONS:
            sessions.end_all(connection, name)
        detail = {"role": form["role"]} if what is Act.ROLE else {}
        people.audit.append(connection, who, f"account.{what}", name, **detail)
    people.forget()
    people.audit.mark()
    return made or None


def add(
    people: People, who: Who, name: str, role: str, display: str = ""
) -> AccountFault | tuple[str, str]:
    """Its name and first password."""
    if role not in set(Role):
        return AccountFault.ROLE
    name, made = name.strip().lower(), passwords.fresh()
    kept = people.passwords.keep(made)
    with people.store.write() as connection:
        fault = accounts.add(
            connection, name, Role(role), people.clock(), display=display.strip(), password=kept
        )
        if fault is not None:
            return fault
        people.audit.append(connection, who, "account.add", name, role=role)
    people.audit.mark()
    return name, made


def router(people: People) -> APIRouter:
    routes = APIRouter(prefix="/people", include_in_schema=False)

    def show(request: Request, status: int = 200, fault: str = "", **typed: str) -> Response:
        with people.store.read() as connection:
            every = accounts.every(connection)
        return web.page(
            request, "people", status, fault=fault, people=every, roles=list(Role), typed=typed,
            now=people.clock(),
        )  # fmt: skip

    @routes.get("")
    def everybody(request: Request) -> Response:
        return show(request)

    @routes.post("")
    def new(request: Request, form: OwnForm) -> Response:
        wanted = {name: form.get(name, "") for name in ("name", "role", "display")}
        got = add(people, request.state.who, **wanted)
        if isinstance(got, AccountFault):
            told = web.told(request)(f"fault.{got.value}")
            return show(request, 422, told, **wanted)
        return _secret(request, *got)

    _one(routes, people)
    return routes


def _secret(request: Request, name: str, made: str) -> Response:
    told = web.told(request)
    return web.page(
        request, "secret", heading=told("people.password", name=name), secret=made,
        once=told("people.password.once"), onward="/people",
    )  # fmt: skip


def _one(routes: APIRouter, people: People) -> None:
    def show(request: Request, name: str, status: int = 200, fault: str = "") -> Response:
        now, limits = people.clock(), people.terms.limits
        with people.store.read() as connection:
            account = accounts.find(connection, name)
            if account is None:
                return web.go("/people")
            count = len(sessions.of_account(connection, name, limits, now))
        return web.page(
            request, "person", status, fault=fault, one=account, sessions=count,
            roles=list(Role), now=now, here=HERE + web.quoted(name),
        )  # fmt: skip

    @routes.get("/of/{name}")
    def somebody(request: Request, name: str) -> Response:
        return show(request, name)

    @routes.post("/of/{name}/{what}")
    def change(request: Request, name: str, what: Act, form: OwnForm) -> Response:
        got = act(people, request.state.who, name, what, form)
        if isinstance(got, AccountFault):
            told = web.told(request)(f"fault.{got.value}")
            return show(request, name, 422, told)
        if got:
            return _secret(request, name, got)
        return web.go(HERE + web.quoted(name))
