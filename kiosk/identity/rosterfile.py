"""The file that holds the roster of staff, and the key beside it (`staff.json`, `staff.json.key`).

The key is random, made once on this terminal. It hides the numbers of cards and seals the file: a
roster that was damaged, changed by hand or copied from another terminal is refused. Who can read
both files can find out numbers and PINs in the end, so nobody else may read them.
"""

from __future__ import annotations

import fcntl
import hmac
import os
import secrets
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from kiosk import durable
from kiosk.errors import RosterError
from kiosk.identity.lockout import Lockout
from kiosk.identity.pins import KeptPin
from kiosk.model import Level, StaffRole

_KEY_SIZE = 32
_PATIENCE = 10.0  # seconds for other processes to finish their change
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Entry:
    """`card`: the keyed hash of the card's number."""

    id: str
    name: str = field(repr=False)
    role: StaffRole
    level: Level
    card: bytes = field(repr=False)
    pin: KeptPin = field(repr=False)
    lockout: Lockout = Lockout()


@dataclass(frozen=True, slots=True)
class Content:
    """`issued`: the last number of each role's ids, none of which is given out twice."""

    entries: tuple[Entry, ...] = ()
    issued: Mapping[StaffRole, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """What the file held at one moment."""

    key: bytes = field(repr=False)
    content: Content


class _Sealed(msgspec.Struct):
    seal: bytes
    content: msgspec.Raw


class RosterFile:
    """Any number of threads and processes may read; those that change it take turns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._key_path = path.with_name(f"{path.name}.key")

    def read(self) -> Opened:
        """Empty when there is no file. Raises `RosterError`."""
        with self._explained():
            data = _read_private(self.path)
            key = _read_private(self._key_path)
        if data is None:
            return Opened(key or b"", Content())
        if key is None or len(key) != _KEY_SIZE:
            raise RosterError(f"{self._key_path} is missing or damaged; {self._anew}")
        return Opened(key, self._decode(data, key))

    @contextmanager
    def changing(self) -> Iterator[Opened]:
        """Nobody else changes the file meanwhile; makes the key if there is none yet."""
        with self._explained():
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _read_private(self._key_path) is None:
                _make_once(self._key_path, secrets.token_bytes(_KEY_SIZE))
            handle = os.open(self._key_path, _READ)
        try:
            self._take_turn(handle)
            opened = self.read()
            if len(opened.key) != _KEY_SIZE:
                raise RosterError(f"{self._key_path} is damaged; {self._anew}")
            yield opened
        finally:
            os.close(handle)

    def write(self, key: bytes, content: Content) -> None:
        """Only while `changing`; on return it survives a power cut."""
        raw = msgspec.json.encode(content)
        sealed = _Sealed(_seal(key, raw), msgspec.Raw(raw))
        with self._explained():
            _replace(self.path, msgspec.json.encode(sealed))

    @property
    def _anew(self) -> str:
        return f"remove {self.path} and {self._key_path}, then add the staff anew"

    def _decode(self, data: bytes, key: bytes) -> Content:
        with suppress(msgspec.MsgspecError, ValueError, RecursionError):  # they may quote a name
            sealed = msgspec.json.decode(data, type=_Sealed)
            if hmac.compare_digest(sealed.seal, _seal(key, bytes(sealed.content))):
                return msgspec.json.decode(sealed.content, type=Content)
        raise RosterError(f"{self.path} is damaged or from another terminal; {self._anew}")

    def _take_turn(self, handle: int) -> None:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise RosterError(f"{self.path} is held by another process") from None
                time.sleep(0.005)
            else:
                return

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise RosterError(f"{error.filename or self.path}: {error.strerror}") from None


def _seal(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, b"roster\0" + content, "sha256")


def _read_private(path: Path) -> bytes | None:
    """None: there is no such file. Refuses what others can read, write or put in its place."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise RosterError(f"{path} is no regular file")
        if found.st_mode & 0o077:
            raise RosterError(f"others can read or write {path}; try: chmod 600 {path}")
        if path.parent.stat().st_mode & stat.S_IWOTH:
            raise RosterError(f"everybody can write to {path.parent}; try: chmod o-w {path.parent}")
        with os.fdopen(os.open(path, _READ), "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def _make_once(path: Path, data: bytes) -> None:
    """Whole or not at all, and only if there is none: two processes end up with the same file."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        _fill(handle, path.parent, data)
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        Path(temporary).unlink()
    durable.sync(path.parent)


def _replace(path: Path, data: bytes) -> None:
    """The old file or the new one, whenever the power goes."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.unlink(missing_ok=True)  # of a process that was killed
    _fill(os.open(temporary, _WRITE, 0o600), path.parent, data)
    temporary.replace(path)
    durable.sync(path.parent)


def _fill(handle: int, folder: Path, data: bytes) -> None:
    """Durable on return. Written by root it still belongs to the terminal's user, as `folder`."""
    with os.fdopen(handle, "wb") as file:
        if os.geteuid() == 0:
            owner = folder.stat()
            os.fchown(handle, owner.st_uid, owner.st_gid)
        file.write(data)
        file.flush()
        os.fsync(handle)
