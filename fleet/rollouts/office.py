"""Starts what brings terminals up to date, and what asks them to act."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from fastapi import FastAPI

from fleet.certificates import files
from fleet.commands import Commander, Voice
from fleet.pki.keeper import Keeper
from fleet.place import Place
from fleet.rollouts import routes
from fleet.rollouts.worker import RolloutWorker
from fleet.store.database import Store
from fleet.updates.repository import Repository

FOLDER = "updates"  # in the fleet's own


def start(
    app: FastAPI, place: Place, store: Store, keeper: Keeper | None, *, known: Any, stack: ExitStack
) -> Callable[[], bool]:
    """`stack` stops it. Gives whether it does well. `known`: the dependency for terminals."""
    repository = Repository(place.var / FOLDER, time.time)
    app.include_router(routes.router(store, repository, known))
    commander = Commander(place.var, place.trust, place.tenant)
    voice = Voice(place.tenant, place.broker, keeper.authority if keeper else None)
    worker = RolloutWorker(store, commander, voice, refresh=lambda: refresh(repository))
    stack.callback(worker.stop)
    worker.start()
    return lambda: worker.healthy


def refresh(repository: Repository) -> None:
    """The online roles' word, before it is too old; nothing where there is no repository."""
    if not (repository.metadata / "timestamp.json").exists():
        return
    with files.locked(repository.folder):
        if repository.due():
            repository.refresh(force=True)
