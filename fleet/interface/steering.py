"""Commands and rollouts over the interface: what there is, and the acts, by the same desk as the
console's. A token may order and propose; the second person is never a program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response

from fleet.errors import RolloutError
from fleet.interface.acts import number as cursor_number
from fleet.interface.answers import LISTED, NO_STORE, OnePage
from fleet.interface.problems import described
from fleet.interface.steershapes import (
    DriftShape,
    FareShape,
    MemberShape,
    OrderShape,
    OrderWish,
    PreviewShape,
    RolloutShape,
    RolloutWish,
    SentShape,
    Turn,
)
from fleet.people.roles import NOBODY, Who
from fleet.rollouts.desk import RolloutDesk
from fleet.rollouts.shapes import At, Sent

STATUSES = {"unknown": 404, "role": 403, "moved_on": 409, "same_person": 409, "changed": 409,
            "under_way": 409}  # fmt: skip
MEDIA = {"logs": ("application/zip", "zip"), "picture": ("image/png", "png")}
BYTES = ("application/octet-stream", "bin")
ATTACHED: dict[int | str, dict[str, Any]] = {
    200: {"content": {media: {} for media, _ in (*MEDIA.values(), BYTES)}}
}

Number = Annotated[int, Path(ge=1, le=2**53)]
Command = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$")]


class OrderAct(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


class RolloutAct(StrEnum):
    APPROVE = "approve"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


def asking(request: Request) -> Who:
    """As the guard in front has found; nobody, where there is none."""
    found = getattr(request.state, "who", NOBODY)
    return found if isinstance(found, Who) else NOBODY


OfWho = Annotated[Who, Depends(asking)]


@contextmanager
def told() -> Iterator[None]:
    """Refusals of the desk, as problems."""
    try:
        yield
    except RolloutError as error:
        raise HTTPException(STATUSES.get(error.code, 422), str(error)) from None


def add(routes: APIRouter, desk: RolloutDesk) -> None:
    _orders(routes, desk)
    _order_acts(routes, desk)
    _rollouts(routes, desk)
    _rollout_acts(routes, desk)


def _orders(routes: APIRouter, desk: RolloutDesk) -> None:
    view = desk.view

    @routes.get("/orders", responses=LISTED)
    def orders(wanted: OnePage) -> list[OrderShape]:
        """Wishes of people and programs, newest first; each is for one terminal or many."""
        rows = view.orders(cursor_number(wanted.cursor), wanted.more)
        shown = wanted.shown(rows, lambda row: row.id)
        return [OrderShape.of(row) for row in shown]

    @routes.get("/orders/{number}", responses=described(404))
    def order(number: Number, response: Response) -> OrderShape:
        response.headers.update(NO_STORE)
        with told():
            return OrderShape.of(view.order(number))

    @routes.get("/orders/{number}/commands", responses={**LISTED, **described(404)})
    def commands(
        *, wanted: OnePage, number: Number,
        state: Sent | None = None,
    ) -> list[SentShape]:  # fmt: skip
        """What became of it at each terminal, by terminal."""
        with told():
            view.order(number)
        rows = view.sent(number, state or "", wanted.cursor, wanted.more)
        shown = wanted.shown(rows, lambda row: row.terminal)
        return [SentShape.model_validate(row) for row in shown]

    @routes.get(
        "/commands/{command}/attachment",
        responses={**ATTACHED, **described(404)}, response_class=Response,
    )  # fmt: skip
    def attachment(command: Command) -> Response:
        """What a command has brought: logs, or a picture of the screen."""
        with told():
            found = view.brought(command)
        media, end = MEDIA.get(found.kind, BYTES)
        shown = "inline" if found.kind == "picture" else "attachment"
        name = f'{shown}; filename="{found.terminal}-{command[:8]}.{end}"'
        return Response(found.body, media_type=media, headers={"Content-Disposition": name})


def _order_acts(routes: APIRouter, desk: RolloutDesk) -> None:
    @routes.post("/orders/preview")
    def preview(wish: OrderWish) -> PreviewShape:
        """Whom it would hit; nothing is done."""
        return PreviewShape.of(desk.view.preview(wish.wanted()))

    @routes.post("/orders", status_code=201, responses=described(409))
    def give(wish: OrderWish, who: OfWho) -> OrderShape:
        """Sent at once, or when a second person has approved it. `seen`: the terminals of a
        preview; if these have changed since, nothing is done."""
        with told():
            number = desk.order(who, wish.wanted(), wish.seen)
            return OrderShape.of(desk.view.order(number))

    @routes.post("/orders/{number}/{act}", responses=described(404, 409))
    def act(number: Number, act: OrderAct, who: OfWho) -> OrderShape:
        """Approving and refusing are for a second person."""
        with told():
            if act is OrderAct.WITHDRAW:
                desk.withdraw(who, number)
            else:
                desk.answer(who, number, approved=act is OrderAct.APPROVE)
            return OrderShape.of(desk.view.order(number))


def _rollouts(routes: APIRouter, desk: RolloutDesk) -> None:
    view = desk.view

    @routes.get("/rollouts", responses=LISTED)
    def rollouts(wanted: OnePage) -> list[RolloutShape]:
        """Newest first."""
        rows = view.rollouts(cursor_number(wanted.cursor), wanted.more)
        shown = wanted.shown(rows, lambda row: row.id)
        return [RolloutShape.of(row) for row in shown]

    @routes.get("/rollouts/drift")
    def drift(response: Response) -> list[DriftShape]:
        """Terminals that have something else than they are to have, and how far they are."""
        response.headers.update(NO_STORE)
        return [DriftShape.model_validate(one) for one in view.drift()]

    @routes.get("/rollouts/{number}", responses=described(404))
    def rollout(number: Number, response: Response) -> RolloutShape:
        response.headers.update(NO_STORE)
        with told():
            return RolloutShape.of(view.rollout(number))

    @routes.get("/rollouts/{number}/fares", responses=described(404))
    def fares(number: Number, response: Response) -> list[FareShape]:
        """How citizens fared: in the seven days before the switch, and since."""
        response.headers.update(NO_STORE)
        with told():
            return [FareShape.model_validate(one) for one in view.fares(number, desk.clock())]

    @routes.get("/rollouts/{number}/terminals", responses={**LISTED, **described(404)})
    def members(
        *, wanted: OnePage, number: Number,
        state: At | None = None,
    ) -> list[MemberShape]:  # fmt: skip
        """Each terminal of it, by terminal."""
        with told():
            view.rollout(number)
        rows = view.members(number, state or "", wanted.cursor, wanted.more)
        shown = wanted.shown(rows, lambda row: row.terminal)
        return [MemberShape.model_validate(row) for row in shown]


def _rollout_acts(routes: APIRouter, desk: RolloutDesk) -> None:
    @routes.post("/rollouts", status_code=201, responses=described(409))
    def propose(wish: RolloutWish, who: OfWho) -> RolloutShape:
        """Its first group waits for a person's approval, whatever is said."""
        with told():
            number = desk.propose(who, wish.proposal())
            return RolloutShape.of(desk.view.rollout(number))

    @routes.post("/rollouts/{number}/{act}", responses=described(404, 409))
    def act(number: Number, act: RolloutAct, turn: Turn, who: OfWho) -> RolloutShape:
        """`seen`: the rollout's `mark`; if it has moved on since, nothing is done."""
        ways = {RolloutAct.APPROVE: desk.approve, RolloutAct.PAUSE: desk.pause,
                RolloutAct.RESUME: desk.resume}  # fmt: skip
        with told():
            if act is RolloutAct.STOP:
                desk.stop(who, number, turn.seen, turn.reason)
            else:
                ways[act](who, number, turn.seen)
            return RolloutShape.of(desk.view.rollout(number))
