"""Getting a model pack into a terminal's store, whole or not at all.

    store/current                       → the pack in use: a link, switched in one step
    store/yunet-mobilefacenet-2023.1-…  a pack

A new pack is made beside the old one, verified, and loaded once; only then is the link switched and
the old pack removed. Whatever stops an installation before that leaves the old one in use, and what
it left behind goes with the next.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

import httpx

from drivers.face.manifest import MAX_BYTES, NAME, Manifest, Network, PackProblem, parse
from drivers.face.packs import load
from kiosk import durable

CURRENT = "current"
_INCOMING = ".incoming-"
_LOCK = ".lock"
CHUNK = 1 << 16
TIMES = httpx.Timeout(15.0)  # to connect, and between two pieces
FILE_SECONDS = 1800.0
REDIRECTS = 3

Advance = Callable[[int], None]  # so many bytes more have come
Progress = Callable[[Network], Advance]


class InstallError(Exception):
    """Nothing was installed. The message is one sentence, for the person who tried."""


class Origin(Protocol):
    """Where a pack comes from."""

    def pieces(self, name: str) -> Iterator[bytes]:
        """The file's bytes; `InstallError` when it can't be had."""


class Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def pieces(self, name: str) -> Iterator[bytes]:
        try:
            with (self._path / name).open("rb") as file:
                while piece := file.read(CHUNK):
                    yield piece
        except OSError as error:
            raise InstallError(f"{self._path / name}: {error.strerror}.") from None


class Address:
    """A manifest on a web server, its files beside it. Few redirections, and none out of https."""

    def __init__(self, url: str, times: httpx.Timeout = TIMES) -> None:
        self._base = url if url.endswith(".toml") else f"{url.rstrip('/')}/{NAME}"
        self._times = times

    def pieces(self, name: str) -> Iterator[bytes]:
        until = time.monotonic() + FILE_SECONDS
        url = self._base
        try:
            url = url if name == NAME else urljoin(url, name)
            with self._client() as client, client.stream("GET", url) as answer:
                self._checked(url, answer)
                for piece in answer.iter_bytes(CHUNK):
                    if time.monotonic() > until:
                        raise InstallError(f"{url}: took more than {FILE_SECONDS:.0f} seconds.")
                    yield piece
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise InstallError(f"{url}: {error or type(error).__name__}.") from None

    def _client(self) -> httpx.Client:
        return httpx.Client(
            timeout=self._times,
            follow_redirects=True,
            max_redirects=REDIRECTS,
            headers={"Accept-Encoding": "identity"},
        )

    def _checked(self, url: str, answer: httpx.Response) -> None:
        if answer.status_code != httpx.codes.OK:
            raise InstallError(f"{url}: the server answers {answer.status_code}.")
        hops = [*answer.history, answer]
        if url.startswith("https:") and any(hop.url.scheme != "https" for hop in hops):
            raise InstallError(f"{url}: leads to an address without https.")


def origin(source: str) -> Origin:
    return Address(source) if "://" in source else Folder(Path(source))


def install(source: Origin, store: Path, shipped: Path | None, progress: Progress) -> Manifest:
    """`shipped`: the manifest to hold the files to, None: their own. Raises `InstallError`."""
    at, name = (Folder(shipped.parent), shipped.name) if shipped else (source, NAME)
    text = b"".join(_limited(at.pieces(name), MAX_BYTES, NAME))
    told = parse(text)
    if isinstance(told, PackProblem):
        raise InstallError(f"The pack can't be used ({told}).")
    try:
        store.mkdir(parents=True, exist_ok=True)
        with _alone(store):
            _install(source, store, told, text, progress)
    except OSError as error:
        raise InstallError(f"{error.filename or store}: {error.strerror}.") from None
    return told


def packs(store: Path) -> list[tuple[Path, bool]]:
    """Folders of packs, and whether it is the one in use."""
    used = (store / CURRENT).resolve()
    found = sorted(path.parent for path in store.glob(f"[!.]*/{NAME}"))
    return [(path, path.resolve() == used) for path in found if path.name != CURRENT]


def _install(source: Origin, store: Path, told: Manifest, text: bytes, progress: Progress) -> None:
    _clear(store, keep=None)
    incoming = store / f"{_INCOMING}{secrets.token_hex(4)}"
    incoming.mkdir()
    try:
        for network in {one.file: one for one in told.networks}.values():
            _fetch(source, network, incoming / network.file, progress(network))
        _write(incoming / NAME, iter([text]))
        made = load(incoming)
        if isinstance(made, PackProblem):
            raise InstallError(f"The pack can't be used ({made}).")
        target = store / f"{told.name}-{told.version}-{secrets.token_hex(4)}"
        incoming.rename(target)
        _switch(store, target)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
    _clear(store, keep=target)


def _fetch(source: Origin, network: Network, path: Path, advance: Advance) -> None:
    """One file, hashed as it comes; nothing is left of a wrong one."""
    digest, count = hashlib.sha256(), 0

    def seen() -> Iterator[bytes]:
        nonlocal count
        for piece in _limited(source.pieces(network.file), network.bytes, network.file):
            digest.update(piece)
            count += len(piece)
            advance(len(piece))
            yield piece

    _write(path, seen())
    wrong = (
        f"has {count} of {network.bytes} bytes" if count != network.bytes
        else "is another file than the manifest tells of (wrong hash)"
        if digest.hexdigest() != network.sha256 else ""
    )  # fmt: skip
    if wrong:
        path.unlink()
        raise InstallError(f"{network.file} {wrong}.")


def _limited(pieces: Iterator[bytes], most: int, name: str) -> Iterator[bytes]:
    count = 0
    for piece in pieces:
        count += len(piece)
        if count > most:
            raise InstallError(f"{name} is larger than the {most} bytes that it may have.")
        yield piece


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    with path.open("xb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _switch(store: Path, target: Path) -> None:
    link = store / f"{_INCOMING}{secrets.token_hex(4)}"
    link.symlink_to(target.name)
    link.replace(store / CURRENT)
    durable.sync(store)


def _clear(store: Path, keep: Path | None) -> None:
    """What was interrupted; with a new pack in use also the others."""
    for left in store.glob(f"{_INCOMING}*"):
        if left.is_symlink():
            left.unlink()
        else:
            shutil.rmtree(left, ignore_errors=True)
    for path, used in packs(store):
        if keep is not None and not used:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _alone(store: Path) -> Iterator[None]:
    with (store / _LOCK).open("w") as lock:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
            return
        raise InstallError("Another installation is going on.")
