"""What people and programs of the fleet ask over HTTP. No answer holds a citizen's data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST

from fleet import gateway
from fleet.identity.routes import Identity, router
from fleet.interface import problems
from fleet.interface import routes as interface
from fleet.interface.routes import Desk
from fleet.keys import Tokens
from fleet.metrics import Metrics
from fleet.shapes import HealthShape
from fleet.timing import Timed

TITLE, VERSION = "Kiosk fleet manager", "1"
Probes = Mapping[str, Callable[[], bool]]


def build(metrics: Metrics, probes: Probes, desk: Desk) -> FastAPI:
    """`probes`: what must work -> does it? `desk`: what other systems ask."""
    app = FastAPI(
        title=TITLE,
        version=VERSION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
    )
    app.state.reporter = desk.reporter  # for the console's pages, as the next
    app.state.rollouts = desk.rollouts
    app.state.work = desk.work
    app.add_middleware(Timed, seconds=metrics.http_seconds)
    problems.install(app)
    app.include_router(interface.router(desk))
    app.include_router(operations(metrics, probes))
    return app


def add_identity(app: FastAPI, identity: Identity, tokens: Tokens, metrics: Metrics) -> None:
    """Codes and PINs, for the gateway's terminals."""
    app.include_router(router(identity, gateway.known_terminal(tokens), metrics))


def operations(metrics: Metrics, probes: Probes) -> APIRouter:
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
