"""Answers in pages, and answers that need not be sent again.

A list goes on at the address in its `Link` header (`rel="next"`, RFC 8288); without one it is the
last page. The `cursor` in it is nobody's to take apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, TypeAdapter
from starlette.datastructures import URL, MutableHeaders

T = TypeVar("T")
S = TypeVar("S", bound=BaseModel)
NO_STORE = {"Cache-Control": "no-store"}
LINK = {"Link": {"schema": {"type": "string"}, "description": 'the next page, rel="next"'}}
LISTED: dict[int | str, dict[str, Any]] = {200: {"headers": LINK}}
TAG = {"ETag": {"schema": {"type": "string"}, "description": "for If-None-Match"}}
TAGGED: dict[int | str, dict[str, Any]] = {
    200: {"headers": TAG},
    304: {"description": "As the one that you have"},
}


@dataclass(frozen=True, slots=True)
class Page:
    """How many are wanted, after which one; and where the next ones would be asked for."""

    limit: int
    cursor: str
    url: URL
    headers: MutableHeaders = field(repr=False)

    @property
    def more(self) -> int:
        """One above the limit: whether there is another page."""
        return self.limit + 1

    def shown(self, rows: Sequence[T], key: Callable[[T], object]) -> list[T]:
        """The rows of this page; names the next one in the header. `key`: cursor after a row."""
        shown = list(rows[: self.limit])
        if len(rows) > self.limit:
            following = self.url.include_query_params(cursor=key(shown[-1]), limit=self.limit)
            self.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
        self.headers.update(NO_STORE)
        return shown


def page(
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str, Query(pattern=r"^[A-Za-z0-9._~-]{0,80}$")] = "",
) -> Page:
    return Page(limit, cursor, request.url, response.headers)


OnePage = Annotated[Page, Depends(page)]


def tagged(request: Request, body: S, *, apart: frozenset[str] = frozenset()) -> Response:
    """With an entity tag of everything but the fields `apart`; 304 for whoever has it."""
    told = TypeAdapter(type(body)).dump_python(body, mode="json")
    known = {name: value for name, value in told.items() if name not in apart}
    tag = f'W/"{hashlib.sha256(repr(known).encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    asked = request.headers.get("if-none-match", "")
    if asked.strip() == "*" or tag in [one.strip() for one in asked.split(",")]:
        return Response(status_code=304, headers=headers)
    return JSONResponse(told, headers=headers)
