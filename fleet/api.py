"""What people and programs of the fleet ask over HTTP. No answer holds a citizen's data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, FastAPI, HTTPException, Path, Query, Response
from prometheus_client import CONTENT_TYPE_LATEST

from fleet import gateway
from fleet.keys import Tokens
from fleet.live import Live
from fleet.metrics import Metrics
from fleet.shapes import AlarmShape, HealthShape, TerminalShape, TransactionShape
from fleet.store.database import Store

TerminalId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,32}$")]
Limit = Annotated[int, Query(ge=1, le=500)]
Before = Annotated[int | None, Query(ge=1, description="`position` of the last row seen")]
OfTerminal = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9-]{1,32}$")]

Probes = Mapping[str, Callable[[], bool]]


def build(store: Store, live: Live, tokens: Tokens, metrics: Metrics, probes: Probes) -> FastAPI:
    """`probes`: what must work -> does it?"""
    app = FastAPI(
        title="Kiosk fleet manager",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
    )
    app.include_router(gateway.router(store, tokens))
    app.include_router(_fleet(live))
    app.include_router(_operations(metrics, probes))
    return app


def _fleet(live: Live) -> APIRouter:
    routes = APIRouter(prefix="/api/v1", tags=["fleet"])

    @routes.get("/terminals")
    def terminals() -> list[TerminalShape]:
        return [TerminalShape.of(row) for row in live.terminals()]

    @routes.get("/terminals/{terminal_id}", responses={404: {"description": "Never heard of"}})
    def terminal(terminal_id: TerminalId) -> TerminalShape:
        row = live.terminal(terminal_id)
        if row is None:
            raise HTTPException(404, "no such terminal")
        return TerminalShape.of(row)

    @routes.get("/transactions")
    def transactions(
        limit: Limit = 50, before: Before = None, terminal: OfTerminal = None
    ) -> list[TransactionShape]:
        """Newest first."""
        rows = live.transactions(limit, before, terminal)
        return [TransactionShape.of(row) for row in rows]

    @routes.get("/alarms")
    def alarms(limit: Limit = 50) -> list[AlarmShape]:
        """The latest seen first."""
        return [AlarmShape.of(row) for row in live.alarms(limit)]

    return routes


def _operations(metrics: Metrics, probes: Probes) -> APIRouter:
    routes = APIRouter(tags=["operations"])

    @routes.get("/metrics", response_class=Response)
    def prometheus() -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    @routes.get("/healthz", responses={503: {"model": HealthShape}})
    def healthz(response: Response) -> HealthShape:
        failing = [name for name, works in probes.items() if not works()]
        if failing:
            response.status_code = 503
        response.headers["Cache-Control"] = "no-store"
        return HealthShape(status="failing" if failing else "ok", reasons=failing)

    return routes
