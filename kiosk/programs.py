"""The two processes of a terminal: screen and agent."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from config.schema import TerminalSettings
from drivers.statefile import write_state
from kiosk import __version__, bootstrap
from kiosk.agent.agent import Agent
from kiosk.agent.link import Link
from kiosk.errors import JournalError
from kiosk.journal import Journal
from kiosk.play import Play
from kiosk.ports import FrameSlot
from kiosk.session.recovery import recover
from kiosk.session.thread import SessionThread
from kiosk.settings import load
from kiosk.view import OutOfServiceBody, State, View

if TYPE_CHECKING:
    from screens.app import KioskApp
    from screens.player import Player

log = structlog.get_logger("screen")

RECHECKED_RECORDS = 2000  # newest records whose chain is checked at each start


@dataclass(frozen=True, slots=True)
class Playing:
    """How the screen process plays by itself. `visits` 0: for ever; `steps`: a JSON-lines file."""

    tasks: list[str]
    visits: int = 0
    pictures: Path | None = None
    steps: Path | None = None
    pause: float = 0.0


def screen(settings_path: Path, playing: Playing | None = None) -> int:
    """Returns when asked to stop, or when all visits have been played."""
    settings = load(settings_path)
    bootstrap.keep_time(settings)
    try:
        journal = bootstrap.open_journal(settings)
        journal.verify(RECHECKED_RECORDS)
        interrupted = recover(journal)
        journal.start_boot()
    except JournalError as error:
        log.error("journal_unusable", reason=str(error))
        return _closed(settings)
    return _serve(settings, journal, interrupted, playing)


def _closed(settings: TerminalSettings) -> int:
    """Without a journal nobody is served: say so on the screen, and stay."""
    place = bootstrap.place(settings)
    app = bootstrap.screen_app(settings, FrameSlot())
    body = OutOfServiceBody("journal", place.site, place.hotline)
    app.show(View(State.OUT_OF_SERVICE, place.language, body, serial=1))
    _on_signal(app.stop)
    app.run()
    return 0


def _serve(
    settings: TerminalSettings, journal: Journal, interrupted: str | None, playing: Playing | None
) -> int:
    frames = FrameSlot()
    terminal = bootstrap.terminal(settings, journal, frames)
    journal.append("boot", {"software": __version__, "catalogue": terminal.catalogue.version})

    def show(view: View) -> None:
        app.show(view)

    session = SessionThread(terminal, show)
    engine = session.engine
    app = bootstrap.screen_app(settings, frames, engine.post, engine.touched)
    _on_signal(app.stop)
    player = _player(app, playing, settings) if playing is not None else None
    session.start(interrupted, app.stop)
    app.run()
    if player is not None:
        player.close()
    session.stop()
    journal.close()
    return 1 if session.died else 0


def agent(settings_path: Path) -> int:
    """Returns when asked to stop."""
    settings = load(settings_path)
    journal = bootstrap.open_journal(settings)
    stop = threading.Event()
    _on_signal(stop.set)
    link = Link(
        settings.mqtt.host, settings.mqtt.port, settings.terminal.tenant, settings.terminal.id
    )
    Agent(journal, link, bootstrap.versions(settings)).run(stop)
    journal.close()
    return 0


def _on_signal(act: Callable[[], None]) -> None:
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: act())


def _player(app: KioskApp, playing: Playing, settings: TerminalSettings) -> Player:
    """Must be kept: Kivy's clock holds no strong reference to it."""
    from screens.player import Player

    folder = settings.simulators.folder

    def simulate(device: str, key: str, value: object) -> None:
        write_state(folder / f"{device}.json", **{key: value})

    play = Play.of(playing.tasks, simulate)

    def script(view: View) -> list[str]:
        actions = play.actions(view)
        if playing.visits and play.ended >= playing.visits:
            app.stop()
            return []
        return actions

    return Player(app, script, playing.pictures, _StepPrinter(playing.steps), playing.pause)


class _StepPrinter:
    """A printed line and a line of JSON for each page that was shown and each press on it."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._count = 0

    def __call__(self, what: str, seconds: float) -> None:
        self._count += 1
        print(f"{seconds:8.2f} s  {self._count:3d}  {what}", flush=True)
        if self._file is not None:
            name, _, press = what.partition(": ")
            step = {"name": name, "press": press, "at_ms": round(seconds * 1000, 1)}
            with self._file.open("a") as file:
                file.write(json.dumps(step) + "\n")
