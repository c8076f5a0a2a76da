"""Workers for each platform: one that is away or slow costs its own cases only.

One thread hands cases over; a second fetches what became of those that were pending, from
platforms that can say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fleet.archive.desk import PageDesk
from fleet.archive.earlier import Earlier
from fleet.cases import CaseWorker
from fleet.conclusions import Concluder
from fleet.metrics import Metrics
from fleet.platform.contract import Concluding, Platform, TakesPages
from fleet.store.database import Store
from fleet.woken import Woken


class CaseWorkers:
    """`route`: a task_code to a name in `platforms`. `guard`: put in front of each platform, for
    cases that are handed over. `earlier`: what cases may take over from those before."""

    def __init__(  # noqa: PLR0917 - what each is is plain from its type
        self,
        store: Store,
        key: X25519PrivateKey,
        platforms: Mapping[str, Platform],
        route: Callable[[str], str],
        metrics: Metrics,
        guard: Callable[[Platform], Platform] = lambda platform: platform,
        earlier: Earlier | None = None,
    ) -> None:
        def owner(name: str) -> Callable[[str], bool]:
            return lambda task_code: route(task_code) == name

        self._workers: list[Woken] = [
            CaseWorker(
                store, key, guard(one), metrics, mine=owner(name), name=f"cases-{name}",
                desk=PageDesk(
                    store, key, one if isinstance(one, TakesPages) else None, earlier
                ),
            )
            for name, one in platforms.items()
        ]  # fmt: skip
        self._workers += [
            Concluder(store, key, one, metrics, mine=owner(name), name=f"conclusions-{name}")
            for name, one in platforms.items()
            if isinstance(one, Concluding)
        ]

    def start(self) -> None:
        for worker in self._workers:
            worker.start()

    @property
    def healthy(self) -> bool:
        return all(worker.healthy for worker in self._workers)

    def stop(self) -> None:
        """All end after the case in hand, at the same time."""
        for worker in self._workers:
            worker.ask_to_stop()
        for worker in self._workers:
            worker.stop()
