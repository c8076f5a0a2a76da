"""What terminals ask over HTTP: how a case stands, and its certificate."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from fleet import cases
from fleet.keys import Tokens
from fleet.shapes import CaseShape
from fleet.store.database import Store

CaseNo = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
PRIVATE = {"Cache-Control": "no-store"}

bearer = HTTPBearer(auto_error=False, description="The terminal's gateway token")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


def router(store: Store, tokens: Tokens) -> APIRouter:
    """Every route asks for a token; no answer may be kept by a cache."""

    def known_terminal(given: Credentials) -> None:
        if given is None or not tokens.owner(given.credentials):
            headers = {"WWW-Authenticate": "Bearer", **PRIVATE}
            raise HTTPException(401, "unknown token", headers)

    routes = APIRouter(
        prefix="/api/v1/gateway",
        tags=["gateway"],
        dependencies=[Depends(known_terminal)],
        responses={401: {"description": "No token, or an unknown one"}},
    )

    @routes.get("/cases/{case_no}", responses={404: {"description": "Not (yet) committed"}})
    def case(case_no: CaseNo, response: Response) -> CaseShape:
        response.headers.update(PRIVATE)
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
    def certificate(case_no: CaseNo) -> Response:
        pdf = cases.certificate(store, case_no)
        if pdf is None:
            raise HTTPException(404, "no certificate", PRIVATE)
        return Response(pdf, media_type="application/pdf", headers=PRIVATE)

    return routes
