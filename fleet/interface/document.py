"""The interface's OpenAPI document, from the routes themselves: `python -m fleet openapi`."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from fastapi import FastAPI

from fleet import api
from fleet.handling.answering import AnswerDesk
from fleet.interface.routes import Desk, router
from fleet.live import Live
from fleet.metrics import Metrics
from fleet.reports.build import Reporter
from fleet.rollouts.desk import RolloutDesk
from fleet.store.database import Store


def document() -> dict[str, Any]:
    """As other systems see it, without what terminals alone ask."""
    store = Store("sqlite://")
    live = Live(store, 90)
    app = FastAPI(title=api.TITLE, version=api.VERSION)
    work = AnswerDesk(store, X25519PrivateKey.generate())
    desk = Desk(store, live, Reporter(store, {}), RolloutDesk(store), work)
    app.include_router(router(desk))
    app.include_router(api.operations(Metrics(), {}))
    found = app.openapi()
    store.close()
    found["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "scopes: view, reports, …"}
    }
    found["security"] = [{"token": []}]
    return found


def text() -> str:
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"
