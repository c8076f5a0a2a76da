"""The two processes of a terminal: screen and agent."""

from __future__ import annotations

import asyncio
import json
import signal
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from config.schema import TerminalSettings
from drivers.statefile import write_state
from kiosk import __version__, bootstrap, hygiene, sample_staff, upkeep
from kiosk.agent.agent import Agent
from kiosk.agent.known import KnownTime
from kiosk.errors import JournalError
from kiosk.journal import Journal
from kiosk.play import Play, place_of
from kiosk.ports import FrameSlot
from kiosk.sample_citizen import PIN
from kiosk.session.aloud import Aloud
from kiosk.session.recovery import recover
from kiosk.session.terminal import Terminal
from kiosk.session.thread import SessionThread
from kiosk.settings import Given, load
from kiosk.view import OutOfServiceBody, State, View

if TYPE_CHECKING:
    from screens.app import KioskApp
    from screens.player import Player

log = structlog.get_logger("screen")
PICTURE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Playing:
    """How the screen process plays by itself. `visits` 0: for ever; `steps`: a JSON-lines file;
    `way`: how the sample citizen is identified."""

    tasks: list[str]
    visits: int = 0
    pictures: Path | None = None
    steps: Path | None = None
    pause: float = 0.0
    way: str = "face"


def screen(settings_path: Path, playing: Playing | None = None) -> int:
    """Returns when asked to stop, or when all visits have been played."""
    settings = load(settings_path)
    upkeep.keep_logs(settings, "screen")
    _keep_nothing()
    hygiene.starting()
    bootstrap.keep_time(settings)
    try:
        journal = bootstrap.sound_journal(settings)
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
    body = OutOfServiceBody("journal", place.site, place.hotline, elsewhere=place.elsewhere)
    app.show(View(State.OUT_OF_SERVICE, place.language, body, serial=1))
    _on_signal(app.stop)
    hygiene.started()
    app.run()
    return 0


def _serve(
    settings: TerminalSettings, journal: Journal, interrupted: str | None, playing: Playing | None
) -> int:
    frames = FrameSlot()
    terminal = bootstrap.terminal(settings, journal, frames)
    version = terminal.catalogue.version
    journal.append("boot", {"software": __version__, "catalogue": version})
    journal.put_status("catalogue", version)

    def show(view: View) -> None:
        app.show(view)

    session = SessionThread(terminal, show)
    engine = session.engine
    app = bootstrap.screen_app(settings, frames, engine.post, engine.touched)
    terminal.picture = _pictures(app)
    terminal.unhurried = app.unhurried
    _on_signal(app.stop)
    player = _player(app, playing, settings, terminal) if playing is not None else None
    hygiene.started()
    aloud = Aloud(terminal, app.key, app.plugged, engine.touched)
    app.speak = aloud.say
    session.start(interrupted, app.stop, aloud.run())
    app.run()
    if player is not None:
        player.close()
    session.stop()
    journal.close()
    return 1 if session.died else 0


def agent(settings_path: Path) -> int:
    """Returns when asked to stop: 0; or when everything is to be started anew: `RESTART`, or
    `SWITCH`, maybe as another version."""
    Given(load(settings_path).terminal.var).start()
    settings = load(settings_path)
    upkeep.keep_logs(settings, "agent")
    _keep_nothing()
    bootstrap.keep_time(settings)
    journal = bootstrap.sound_journal(settings, chained=False)
    stop, code = threading.Event(), [0]

    def end(wanted: int) -> None:
        code[0] = wanted
        stop.set()

    _on_signal(stop.set)
    own = bootstrap.identity(settings)
    known = KnownTime(journal, lambda: own.since)
    link = bootstrap.link(settings, own, known)
    enrolment = bootstrap.enrolment(settings, own, link) if settings.mqtt.tls else None
    threads = [bootstrap.courier(settings).start(stop)]
    if enrolment is not None:
        threads.append(enrolment.start(stop))
    most = settings.terminal.journal_mb * 2**20
    badge = None
    if enrolment is not None:
        reopen = partial(bootstrap.open_journal, settings)
        steward = upkeep.steward(settings, settings_path, known, reopen, end)
        threads.append(steward.start(stop))
        means = upkeep.means(settings, reopen, end)
        badge = bootstrap.badge(
            settings, known, own, enrolment, means=means, wish=steward.heard.put
        )
    Agent(journal, link, bootstrap.versions(settings), most, badge).run(stop)
    stop.set()
    for thread in threads:
        thread.join(5)
    journal.close()
    return code[0]


def _pictures(app: KioskApp) -> Callable[[], Awaitable[bytes]]:
    """From the session's loop to the screen's thread and back."""

    async def picture() -> bytes:
        loop = asyncio.get_running_loop()
        made: asyncio.Future[bytes] = loop.create_future()

        def done(png: bytes) -> None:
            loop.call_soon_threadsafe(lambda: None if made.done() else made.set_result(png))

        app.picture(done)
        async with asyncio.timeout(PICTURE_SECONDS):
            return await made

    return picture


def _keep_nothing() -> None:
    """Before the first citizen's data is there."""
    hygiene.hush()
    if not hygiene.overwrites():
        log.warning("freed_memory_stays", remedy="start with `kiosk run`; see docs/privacy.md")
    hygiene.seal()


def _on_signal(act: Callable[[], None]) -> None:
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: act())


def _player(
    app: KioskApp, playing: Playing, settings: TerminalSettings, terminal: Terminal
) -> Player:
    """Must be kept: Kivy's clock holds no strong reference to it."""
    from screens.player import Player

    folder = settings.simulators.folder

    def simulate(device: str, key: str, value: object) -> None:
        write_state(folder / f"{device}.json", **{key: value})

    found = ((task, terminal.catalogue.find(task)) for task in set(playing.tasks))
    places = {task: place_of(item) for task, item in found if item is not None}
    play = Play.of(playing.tasks, simulate, playing.way, lambda kind: known(folder, kind), places)

    def script(view: View) -> list[str]:
        actions = play.actions(view)
        if playing.visits and play.ended >= playing.visits:
            app.stop()
            return []
        return actions

    return Player(app, script, playing.pictures, _StepPrinter(playing.steps), playing.pause)


def known(folder: Path, kind: str) -> str:
    """What sample people type: their PIN, the code on their phone, a helper's PIN."""
    if kind == "pin":
        return PIN
    name, key = {"code": ("phone.json", "code"), "staff": (sample_staff.FILE, "helper")}[kind]
    try:
        return str(json.loads((folder / name).read_text()).get(key, ""))
    except (OSError, ValueError):
        return ""


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
