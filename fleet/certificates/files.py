"""Files that are whole or absent, even when the power fails."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fleet.errors import KeyFileError

SECRET = 0o600
PUBLIC = 0o644
OTHERS = 0o077  # what group and others may do


@contextlib.contextmanager
def locked(folder: Path, mode: int = 0o700) -> Iterator[None]:
    """One process at a time in `folder`; the lock ends with its holder, however it ends."""
    folder.mkdir(parents=True, exist_ok=True, mode=mode)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, SECRET)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def read_secret(path: Path) -> bytes:
    """A file that is its owner's alone. Raises `KeyFileError`, `FileNotFoundError`."""
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & OTHERS:
            raise KeyFileError(
                f"{path}: others may read or change it (mode {mode:03o}), so it is not used:"
                " chmod 600, and put another in its place if somebody may have seen it"
            )
        return file.read()


def write(path: Path, content: bytes, mode: int = SECRET) -> None:
    """Replace `path` at once: temporary file, fsync, rename, fsync of the folder."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
