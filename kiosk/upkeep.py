"""Wires what keeps a terminal up to date from afar: its updates, its commands, its logs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path

import structlog

from config.schema import TerminalSettings
from kiosk import __version__, settings
from kiosk.agent import pieces
from kiosk.agent.desired import Wish
from kiosk.agent.known import KnownTime
from kiosk.agent.logs import Twice, collect
from kiosk.agent.pieces import Kind
from kiosk.agent.tasks import Means
from kiosk.agent.updates import Steward
from kiosk.gateway.attachments import Counter
from kiosk.journal import Journal
from kiosk.updates.place import Place
from kiosk.updates.source import Depot, FleetFetcher
from kiosk.wire import UPDATES, PieceKind

LOGS = "log"  # in the terminal's folder
LOG_BYTES = 1024 * 1024  # of each process, twice


def keep_logs(s: TerminalSettings, process: str) -> None:
    """The newest lines of this process in a file too: the fleet can ask for them."""
    folder = s.terminal.var / LOGS
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(
        folder / f"{process}.jsonl", maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8"
    )
    structlog.configure(logger_factory=lambda *_: Twice(sys.stderr, handler))


def means(s: TerminalSettings, journal: Callable[[], Journal], end: Callable[[int], None]) -> Means:
    """For commands that take time. `journal`: opens it anew, for another thread."""
    counter = Counter(s.gateway.url, s.gateway.token_file, s.gateway.ca)

    def logs() -> bytes:
        opened = journal()
        try:
            about = {"software": __version__, "settings": settings.version(s)}
            return collect(s.terminal.var / LOGS, opened, about)
        finally:
            opened.close()

    return Means(end, counter.put, logs)


def steward(
    s: TerminalSettings,
    path: Path,
    known: KnownTime,
    journal: Callable[[], Journal],
    end: Callable[[int], None],
) -> Steward:
    """Brings software, settings and catalogue to what the fleet wants. `path`: of the settings."""
    var, trust, tenant = s.terminal.var, s.terminal.trust, s.terminal.tenant
    given = pieces.Settings(settings.Given(var), partial(settings.objection, path))
    kinds: dict[PieceKind, Kind] = {
        PieceKind.SETTINGS: given,
        PieceKind.CATALOGUE: pieces.Catalogue(s.terminal.catalogue, trust, tenant),
    }
    if s.updates.root:
        kinds[PieceKind.SOFTWARE] = pieces.Software(place(s, path))
    wish = partial(Wish, var, trust, tenant, s.terminal.id)
    return Steward(journal, wish, depot(s, known.latest), kinds, end, spread=s.updates.spread)


def place(s: TerminalSettings, path: Path) -> Place:
    """Where versions of the software are installed."""
    return Place(Path(s.updates.root).resolve(), path.resolve())


def depot(s: TerminalSettings, now: Callable[[], float]) -> Depot:
    """The fleet's."""
    url = s.gateway.url.rstrip("/")
    fetcher = FleetFetcher(s.gateway.token_file, s.gateway.ca if url.startswith("https:") else None)
    return Depot(s.terminal.var / "updates", s.terminal.trust, url + UPDATES, fetcher, now)
