"""Work orders over the interface: complaints, hotline calls and bad ratings, and who answers them,
by the same desk as the console's. What a citizen said, and the answers' words, are in no answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Response
from pydantic import Field

from fleet.errors import WorkError
from fleet.handling.answering import LONGEST_WORDS, AnswerDesk, Wish, WorkAct
from fleet.handling.desk import LONGEST_NAME
from fleet.handling.orders import Act, OrderKind, OrderState
from fleet.handling.workview import Filter, TurnRow, WorkRow
from fleet.interface.acts import number as cursor_number
from fleet.interface.answers import LISTED, NO_STORE, OnePage
from fleet.interface.problems import described
from fleet.interface.steering import OfWho
from fleet.interface.steershapes import PLAIN, Asked
from fleet.shapes import Shape

STATUSES = {"unknown": 404, "role": 403, "moved_on": 409, "not_now": 409}
LINES = r"^[^\x00-\x09\x0b-\x1f\x7f]*$"  # more than one of them, if they like

Number = Annotated[str, Path(pattern=r"^[A-Z0-9-]{1,64}$")]
Of = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{0,32}$")]


class TurnShape(Shape):
    """`person`: to whom it was given, or who did it; `worded`: there are words to it."""

    turn: int
    act: Act
    person: str
    actor: str
    at: float
    worded: bool


class WorkShape(Shape):
    """Times are epoch seconds. `turns`: what an act must send as `seen`. `due_at`: the first moment
    that is too late for an answer; `late`: it is over, and nobody has answered."""

    number: str
    kind: OrderKind
    state: OrderState
    owner: str
    case_no: str
    terminal: str
    opened_at: float
    due_at: float
    turns: int
    late: bool


class WorkStory(WorkShape):
    """`history`: the latest first."""

    history: list[TurnShape]

    @classmethod
    def told(cls, row: WorkRow, turns: list[TurnRow]) -> WorkStory:
        known = WorkShape.model_validate(row).model_dump()
        return cls(**known, history=[TurnShape.model_validate(one) for one in turns])


class WorkWish(Asked):
    """`seen`: the order's `turns` as they were told. `to`: of a transfer. `words`: the answer, or
    what the next one should know; kept sealed."""

    seen: Annotated[int, Field(ge=0, le=2**31)]
    to: Annotated[str, Field(max_length=LONGEST_NAME, pattern=PLAIN)] = ""
    words: Annotated[str, Field(max_length=LONGEST_WORDS, pattern=LINES)] = ""


@contextmanager
def told() -> Iterator[None]:
    """Refusals of the desk, as problems."""
    try:
        yield
    except WorkError as error:
        raise HTTPException(STATUSES.get(error.code, 422), str(error)) from None


def add(routes: APIRouter, desk: AnswerDesk) -> None:
    view = desk.view

    @routes.get("/work-orders", responses=LISTED)
    def listed(
        *, wanted: OnePage,
        state: OrderState | None = None,
        kind: OrderKind | None = None,
        terminal: Of = "",
        late: bool = False,
    ) -> list[WorkShape]:  # fmt: skip
        """Newest first. `late`: without an answer past their day."""
        asked = Filter(state or "", kind or "", terminal, late=late)
        rows = view.page(asked, cursor_number(wanted.cursor), wanted.more)
        shown = wanted.shown(rows, lambda row: row.serial)
        return [WorkShape.model_validate(row) for row in shown]

    @routes.get("/work-orders/{number}", responses=described(404))
    def one(number: Number, response: Response) -> WorkStory:
        response.headers.update(NO_STORE)
        with told():
            return WorkStory.told(view.one(number), view.turns(number))

    @routes.post("/work-orders/{number}/{act}", responses=described(404, 409))
    def act(number: Number, act: WorkAct, wish: WorkWish, who: OfWho) -> WorkStory:
        """Take it on, give it to somebody, answer, reopen, close. If somebody else has done
        something with it since, nothing is done."""
        with told():
            desk.act(who, number, Wish(act, wish.seen, wish.to, wish.words))
            return WorkStory.told(view.one(number), view.turns(number))
