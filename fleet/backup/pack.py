"""The file itself: a tar of members, streamed through age; nothing of it lies anywhere in clear.

The last member, `manifest.json`, names every other with size and SHA-256.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
import pyrage
from pyrage import x25519

from fleet.backup.keys import BackupError

MANIFEST = "manifest.json"
FORMAT = 1
MEMBER = re.compile(r"(?!.*(?:^|/)\.\.?(?:/|$))[A-Za-z0-9._@+=,()\- /一-鿿]{1,300}")
LARGEST_MANIFEST = 64 << 20
CHUNK = 1 << 20


class Member(msgspec.Struct, frozen=True):
    size: int
    sha256: str


class Chain(msgspec.Struct, frozen=True):
    """What was held of a journal."""

    through: int
    top: int
    hash: str


class Manifest(msgspec.Struct, frozen=True):
    """`counts`: rows of tables; `chains`: by `terminal/journal`. `made_at`: epoch seconds.
    `left_out`: files that were there, and are not in it on purpose."""

    format: int
    made_at: float
    tenant: str
    backend: str
    revision: str
    counts: dict[str, int]
    chains: dict[str, Chain]
    members: dict[str, Member] = {}
    left_out: list[str] = []


def write(
    out: Path, to: list[x25519.Recipient], members: Iterator[tuple[str, Path]], about: Manifest
) -> int:
    """`members`: (name, file), read one after the other. Whole or not at all; its size."""
    draft = out.with_name(f".{out.name}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            _through(
                lambda pipe: _fill(pipe, members, about),
                lambda pipe: pyrage.encrypt_io(pipe, file, to),
            )
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        draft.replace(out)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return size


def read(source: Path, key: x25519.Identity, folder: Path) -> Manifest:
    """Unpacks into `folder` and compares every hash. Raises `BackupError`."""
    found: list[Manifest] = []

    def decrypt(pipe: IO[bytes]) -> None:
        with source.open("rb") as file:
            try:
                pyrage.decrypt_io(file, pipe, [key])
            except (pyrage.DecryptError, OSError):
                raise BackupError(f"{source}: damaged, or not encrypted to this key") from None

    try:
        _through(decrypt, lambda pipe: found.append(_unpack(pipe, folder)))
    except (tarfile.TarError, msgspec.MsgspecError, EOFError):
        raise BackupError(f"{source}: damaged, or not a backup") from None
    return found[0]


def _fill(pipe: IO[bytes], members: Iterator[tuple[str, Path]], about: Manifest) -> None:
    known: dict[str, Member] = {}
    with tarfile.open(fileobj=pipe, mode="w|", format=tarfile.PAX_FORMAT) as pack:
        for name, path in members:
            if not MEMBER.fullmatch(name):
                raise BackupError(f"{name}: a file of this name cannot be put into a backup")
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                hashed = _Hashed(file)
                pack.addfile(_entry(name, size), hashed)
            known[name] = Member(size, hashed.digest)
        told = msgspec.json.encode(msgspec.structs.replace(about, members=known))
        pack.addfile(_entry(MANIFEST, len(told)), io.BytesIO(told))


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self._file.read(size)
        self._hash.update(part)
        return part

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()


def _unpack(pipe: IO[bytes], folder: Path) -> Manifest:
    found: dict[str, Member] = {}
    manifest = None
    with tarfile.open(fileobj=pipe, mode="r|") as pack:
        for entry in pack:
            file = pack.extractfile(entry) if entry.isreg() else None
            if file is None or not MEMBER.fullmatch(entry.name) or entry.name.startswith("/"):
                raise BackupError("the backup holds something that is no plain file")
            if entry.name == MANIFEST:
                content = file.read(LARGEST_MANIFEST)
                manifest = msgspec.json.decode(content, type=Manifest)
            else:
                found[entry.name] = _keep(file, folder / entry.name)
    while pipe.read(CHUNK):  # so that age sees its end, and with it whether all of it is sound
        pass
    if manifest is None or manifest.members != found:
        raise BackupError("the backup is not whole: its files are not those of its manifest")
    if manifest.format != FORMAT:
        raise BackupError(f"the backup is of format {manifest.format}: newer than this software")
    return manifest


def _keep(file: IO[bytes], path: Path) -> Member:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    hashed, size = _Hashed(file), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        while part := hashed.read(CHUNK):
            size += out.write(part)
        out.flush()
        os.fsync(out.fileno())
    return Member(size, hashed.digest)


def _through(fill: Callable[[IO[bytes]], None], drain: Callable[[IO[bytes]], Any]) -> None:
    """`fill` writes into a pipe on a thread of its own, `drain` reads it here; either may fail."""
    reading, writing = os.pipe()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(writing, "wb") as pipe:
                fill(pipe)
        except BrokenPipeError:
            pass
        except BaseException as error:  # noqa: BLE001 - it is raised again in the other thread
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with os.fdopen(reading, "rb") as pipe:
            drain(pipe)
    except BackupError:
        thread.join()
        raise
    except BaseException:
        thread.join()
        if failed:
            raise failed[0] from None
        raise
    thread.join()
    if failed:
        raise failed[0]
