"""Starts what brings cases to the platforms, follows their steps, and sees to their payments."""

from __future__ import annotations

from contextlib import ExitStack

from fleet.archive.desk import LaterDesk
from fleet.base import Base, Probes
from fleet.caseworkers import CaseWorkers
from fleet.handling.worker import HandlingWorker
from fleet.payment.office import PaymentOffice
from fleet.platform.contract import Reporting


def start(base: Base, stack: ExitStack, probes: Probes) -> PaymentOffice:
    """`stack` stops it; `probes` are added to."""
    place, outside, store = base.place, base.outside, base.store
    outside.platforms.start()
    stack.callback(outside.platforms.close)
    office = PaymentOffice(store, outside.provider, base.items, place.pay_seconds)
    worker = CaseWorkers(
        store, base.secrets.case, outside.platforms.by_name, outside.platforms.routes.name,
        base.metrics, office.guard, base.earlier,
    )  # fmt: skip
    handler = _handler(base)
    for part in (office, worker, handler):
        part.start()
        stack.callback(part.stop)
    probes["cases"] = lambda: worker.healthy
    probes["handling"] = lambda: handler.healthy
    probes["payments"] = lambda: office.healthy
    return office


def _handler(base: Base) -> HandlingWorker:
    """Steps are told by the platforms that can."""
    life, platforms = base.life, base.outside.platforms
    reporting: dict[str, Reporting] = {
        name: one for name, one in platforms.by_name.items() if isinstance(one, Reporting)
    }
    desk = LaterDesk(life.store, life.key, platforms.by_name, platforms.routes.name, base.earlier)
    return HandlingWorker(life, reporting, bring=desk.bring, use=desk.use)
