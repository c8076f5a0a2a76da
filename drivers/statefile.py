"""The small JSON files that drive simulators: any process writes them, simulators read them.

A reader never waits and never fails: while a file is absent it has the defaults, while it is
half-written it keeps what it said before.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class StateFile:
    """One state file, read again whenever it is replaced or changed."""

    def __init__(self, path: Path, defaults: Mapping[str, Any]) -> None:
        self.path = path
        self._defaults = dict(defaults)
        self._seen: tuple[int, int, int] | None = None
        self._said: dict[str, Any] = {}

    def get(self) -> dict[str, Any]:
        """The defaults, overlaid with what the file says now."""
        seen = _mark(self.path)
        if seen is None:
            self._said = {}
        elif seen != self._seen:
            self._said = read_json(self.path, self._said)
        self._seen = seen
        return {**self._defaults, **self._said}


def write_state(path: Path, **changes: Any) -> None:
    """Change some keys of a state file; readers see the old file or the new one, never a mix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.parent):
        replace_json(path, {**read_json(path, {}), **changes})


def read_json(path: Path, otherwise: dict[str, Any]) -> dict[str, Any]:
    """The file's object; `otherwise` when it is absent, half-written or no object."""
    try:
        said = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return otherwise
    return said if isinstance(said, dict) else otherwise


def replace_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write the whole file in one step: a temporary neighbour, then rename."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    temporary.replace(path)


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ino, stat.st_size


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Two writers of one folder take turns; the lock is on the folder and leaves no file."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
