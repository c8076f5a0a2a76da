"""What everything that handles cases needs to know."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fleet.handling.orders import OrderRules
from fleet.handling.plan import Duty
from fleet.handling.ratings import Tags
from fleet.handling.sealing import CaseMarks, Vault
from fleet.store.database import Store
from kiosk.services import calendar
from kiosk.services.calendar import Calendar
from kiosk.services.item import Item


@dataclass(frozen=True, slots=True)
class Context:
    """`items`: by task_code. `clock`: epoch seconds."""

    store: Store
    key: X25519PrivateKey
    vault: Vault
    marks: CaseMarks
    items: Mapping[str, Item]
    duty: Duty
    orders: OrderRules
    tags: Tags
    calendar: Calendar
    clock: Callable[[], float] = time.time


def context(
    store: Store,
    key: X25519PrivateKey,
    identity_key: bytes,
    *,
    items: Mapping[str, Item],
    duty: Duty,
    clock: Callable[[], float] = time.time,
) -> Context:
    """With the rules and the calendar that come with the program. Raises `RulesError`."""
    return Context(
        store=store,
        key=key,
        vault=Vault(key),
        marks=CaseMarks(identity_key),
        items=items,
        duty=duty,
        orders=OrderRules.default(),
        tags=Tags.default(),
        calendar=calendar.default(),
        clock=clock,
    )
