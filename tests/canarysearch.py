"""Where something of a citizen could stay: memory, files, temporary folders, what was sent."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

import canaries
import canarypictures
from canaries import Found, Needles
from canaryhome import Home
from drivers.idcard.samples import sample_wlt

SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/var/spool")
PAGE, PIECE = 4096, 1 << 24
# The world outside of the terminal (cards, trays, the phone); and what the fleet keeps opened,
# for it decides cases and issues certificates.
_FLEETS = [
    f"fleet/{name}.db{more}" for name in ("fleet", "office") for more in ("", "-wal", "-shm")
]
OUTSIDE = ("sim", *_FLEETS)


def needles(home: Home, codes: list[str]) -> Needles:
    """Of everybody who has been here so far."""
    seen = canarypictures.decoded(home.camera)
    made = canaries.texts() | canaries.papers() | canaries.codes(codes)
    made |= canaries.portrait(sample_wlt(""))
    made |= canaries.identifiers("certificate", sorted((home.sim / "certificates").glob("*.pdf")))
    made |= canarypictures.needles(seen) | canarypictures.jpeg_needle(seen)
    return made | canarypictures.needles(canarypictures.portrait())


def memory(pid: int, folder: Path, wanted: Needles) -> list[Found]:
    """In everything that belongs to a live process, through a dump of it in `folder`."""
    told = subprocess.run(
        ["gcore", "-o", str(folder / "core"), str(pid)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    core = folder / f"core.{pid}"
    assert core.exists(), told.stderr
    written = folder / "pages"
    _without_empty_pages(core, written)
    core.unlink()
    try:
        return canaries.search(written, wanted)
    finally:
        written.unlink()


def _without_empty_pages(core: Path, written: Path) -> None:
    """Most of a dump is pages of one and the same byte, in which nothing can be."""
    with core.open("rb") as dump, written.open("wb") as out:
        while piece := dump.read(PIECE):
            whole = len(piece) // PAGE * PAGE
            pages = np.frombuffer(piece, np.uint8, whole).reshape(-1, PAGE)
            out.write(pages[(pages != pages[:, :1]).any(axis=1)].tobytes())
            out.write(piece[whole:])


def terminal_files(home: Home) -> Iterator[Path]:
    """All that lies under the household's folder but what `OUTSIDE` names; logs too."""
    outside = [home.folder / name for name in OUTSIDE]
    for path in sorted(home.folder.rglob("*")):
        if path.is_file() and not any(path == out or out in path.parents for out in outside):
            yield path


def shared_files(home: Home, since: float) -> Iterator[Path]:
    """What anybody has written to the machine's temporary folders, but for tests in theirs."""
    for folder in SHARED:
        for where, below, names in os.walk(folder):
            below[:] = [one for one in below if not one.startswith("pytest-of-")]
            for path in (Path(where, name) for name in names):
                if home.folder.parent not in path.parents and _written(path) >= since:
                    yield path


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime if path.is_file() else 0.0
    except OSError:  # gone meanwhile, or not for us
        return 0.0


def files(paths: Iterable[Path], wanted: Needles) -> list[str]:
    """What is found, with the file that holds it."""
    suspects = canaries.suspects(list(paths), wanted)
    return [f"{path}: {found}" for path in suspects for found in canaries.search(path, wanted)]


def sent(home: Home, folder: Path, wanted: Needles) -> list[Found]:
    """In everything that went through the broker."""
    heard = folder / "heard"
    heard.write_bytes(b"\n".join(home.ears.heard))
    return canaries.search(heard, wanted)
