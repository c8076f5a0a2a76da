"""Where the bytes come from: the fleet over HTTPS, or a folder on a stick. TUF checks both alike.

What is trusted is the fleet's first root (`trust/updates.root.json`) and what follows from it; who
carries the bytes is trusted with nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
)
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from kiosk.gateway import trust
from kiosk.wire import Piece

ROOT = "updates.root.json"  # in the trust folder
METADATA, TARGETS = "/metadata/", "/targets/"  # below the base
TRIES = 5  # of a transfer that breaks off, each from where the last one ended
MOST_FILE = 4096  # bytes of the token's file
TIMEOUT = httpx.Timeout(30.0)


class FetchFault(StrEnum):
    """Why a piece can't be had."""

    NO_TRUST = "no_trust"  # there is no root to begin with
    UNREACHABLE = "unreachable"
    EXPIRED = "expired"  # what is offered is too old, or this clock is ahead
    UNTRUSTED = "untrusted"  # not signed by enough of those who may
    UNKNOWN = "unknown"  # it is not on the list
    CHANGED = "changed"  # it is not what the pointer or the list says
    NO_ROOM = "no_room"


PASSING = {FetchFault.UNREACHABLE, FetchFault.NO_ROOM, FetchFault.EXPIRED, FetchFault.NO_TRUST}


class NoTrustError(RepositoryError):
    """There is no root to begin with."""


# In this order: some of these are kinds of others.
_FAULTS: tuple[tuple[type[Exception], FetchFault], ...] = (
    (NoTrustError, FetchFault.NO_TRUST),
    (ExpiredMetadataError, FetchFault.EXPIRED),
    (LengthOrHashMismatchError, FetchFault.CHANGED),
    (DownloadError, FetchFault.UNREACHABLE),
    (RepositoryError, FetchFault.UNTRUSTED),
    (OSError, FetchFault.NO_ROOM),
)


def _fault(error: Exception) -> FetchFault:
    return next(fault for kind, fault in _FAULTS if isinstance(error, kind))


class FleetFetcher(FetcherInterface):
    """HTTPS with the terminal's token; goes on where a line broke off."""

    def __init__(self, token_file: Path, ca: Path | None) -> None:
        self._token_file, self._ca = token_file, ca

    def _fetch(self, url: str) -> Iterator[bytes]:
        verify = trust.context(self._ca) if self._ca is not None else True
        token = self._token_file.read_text("ascii").strip()[:MOST_FILE]
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        with httpx.Client(verify=verify, trust_env=False, timeout=TIMEOUT, headers=headers) as http:
            yield from _whole(http, url)


def _whole(http: httpx.Client, url: str) -> Iterator[bytes]:
    got = 0
    for left in reversed(range(TRIES)):
        try:
            more = {"Range": f"bytes={got}-"} if got else {}
            with http.stream("GET", url, headers=more) as answer:
                if answer.status_code not in {200, 206}:
                    raise DownloadHTTPError(url, answer.status_code)
                if got and answer.status_code != 206:
                    raise DownloadError(f"{url}: not from where it broke off")
                for chunk in answer.iter_bytes(1 << 16):
                    got += len(chunk)
                    yield chunk
            return
        except httpx.HTTPError as error:
            if not left:
                raise DownloadError(url) from error


class FolderFetcher(FetcherInterface):
    """Out of a folder; nothing outside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = (self._folder / unquote(urlsplit(url).path).lstrip("/")).resolve()
        if not path.is_relative_to(self._folder):
            raise DownloadHTTPError(url, 403)
        try:
            with path.open("rb") as file:
                while chunk := file.read(1 << 16):
                    yield chunk
        except FileNotFoundError:
            raise DownloadHTTPError(url, 404) from None


@dataclass(frozen=True, slots=True)
class Depot:
    """`folder`: the terminal's own, for metadata and for what was fetched. `now`: the later of the
    clock and of what is known to be past (epoch seconds)."""

    folder: Path
    trust: Path
    base: str
    fetcher: FetcherInterface
    now: Callable[[], float]

    def get(self, piece: Piece) -> Path | FetchFault:
        """The bytes of `piece`, checked against the list and against what the pointer says."""
        try:
            return self._get(piece)
        except (RepositoryError, DownloadError, OSError) as error:
            return _fault(error)

    def names(self) -> list[str] | FetchFault:
        """Everything that is on the list."""
        try:
            updater = self._updater()
            updater.refresh()
            return sorted(updater._trusted_set.targets.targets)
        except (RepositoryError, DownloadError, OSError) as error:
            return _fault(error)

    def piece(self, name: str) -> Piece | FetchFault:
        """As the list has it, for who has no pointer."""
        with contextlib.suppress(RepositoryError, OSError):
            found = self._updater().get_targetinfo(name)
            if found is not None:
                custom = found.unrecognized_fields.get("custom", {})
                return Piece(str(custom.get("version", "")), name, found.hashes["sha256"],
                             found.length)  # fmt: skip
        return FetchFault.UNKNOWN

    def _get(self, piece: Piece) -> Path | FetchFault:
        updater = self._updater()
        updater.refresh()
        found = updater.get_targetinfo(piece.target)
        if found is None:
            return FetchFault.UNKNOWN
        if (found.hashes.get("sha256"), found.length) != (piece.sha256, piece.length):
            return FetchFault.CHANGED
        path = self.folder / "targets" / piece.sha256
        there = updater.find_cached_target(found, str(path))
        return Path(there or updater.download_target(found, str(path)))

    def _updater(self) -> Updater:
        """A clock that was set back makes no old list young again."""
        metadata, targets = self.folder / "metadata", self.folder / "targets"
        for folder in (metadata, targets):
            folder.mkdir(parents=True, exist_ok=True)
        try:
            first = (self.trust / ROOT).read_bytes()
        except OSError:
            raise NoTrustError from None
        updater = Updater(
            str(metadata), self.base + METADATA, str(targets), self.base + TARGETS,
            self.fetcher, UpdaterConfig(max_root_rotations=64),
            bootstrap=first,
        )  # fmt: skip
        latest = datetime.fromtimestamp(max(self.now(), 0), UTC)
        inner = updater._trusted_set
        inner.reference_time = max(inner.reference_time, latest)
        return updater

    def clear(self) -> None:
        """What was fetched has been used."""
        for path in (self.folder / "targets").glob("*"):
            path.unlink(missing_ok=True)
