"""Files that are whole or absent even when the power fails, and turns among processes."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TEMPORARY = ".new."  # begins the name of a file that is not whole yet


@contextmanager
def locked(folder: Path, mode: int = 0o755) -> Iterator[None]:
    """One process at a time in `folder`; the lock ends with its holder, however it ends."""
    folder.mkdir(parents=True, exist_ok=True, mode=mode)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def replace(path: Path, content: bytes, mode: int = 0o644) -> None:
    """The old content or the new one, and the new one on return, whenever the power goes."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
        put(Path(name), path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def put(temporary: Path, path: Path) -> None:
    """Make a written file durable, then let it take its place."""
    sync(temporary)
    temporary.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """A file's content, or a folder's names, onto the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
