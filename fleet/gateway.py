"""What terminals ask over HTTP: how a case stands, and its certificate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from fleet import cases
from fleet.keys import Tokens
from fleet.lookups import Lookups
from fleet.shapes import CaseShape
from fleet.store.database import Store

CaseNo = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
PRIVATE = {"Cache-Control": "no-store"}

bearer = HTTPBearer(auto_error=False, description="The terminal's gateway token")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


def known_terminal(tokens: Tokens) -> Any:
    """A dependency that asks for a token; its owner is then `request.state.terminal`."""

    def check(request: Request, given: Credentials) -> None:
        owner = tokens.owner(given.credentials) if given else ""
        if not owner:
            headers = {"WWW-Authenticate": "Bearer", **PRIVATE}
            raise HTTPException(401, "unknown token", headers)
        request.state.terminal = owner

    return Depends(check)


def router(
    store: Store,
    tokens: Tokens,
    withheld: Callable[[str], bool],
    lookups: Lookups | None = None,
) -> APIRouter:
    """Every route asks for a token; no answer may be kept by a cache.

    `withheld`: must this case's result stay here, until a promised material has come? `lookups`:
    how many cases of others a terminal may ask for; None: as many as it likes.
    """
    routes = APIRouter(
        prefix="/api/v1/gateway",
        tags=["gateway"],
        dependencies=[known_terminal(tokens)],
        responses={
            401: {"description": "No token, or an unknown one"},
            429: {"description": "This terminal looks up too many cases"},
        },
    )

    @routes.get("/cases/{case_no}", responses={404: {"description": "Not (yet) committed"}})
    def case(case_no: CaseNo, request: Request, response: Response) -> CaseShape:
        response.headers.update(PRIVATE)
        if lookups is not None:
            lookups.check_state(request, case_no)
        progress = cases.progress(store, case_no)
        if progress is None:
            raise HTTPException(404, "no such case", PRIVATE)
        return CaseShape.model_validate(progress)

    @routes.get(
        "/cases/{case_no}/certificate",
        response_class=Response,
        responses={
            200: {"content": {"application/pdf": {}}, "description": "The sealed PDF"},
            404: {"description": "There is none"},
        },
    )
    def certificate(case_no: CaseNo, request: Request) -> Response:
        if lookups is not None:
            lookups.check_state(request, case_no)
        pdf = None if withheld(case_no) else cases.certificate(store, case_no)
        if pdf is None:
            raise HTTPException(404, "no certificate", PRIVATE)
        return Response(pdf, media_type="application/pdf", headers=PRIVATE)

    return routes
