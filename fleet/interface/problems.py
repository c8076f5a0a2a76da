"""Errors as RFC 9457 tells them: `application/problem+json`, with words that help."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from fleet import window

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/v1/"


class FieldFault(BaseModel):
    """What is wrong with one parameter."""

    where: str = Field(description="such as `query.limit`")
    why: str


class Problem(BaseModel):
    """`type` is always `about:blank`: the status says what kind it is."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldFault] = []


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "model": Problem,
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Only for these addresses: terminals and pages keep the errors that they know."""

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if not _ours(request):
            return await http_exception_handler(request, error)
        return problem(error.status_code, str(error.detail), headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        if not _ours(request):
            return await request_validation_exception_handler(request, error)
        faults = [
            FieldFault(where=".".join(map(str, one["loc"])), why=one["msg"])
            for one in error.errors()
        ]
        return problem(422, "a parameter is outside its limits", faults)


def problem(
    status: int, detail: str, faults: list[FieldFault] | None = None, *, headers: Any = None
) -> JSONResponse:
    told = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=detail, errors=faults or []
    )
    return JSONResponse(told.model_dump(), status, headers=headers, media_type=MEDIA_TYPE)


def _ours(request: Request) -> bool:
    path = request.url.path
    return path.startswith(PREFIX) and not path.startswith(window.OPEN)
