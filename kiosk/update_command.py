"""`kiosk update`: new software from a stick, where there is no network; trusted as over one."""

from __future__ import annotations

import time
from pathlib import Path

import typer

from kiosk import upkeep
from kiosk.errors import KioskError
from kiosk.settings import load
from kiosk.updates.place import Place
from kiosk.updates.source import Depot, FetchFault, FolderFetcher
from kiosk.wire import Piece

SOFTWARE = "software-"


class UpdateError(KioskError):
    """Nothing was changed; the message says why."""


def run(settings: Path, folder: Path, version: str) -> int:
    """Installs the version, or the newest that is there, and switches: it runs from the next start
    on. 0; raises `UpdateError`."""
    s = load(settings)
    if not s.updates.root:
        raise UpdateError("there is no folder of installed versions: set [updates] root")
    depot = Depot(
        s.terminal.var / "updates.stick", s.terminal.trust, "file://", FolderFetcher(folder),
        time.time,
    )  # fmt: skip
    place = upkeep.place(s, settings)
    piece = _choose(depot, version)
    if piece.version == place.current:
        typer.echo(f"{piece.version} is in use already")
        return 0
    _install(place, depot, piece)
    place.switch(piece.version, online=False)
    typer.echo(f"{piece.version} is installed; it runs from the next start on")
    return 0


def _choose(depot: Depot, version: str) -> Piece:
    names = depot.names()
    if isinstance(names, FetchFault):
        raise UpdateError(f"the stick is not good: {names}")
    pieces = [depot.piece(name) for name in names if name.startswith(SOFTWARE)]
    found = [one for one in pieces if isinstance(one, Piece) and version in {"", one.version}]
    if not found:
        raise UpdateError(f"there is no software {version} on the stick")
    return max(found, key=lambda piece: _ordered(piece.version))


def _install(place: Place, depot: Depot, piece: Piece) -> None:
    file = depot.get(piece)
    if isinstance(file, FetchFault):
        raise UpdateError(f"{piece.target} is not good: {file}")
    place.forgive(piece.version)  # a person stands here and wants it
    fault = place.add(file, piece.version)
    depot.clear()
    if fault is not None:
        raise UpdateError(f"{piece.version} is not installed: {fault}")


def _ordered(version: str) -> list[tuple[int, str]]:
    """2.10 is higher than 2.9."""
    return [(int(part) if part.isdecimal() else -1, part) for part in version.split(".")]
