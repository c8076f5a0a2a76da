"""What terminals fetch (TUF's metadata and bytes) and bring (what a command asked for)."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse
from sqlalchemy import select

from fleet.store.database import Store, put
from fleet.store.rollout_tables import attachments, order_terminals
from fleet.updates.repository import Repository
from kiosk.wire import ATTACHMENTS, UPDATES

MOST_BYTES = 8 * 2**20
Name = Annotated[str, InPath(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,200}$")]
Id = Annotated[str, InPath(pattern=r"^[0-9a-f]{32}$")]
Kind = Annotated[str, Query(pattern=r"^(logs|picture)$")]


def router(store: Store, repository: Repository, known: Any) -> APIRouter:
    """`known`: the dependency that asks for a terminal's token."""
    routes = APIRouter(tags=["updates"], dependencies=[known])
    missing: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such file"}}

    @routes.get(f"{UPDATES}/metadata/{{name}}", responses=missing)
    def metadata(name: Name) -> FileResponse:
        return _file(repository.metadata / name, "no-store")

    @routes.get(f"{UPDATES}/targets/{{name}}", responses=missing)
    def target(name: Name) -> FileResponse:
        """Under the name of its own hash; a part of it, if only a part is asked for."""
        return _file(repository.bytes / name, "private, max-age=86400")

    @routes.put(f"{ATTACHMENTS}/{{command}}", responses={404: {"description": "Not asked for"}})
    async def bring(command: Id, kind: Kind, request: Request) -> Response:
        """Who knows a command's number is the terminal that was given it."""
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                raise HTTPException(413, "too much")
        if not _keep(store, command, kind, bytes(body)):
            raise HTTPException(404, "nobody asked for it")
        return Response(status_code=201)

    return routes


def _file(path: Any, cache: str) -> FileResponse:
    if not path.is_file():
        raise HTTPException(404, "there is no such file")
    headers = {"Cache-Control": cache, "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


def _keep(store: Store, command: str, kind: str, body: bytes) -> bool:
    with store.write() as connection:
        query = select(order_terminals.c.terminal).where(order_terminals.c.command == command)
        terminal = connection.scalar(query)
        if terminal is None:
            return False
        row = {"command": command, "terminal": terminal, "kind": kind, "body": body,
               "received_at": time.time()}  # fmt: skip
        put(connection, attachments, row, ("command",))
    return True
