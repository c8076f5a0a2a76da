"""Puts the guard before an application, and its own pages into it."""

from __future__ import annotations

import sys

import structlog
from fastapi import FastAPI

from fleet.people import accounts, web
from fleet.people.guard import Guard
from fleet.people.office import People
from fleet.people.pages import account, people, record, signin, tokens

log = structlog.get_logger("fleet.people")


def install(app: FastAPI, office: People) -> None:
    """Before the first request, and before the console, which takes what is left."""
    app.state.people = office
    for pages in (signin, account, tokens, people, record):
        app.include_router(pages.router(office))
    app.add_exception_handler(web.StaleFormError, web.stale)
    app.add_middleware(Guard, people=office)
    _greet(office)


def _greet(office: People) -> None:
    """At the first start: the administrator's password, on a terminal and nowhere else."""
    made = office.first()
    if made and sys.stdout.isatty():
        print(
            f"First sign-in: {accounts.FIRST}, password {made} (shown once; change it)", flush=True
        )
    elif made:
        log.warning("administrator_made", do=f"python -m fleet people reset {accounts.FIRST}")
    if office.terms.open_console:
        log.warning("console_open_to_this_machine")
