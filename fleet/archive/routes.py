"""Over HTTP: scanned pages, put as often as it takes; and what earlier cases of a person hold."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import structlog
from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import SQLAlchemyError

from fleet.archive.earlier import Earlier
from fleet.archive.pages import Kept, Pages
from fleet.identity.answers import Answer
from fleet.identity.door import Closed, Door
from fleet.records import NOT_JSON
from fleet.shapes import SealedShape, Shape
from kiosk import wire
from kiosk.wire import PageFault

PRIVATE = {"Cache-Control": "no-store"}
STATUS = {
    PageFault.BAD_SEAL: 400,
    PageFault.TOO_LARGE: 413,
    PageFault.NO_PICTURE: 415,
    PageFault.WRONG_DIGEST: 422,
    PageFault.NO_ROOM: 507,
}
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
log = structlog.get_logger("fleet.pages")


class PageShape(Shape):
    digest: str
    size: int


class PageFaultShape(Shape):
    fault: PageFault


RESPONSES: dict[int | str, dict[str, Any]] = {
    **{status: {"model": PageFaultShape} for status in STATUS.values()},
    200: {"model": PageShape, "description": "It is here already"},
    201: {"model": PageShape, "description": "Committed"},
    401: {"description": "No token, or an unknown one"},
}


class EarlierAsked(msgspec.Struct, frozen=True):
    kinds: list[Annotated[str, msgspec.Meta(max_length=64)]]


class FiledShape(Shape):
    """`day`: ISO date on which it was given; `trust`: A to D."""

    kind: str
    case_no: str
    day: str
    trust: str


class EarlierShape(Shape):
    filed: list[FiledShape]


def earlier_router(earlier: Earlier, door: Door, known_terminal: Any) -> APIRouter:
    """What the earlier cases of a person hold: asked sealed, and not too often."""
    routes = APIRouter(prefix=wire.EARLIER, tags=["archive"], dependencies=[known_terminal])

    @routes.post("", response_model=EarlierShape)
    def filed(body: SealedShape, request: Request) -> Response:
        opened = _admitted(door, request.state.terminal, body.sealed)
        try:
            asked = msgspec.json.decode(opened.secret, type=EarlierAsked)
        except NOT_JSON:
            raise HTTPException(422, "malformed", PRIVATE) from None
        found = earlier.on_file(opened.number, asked.kinds)
        shape = EarlierShape(filed=[FiledShape.model_validate(one) for one in found])
        told = shape.model_dump_json().encode()
        headers = {**PRIVATE, wire.ANSWER_MAC: wire.mac(opened.nonce, told)}
        return Response(told, 200, headers, "application/json")

    return routes


def _admitted(door: Door, terminal: str, sealed: str) -> wire.IdentityRequest:
    opened = door.open(wire.EARLIER_PURPOSE, sealed)
    stopped = opened if isinstance(opened, Closed) else door.admit(terminal, opened)
    if isinstance(stopped, Answer):
        raise HTTPException(429, "too soon", {**PRIVATE, "Retry-After": str(stopped.wait)})
    if isinstance(opened, Closed) or isinstance(stopped, Closed):
        why = opened if isinstance(opened, Closed) else stopped
        log.warning("earlier_refused", terminal=terminal, why=str(why))
        raise HTTPException(400 if why is Closed.SEAL else 409, str(why), PRIVATE)
    return opened


def router(pages: Pages, known_terminal: Any) -> APIRouter:
    """`known_terminal`: the gateway's dependency. An answer proves that its giver opened it."""
    routes = APIRouter(prefix=wire.PAGES, tags=["pages"], dependencies=[known_terminal])
    body = {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}

    @routes.put(
        "/{digest}", responses=RESPONSES, response_model=None, openapi_extra={"requestBody": body}
    )
    async def take(digest: Digest, request: Request) -> Response:
        sealed = await _read(request)
        told: Kept | PageFault = PageFault.TOO_LARGE
        if sealed is not None:
            told = await run_in_threadpool(_keep, pages, digest, sealed)
        if isinstance(told, Kept):
            return _taken(digest, told)
        log.warning("page_refused", terminal=request.state.terminal, fault=told.value)
        shape = PageFaultShape(fault=told).model_dump_json()
        return Response(shape, STATUS[told], PRIVATE, "application/json")

    return routes


def _keep(pages: Pages, digest: str, sealed: bytes) -> Kept | PageFault:
    try:
        return pages.keep(digest, sealed)
    except SQLAlchemyError as error:
        log.error("page_not_kept", error=type(error).__name__)
        return PageFault.NO_ROOM


def _taken(digest: str, kept: Kept) -> Response:
    body = PageShape(digest=digest, size=kept.size).model_dump_json().encode()
    headers = {**PRIVATE, wire.ANSWER_MAC: wire.mac(kept.proof, body)}
    return Response(body, 201 if kept.fresh else 200, headers, "application/json")


async def _read(request: Request) -> bytes | None:
    """None: longer than a page can be; the rest is not read."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > wire.MAX_SEALED_PAGE:
            return None
    return bytes(body)
