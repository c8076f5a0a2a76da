"""What a fleet manager does by itself: alarms, other systems that are told, rows that go."""

from __future__ import annotations

from contextlib import ExitStack

from fleet.alarms.office import AlarmOffice
from fleet.base import Probes
from fleet.digest.office import DigestOffice
from fleet.live import Live
from fleet.people.audit import Audit
from fleet.place import Place
from fleet.retention import Nightly
from fleet.store.database import Store
from fleet.webhooks.office import WebhookOffice


def start(
    place: Place, store: Store, live: Live, *, audit: Audit | None, stack: ExitStack,
    probes: Probes,
) -> AlarmOffice | None:  # fmt: skip
    """`stack` stops it; `probes` are added to. Raises `StartError` for rules that are not sound."""
    if place.retention is not None:
        others = {} if audit is None else {"audit": lambda before: _thin(store, audit, before)}
        days = {kind: days for kind, days in place.retention.days.items()
                if kind != "audit" or audit is not None}  # fmt: skip
        nightly = Nightly(store, days, place.retention.hour, others=others)
        nightly.start()
        stack.callback(nightly.stop)
        probes["retention"] = lambda: nightly.healthy
    if place.webhooks:
        herald = WebhookOffice(store, place.tenant, place.webhooks)
        herald.start()
        stack.callback(herald.stop)
        probes["webhooks"] = lambda: herald.healthy
    office = AlarmOffice(store, live, place.alarms) if place.alarms else None
    if office is not None:
        office.start()
        stack.callback(office.stop)
        probes["alarms"] = lambda: office.healthy
    if place.digest is not None:
        digest = DigestOffice(store, live, office.view if office else None, place.digest)
        digest.start()
        stack.callback(digest.stop)
        probes["digest"] = lambda: digest.healthy
    return office


def _thin(store: Store, audit: Audit, before: float) -> int:
    with store.write() as connection:
        return audit.prune(connection, before)
