"""What stands between a received case and its platform: its pages, and those of earlier cases."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fleet.archive.earlier import Earlier
from fleet.archive.pages import Pages, overdue
from fleet.platform.contract import Platform, PlatformError, Reporting, TakesPages
from fleet.store.database import Store
from kiosk import wire

LOOK_SECONDS = 3600.0
PATIENCE_SECONDS = 24 * 3600.0


class PageDesk:
    """`takes`: a platform that is given the pages. Without `earlier` nothing is taken over.
    `clock`: epoch seconds."""

    def __init__(
        self,
        store: Store,
        key: X25519PrivateKey,
        takes: TakesPages | None = None,
        earlier: Earlier | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._clock, self._next = store, clock, 0.0
        self._pages = Pages(store, key)
        self._takes, self._earlier = takes, earlier

    def ready(self, case: wire.CasePayload) -> wire.CasePayload | None:
        """The case as its platform gets it; None: it waits for its pages."""
        if not self._pages.complete(case):
            return None
        return self._earlier.use(case) if self._earlier else case

    def remind(self) -> None:
        """Looks once an hour for cases that have waited for a day: somebody has to see to them."""
        now = self._clock()
        if now >= self._next:
            self._next = now + LOOK_SECONDS
            overdue(self._store, now, now - PATIENCE_SECONDS)

    def bring(self, case: wire.CasePayload) -> None:
        """Each page, so that nobody decides without having been able to see it.

        Raises `PlatformError`.
        """
        if self._takes is None:
            return
        for digest in sorted({page for one in case.materials for page in one.pages}):
            picture = self._pages.picture(digest)
            if picture is not None:
                self._takes.page(case, digest, picture)


class LaterDesk:
    """Brings what was handed in later to the platform that has the case: its pages, then the case.

    `route`: a task_code to a name in `platforms`.
    """

    def __init__(
        self,
        store: Store,
        key: X25519PrivateKey,
        platforms: Mapping[str, Platform],
        route: Callable[[str], str],
        earlier: Earlier | None = None,
    ) -> None:
        self._store, self._key = store, key
        self._platforms, self._route, self._earlier = platforms, route, earlier

    def use(self, case: wire.CasePayload) -> wire.CasePayload:
        """As `Earlier.use`."""
        return self._earlier.use(case) if self._earlier else case

    def bring(self, case: wire.CasePayload, fresh: Collection[str]) -> None:
        """`case`: with all of its materials; `fresh`: codes of those that its platform has not
        got. Idempotent. Raises `PlatformError`."""
        platform = self._platforms[self._route(case.task_code)]
        if not isinstance(platform, Reporting):
            raise PlatformError("this platform takes no supplements")
        ready = self.use(case)
        new = [one for one in ready.materials if one.code in fresh]
        takes = platform if isinstance(platform, TakesPages) else None
        PageDesk(self._store, self._key, takes).bring(msgspec.structs.replace(ready, materials=new))
        platform.supplement(ready)
