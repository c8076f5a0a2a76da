"""Tokens of other systems: made with scopes and an end, shown once, taken back at any time."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from fleet.people import tokens, web
from fleet.people.office import People
from fleet.people.roles import SCOPES, scopes
from fleet.people.web import OwnForm


def router(people: People) -> APIRouter:
    """To be included before the accounts' own, whose addresses begin alike."""
    routes = APIRouter(prefix="/people/tokens", include_in_schema=False)

    def show(request: Request, status: int = 200, fault: str = "", **typed: str) -> Response:
        with people.store.read() as connection:
            every = tokens.every(connection)
        return web.page(
            request, "tokens", status, fault=fault, tokens=every, scopes=sorted(SCOPES),
            typed=typed, now=people.clock(),
        )  # fmt: skip

    @routes.get("")
    def everyone(request: Request) -> Response:
        return show(request)

    @routes.post("")
    def make(request: Request, form: OwnForm) -> Response:
        told = web.told(request)
        name, wanted = form.get("name", "").strip(), scopes(form.get("scopes", "").split())
        days = _days(form.get("days", ""))
        if not tokens.NAME.fullmatch(name) or not wanted or not days:
            typed = {one: form.get(one, "") for one in ("name", "scopes", "days")}
            return show(request, 422, told("fault.token"), **typed)
        who, now = request.state.who, people.clock()
        with people.store.write() as connection:
            id_, made = tokens.make(connection, name, wanted, who.name, days=days, now=now)
            people.audit.append(
                connection, who, "token.add", id_, name=name, scopes=sorted(wanted), days=days
            )
        people.audit.mark()
        return web.page(
            request, "secret", heading=told("tokens.made", name=name), secret=made,
            once=told("tokens.once"), onward="/people/tokens",
        )  # fmt: skip

    @routes.post("/{id_}/revoke")
    def revoke(request: Request, id_: str, _form: OwnForm) -> Response:
        with people.store.write() as connection:
            name = tokens.revoke(connection, id_, people.clock())
            if not name:
                return web.go("/people/tokens")  # revoked already
            people.audit.append(connection, request.state.who, "token.revoke", id_, name=name)
        people.audit.mark()
        return web.go("/people/tokens")

    return routes


def _days(typed: str) -> int:
    """0 for what is not between 1 and the most."""
    days = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else 0
    return days if days <= tokens.MOST_DAYS else 0
