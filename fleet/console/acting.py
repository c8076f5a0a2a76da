"""Who is at an open page, and what they do: asked anew for each act, and put on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import SQLAlchemyError

from fleet.alarms.states import Refusal
from fleet.errors import ActError
from fleet.people.office import People
from fleet.people.roles import NOBODY, Permission, Who, demonstration

T = TypeVar("T")
ROLE, STORE = "role", "store"  # refusals beside those of the alarms


class Acting:
    """`people` None: there are no accounts, inside another program."""

    def __init__(self, request: Request, people: People | None) -> None:
        self._people = people
        self._first: Who = getattr(request.state, "who", NOBODY)
        caller = getattr(request.state, "caller", None)
        self._cookie = caller.cookie if caller and caller.session else ""

    @property
    def who(self) -> Who:
        """As of now: a role can be taken away while a page is open. Blocks."""
        if self._people is None:
            return demonstration()
        if not self._cookie:
            return self._first
        session = self._people.session(self._cookie)
        return self._people.of_session(session, self._first.address) or NOBODY

    async def act(self, act: str, target: str, do: Callable[[str], Refusal | None]) -> str:
        """`do` gets the person's name. '' when it is done; otherwise why not, as a key's end."""
        return await run_in_threadpool(self._act, act, target, do)

    async def do(self, do: Callable[[Who], T]) -> tuple[str, T | None]:
        """An act that asks by itself whether somebody may, and keeps its own record: why not, as
        `act` says it, or what it gave."""
        return await run_in_threadpool(self._do, do)

    def _do(self, do: Callable[[Who], T]) -> tuple[str, T | None]:
        try:
            return "", do(self.who)
        except ActError as error:
            return error.code, None
        except SQLAlchemyError:
            return STORE, None

    def _act(self, act: str, target: str, do: Callable[[str], Refusal | None]) -> str:
        try:
            who = self.who
            may = who.may(Permission.ALARMS)
            refused = do(who.name) if may else None
            outcome = ROLE if not may else (refused.value if refused else "")
            if self._people is not None:
                self._people.audit.note(who, act, target, outcome or "done")
        except SQLAlchemyError:
            return STORE
        return outcome
