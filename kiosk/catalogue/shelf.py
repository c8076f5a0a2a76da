"""A terminal's shelf: takes new bundles out of a folder, and keeps the last good ones.

Whatever is put into `incoming` is only looked at. What is good is copied onto the shelf first, and
checked there; then `state.json` is replaced, which names the bundle in use and the highest number
ever taken. So a power cut at any moment leaves the old bundle in use, or the new one. Rules:

1. A number that was passed is never taken again: what was withdrawn stays withdrawn.
2. A bundle on the shelf that is damaged is replaced by the same one, if it is still in `incoming`;
   until then the one before is used.
"""

from __future__ import annotations

import errno
import math
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk import durable
from kiosk.catalogue import bundle, state
from kiosk.catalogue.bundle import SUFFIX, Bundle
from kiosk.catalogue.items import UNREADABLE, catalogue, check_items
from kiosk.catalogue.keys import TRUSTED, trusted
from kiosk.catalogue.state import State
from kiosk.catalogue.statement import Refusal, Statement
from kiosk.services.load import Catalogue

NOTHING = Catalogue((), "")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
_PASSING = {Refusal.NO_ROOM, Refusal.UNREADABLE}  # which time may cure
_PATIENCE = 60.0  # seconds until they are tried again
_Keys = Mapping[bytes, Ed25519PublicKey]
log = structlog.get_logger("catalogue")


class Shelf:
    """Several processes may have one over the same folder; each is used by one thread at a time.

    `folder`: the terminal's own; `incoming`: where bundles (`*.kcb`) appear; `trust`: the folder
    with `catalogue.json`.
    """

    def __init__(self, folder: Path, incoming: Path, trust: Path, tenant: str) -> None:
        self._folder, self._incoming = folder, incoming
        self._trust, self._tenant = trust, tenant
        self._seen: list[tuple[Path, tuple[int, ...]]] | None = None
        self._using: Bundle | None = None
        self._current = NOTHING
        self._again = math.inf  # when to try once more, by the monotonic clock
        self._refused: dict[str, Refusal] = {}

    @property
    def refused(self) -> Mapping[str, Refusal]:
        """Names of the files in `incoming` that are not taken, and why."""
        return MappingProxyType(self._refused)

    def look(self) -> Catalogue:
        """The catalogue to begin a visit with: the same object until another bundle was taken.

        A few calls of `stat` while nothing has changed; otherwise bundles are read and hashed,
        which can take seconds. `NOTHING` when there is no good bundle at all. When the shelf
        cannot be read or written, what is in use stays.
        """
        seen = list(self._sights())
        if seen == self._seen and time.monotonic() < self._again:
            return self._current
        try:
            with durable.locked(self._folder):
                self._renew()
            seen = list(self._sights())
        except OSError as error:
            log.error("catalogue_shelf", error=error.strerror)
            self._again = time.monotonic() + _PATIENCE
        self._seen = seen
        return self._current

    def _sights(self) -> Iterator[tuple[Path, tuple[int, ...]]]:
        """Whatever may change what there is to do, and what shows that it has changed."""
        for path in (self._folder / state.NAME, self._trust / TRUSTED, *self._arrivals()):
            try:
                found = path.stat()
            except OSError:
                continue
            yield path, (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)

    def _arrivals(self) -> list[Path]:
        return sorted(self._incoming.glob(f"*{SUFFIX}"))

    def _renew(self) -> None:
        keys = trusted(self._trust)
        kept = state.read(self._folder) or self._rebuilt(keys)
        using = self._newest_good(kept, keys)
        refused: dict[str, Refusal] = {}
        for path, statement in self._offers(keys, refused):
            if using is not None and statement == using.statement:
                continue
            taken = kept.objection(statement) or self._take(path, statement, keys)
            if isinstance(taken, Refusal):
                refused[path.name] = taken
                continue
            using, kept = taken, kept.having(statement)
            state.write(self._folder, kept)
            log.info("catalogue_taken", version=statement.version)
        self._tell(refused)
        self._use(using)
        self._tidy(kept)

    def _offers(self, keys: _Keys, refused: dict[str, Refusal]) -> list[tuple[Path, Statement]]:
        """What claims to be a bundle of ours, the newest first."""
        found = []
        for path in self._arrivals():
            statement = bundle.peek(path, keys, self._tenant)
            if isinstance(statement, Refusal):
                refused[path.name] = statement
            else:
                found.append((path, statement))
        return sorted(found, key=lambda one: -one[1].number)

    def _take(self, path: Path, statement: Statement, keys: _Keys) -> Bundle | Refusal:
        """Copy it, check the copy down to its items, and give it its name here."""
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=durable.TEMPORARY)
        copy, place = Path(name), self._folder / state.name_of(statement)
        try:
            with path.open("rb") as source, os.fdopen(handle, "wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            found = bundle.check(copy, keys, self._tenant)
            if isinstance(found, Refusal):
                return found
            if found.statement != statement:
                return Refusal.CHANGED  # while it was looked at
            check_items(found)
            durable.put(copy, place)
        except OSError as error:
            return Refusal.NO_ROOM if error.errno in _FULL else Refusal.UNREADABLE
        except UNREADABLE:
            return Refusal.OTHER_FORMAT
        finally:
            copy.unlink(missing_ok=True)
        return Bundle(place, statement)

    def _newest_good(self, kept: State, keys: _Keys) -> Bundle | None:
        """Of those on the shelf. What is in use was hashed when it was opened."""
        for name in kept.names:
            path = self._folder / name
            if self._using is not None and self._using.path == path:
                if bundle.peek(path, keys, self._tenant) == self._using.statement:
                    return self._using
                continue
            found = bundle.check(path, keys, self._tenant)
            if not isinstance(found, Refusal):
                return found
            log.error("catalogue_lost", file=name, reason=found)
        return None

    def _rebuilt(self, keys: _Keys) -> State:
        """What was remembered is lost: begin with what is there."""
        checked = [
            bundle.check(path, keys, self._tenant) for path in self._folder.glob(f"*{SUFFIX}")
        ]
        kept = State()
        for found in sorted(
            (one.statement for one in checked if isinstance(one, Bundle)),
            key=lambda statement: statement.number,
        ):
            kept = kept.having(found)
        return kept

    def _use(self, using: Bundle | None) -> None:
        if using is None:
            self._current = NOTHING
        elif using is not self._using:
            self._current = catalogue(using)
        self._using = using

    def _tell(self, refused: dict[str, Refusal]) -> None:
        for name, why in refused.items():
            if self._refused.get(name) is not why:
                log.warning("catalogue_refused", file=name, reason=why)
        self._refused = refused
        passing = not _PASSING.isdisjoint(refused.values())
        self._again = time.monotonic() + _PATIENCE if passing else math.inf

    def _tidy(self, kept: State) -> None:
        """What is neither in use nor the one before; and what a killed process left."""
        for path in (*self._folder.glob(f"*{SUFFIX}"), *self._folder.glob(f"{durable.TEMPORARY}*")):
            if path.name not in kept.names:
                path.unlink(missing_ok=True)
