"""Starts what takes messages in: the link to the broker, and the ingest with its workers."""

from __future__ import annotations

from contextlib import ExitStack

import structlog

from fleet.base import Base, Probes
from fleet.ingest import Ingest
from fleet.link import Link
from fleet.pki.access import KEPT
from fleet.pki.keeper import TRUST
from fleet.place import Place
from fleet.worker import Post
from fleet.workers import Workers
from kiosk.wire.topics import UP

LINK_SECONDS = 15.0

log = structlog.get_logger("fleet")


def start(base: Base, stack: ExitStack, probes: Probes) -> Workers:
    """`stack` stops it; `probes` are added to. Without a broker it goes on trying."""
    place, store = base.place, base.store
    ingest = Ingest(store, place.tenant, base.metrics)
    workers = Workers(place.workers, _post(place), base.metrics, store.changes)
    link = Link(
        place.broker,
        place.tenant,
        put=ingest.put,
        next_session=lambda: store.count("host.session"),
        secure=base.keeper.client if base.keeper else None,
        # Retained messages are not given to those who share: their topics stay here.
        leaves=[leaf for leaf in UP if not (place.workers and leaf in KEPT)],
        online=lambda: workers.ready or not place.workers,
    )
    base.metrics.broker_connected.set_function(lambda: link.connected)
    ingest.start(link.send)
    stack.callback(ingest.stop)
    workers.start()
    stack.callback(workers.stop)
    stack.callback(link.stop)
    if not link.start(LINK_SECONDS):
        log.error("broker_unreachable", host=place.broker[0], port=place.broker[1])
    probes["broker"] = lambda: link.connected
    probes["store"] = store.answers
    probes["ingest"] = lambda: ingest.healthy and workers.healthy
    return workers


def _post(place: Place) -> Post:
    """Of a worker of the ingest."""
    folder, root = str(place.var / "pki"), str(place.trust / TRUST)
    secure = (folder, root) if place.secure else None
    return Post(0, place.tenant, place.store_url, place.broker, secure)
