"""What was handed over and what comes later, as receipts say it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kiosk.services.materials import Source
from kiosk.session.views_identity import text
from kiosk.session.views_materials import said
from kiosk.session.visit import Visit
from kiosk.slips.facts import Given, Promised


def given_of(visit: Visit) -> tuple[Given, ...]:
    """What was handed over, for a receipt."""
    return tuple(_given(visit))


def promised_of(visit: Visit) -> tuple[Promised, ...]:
    """What comes later, and by when."""
    there = visit.given
    return tuple(
        Promised(text(need.material.material_name), date.fromisoformat(there[need.code].due))
        for need in visit.needs
        if need.code in there and there[need.code].source == Source.PROMISE
    )


def _given(visit: Visit) -> Iterator[Given]:
    there = visit.given
    for need in visit.needs:
        given = there.get(need.code)
        if given is not None and given.source != Source.PROMISE:
            yield Given(text(need.material.material_name), said(given))
