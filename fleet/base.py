"""What the parts of a fleet manager stand on, made once and handed to each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fleet import keys
from fleet.archive.earlier import Earlier
from fleet.archive.pages import Pages
from fleet.handling.context import Context, context
from fleet.live import Live
from fleet.metrics import Metrics
from fleet.payment.items import HeldItems
from fleet.pki.keeper import Keeper
from fleet.place import Outside, Place
from fleet.store.database import Store

Probes = dict[str, Callable[[], bool]]  # name -> does this part do well?


@dataclass(frozen=True, slots=True)
class Secrets:
    case: X25519PrivateKey
    identity: bytes
    tokens: keys.Tokens

    @classmethod
    def of(cls, place: Place) -> Secrets:
        return cls(
            keys.case_key(place.var, place.trust),
            keys.identity_key(place.var),
            keys.tokens(place.var, place.trust),
        )


@dataclass(frozen=True, slots=True)
class Base:
    """`keeper`: of the certificates, where the link has any. `items`: as they are now, and as they
    were for cases of before. `life`: what cases go through."""

    place: Place
    store: Store
    secrets: Secrets
    outside: Outside
    keeper: Keeper | None
    metrics: Metrics
    live: Live
    items: HeldItems
    life: Context
    earlier: Earlier

    @classmethod
    def of(cls, place: Place, secrets: Secrets, outside: Outside, store: Store,
           keeper: Keeper | None) -> Base:  # fmt: skip
        metrics, live = Metrics(), Live(store, place.stale_seconds)
        metrics.show(live)
        offered = place.items.values()
        items = HeldItems(place.read_items or (lambda: offered), store, now=offered)
        life = context(store, secrets.case, secrets.identity, items=place.items, duty=place.duty)
        pages = Pages(store, secrets.case)
        earlier = Earlier(store, life.key, life.marks, life.items, pages)
        return cls(place, store, secrets, outside, keeper, metrics, live, items, life, earlier)
