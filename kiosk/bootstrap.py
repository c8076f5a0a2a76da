"""The only place that wires settings, drivers, session, agent and screens together."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from config.schema import TerminalSettings
from drivers import registry
from drivers.statefile import write_state
from kiosk import __version__, certificates
from kiosk.agent.agent import Agent
from kiosk.agent.link import Link
from kiosk.agent.reports import Versions
from kiosk.gateway import HttpGateway
from kiosk.journal import Journal
from kiosk.model import Language, Text
from kiosk.play import Play
from kiosk.ports import FrameSlot
from kiosk.services.load import load_catalogue
from kiosk.session.engine import Engine
from kiosk.session.health import Health
from kiosk.session.recovery import recover
from kiosk.session.terminal import Devices, Limits, Place, Terminal
from kiosk.settings import load, version
from kiosk.view import View

log = structlog.get_logger("bootstrap")

RECHECKED_RECORDS = 2000  # newest records whose chain is checked at each start


def configure_logs() -> None:
    """One JSON line for each event on stderr: names and ids, never a citizen's data."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


def journal_path(settings: TerminalSettings) -> Path:
    return settings.terminal.var / "journal.db"


def open_journal(settings: TerminalSettings) -> Journal:
    return Journal.open(journal_path(settings), settings.terminal.id)


def case_key(trust: Path) -> Callable[[], bytes | None]:
    """Reads the fleet's public key when it is there; a terminal may start before its fleet."""

    def read() -> bytes | None:
        try:
            return bytes.fromhex((trust / "case.pub").read_text().strip())
        except (OSError, ValueError):
            return None

    return read


def devices(settings: TerminalSettings, frames: FrameSlot) -> Devices:
    s = settings
    return Devices(
        reader=registry.card_reader(s.idcard.driver, s.idcard.port, s.idcard.baud),
        camera=registry.face_camera(s.camera.driver, s.camera.source, frames),
        receipt=registry.receipt_printer(
            s.receipt.driver, s.receipt.host, s.receipt.port, s.receipt.width_dots
        ),
        document=registry.document_printer(s.document.driver, s.document.folder),
        gateway=HttpGateway(s.gateway.url, s.gateway.token_file),
        frames=frames,
    )


def terminal(settings: TerminalSettings, journal: Journal, frames: FrameSlot) -> Terminal:
    s = settings
    trust = s.terminal.trust
    return Terminal(
        place=Place(
            terminal=s.terminal.id,
            site=Text(s.terminal.site.zh, s.terminal.site.en),
            hotline=s.terminal.hotline,
            language=Language(s.screen.language),
            demonstration=s.terminal.demonstration,
        ),
        limits=Limits(
            idle=s.screen.idle_seconds,
            still_there=s.screen.still_there_seconds,
            thanks=s.screen.thanks_seconds,
            rating=s.screen.rating_seconds,
            face=s.camera.seconds,
            ack=s.gateway.ack_seconds,
            decision=s.gateway.decision_seconds,
        ),
        catalogue=load_catalogue(s.terminal.catalogue),
        journal=journal,
        devices=devices(settings, frames),
        case_key=case_key(trust),
        check_certificate=lambda pdf: certificates.verify_pdf(pdf, trust).valid,
        trust=trust,
    )


class SessionThread:
    """Engine, health and drivers on an asyncio loop of their own, beside Kivy's thread."""

    def __init__(self, terminal: Terminal, show: Callable[[View], None]) -> None:
        self.engine = Engine(terminal, show)
        self._terminal = terminal
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="session", daemon=True)

    def start(self, interrupted: str | None) -> None:
        self._thread.start()
        health = Health(self._terminal, self.engine)
        for work in (self.engine.run(interrupted), health.run()):
            asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self) -> None:
        """Bounded: a print under way gets its time, a hung driver does not."""
        future = asyncio.run_coroutine_threadsafe(self._stop(), self._loop)
        try:
            future.result(timeout=20)
        except TimeoutError:
            log.warning("session_did_not_stop")
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(2)

    async def _stop(self) -> None:
        await self.engine.stop()
        d = self._terminal.devices
        for port in (d.reader, d.camera, d.receipt, d.document, d.gateway):
            await port.close()


@dataclass(frozen=True, slots=True)
class Playing:
    """How the screen process plays by itself. `visits` 0: for ever; `steps`: a JSON-lines file."""

    tasks: list[str]
    visits: int = 0
    pictures: Path | None = None
    steps: Path | None = None
    pause: float = 0.0


def screen(settings_path: Path, playing: Playing | None = None) -> int:
    """The screen process. Returns when asked to stop, or when all visits have been played."""
    from screens.settings import configure  # before anything of Kivy

    settings = load(settings_path)
    s = settings.screen
    configure(s.width, s.height, fullscreen=s.fullscreen, home=settings.terminal.var / "kivy")
    from screens.app import KioskApp

    journal = open_journal(settings)
    journal.verify(RECHECKED_RECORDS)
    interrupted = recover(journal)
    journal.start_boot()
    frames = FrameSlot()
    wired = terminal(settings, journal, frames)
    journal.append("boot", {"software": __version__, "catalogue": wired.catalogue.version})

    def show(view: View) -> None:
        app.show(view)

    session = SessionThread(wired, show)
    app = KioskApp(
        post=session.engine.post,
        on_touch=session.engine.touched,
        frames=frames,
        words=Path("config/locales"),
        size=(s.width, s.height),
        title=wired.place.site,
        fullscreen=s.fullscreen,
    )
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: app.stop())
    if playing is not None:
        _play(app, playing, settings)
    session.start(interrupted)
    app.run()
    session.stop()
    journal.close()
    return 0


def _play(app: object, playing: Playing, settings: TerminalSettings) -> None:
    from screens.player import Player

    folder = settings.simulators.folder

    def simulate(device: str, key: str, value: object) -> None:
        write_state(folder / f"{device}.json", **{key: value})

    play = Play.of(playing.tasks, simulate)
    started = time.monotonic()
    count = 0

    def step(name: str, milliseconds: float) -> None:
        nonlocal count
        count += 1
        elapsed = time.monotonic() - started
        print(f"{elapsed:7.2f} s  {count:3d}  {name:<16}{milliseconds:8.0f} ms", flush=True)
        if playing.steps is not None:
            with playing.steps.open("a") as file:
                file.write(json.dumps({"name": name, "ms": round(milliseconds, 1)}) + "\n")

    Player(
        app,
        play.actions,
        pictures=playing.pictures,
        on_step=step,
        done=lambda: bool(playing.visits) and play.ended >= playing.visits,
        pause=playing.pause,
    )


def agent(settings_path: Path) -> int:
    """The agent process."""
    settings = load(settings_path)
    journal = open_journal(settings)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    t = settings.terminal
    catalogue = load_catalogue(t.catalogue).version
    versions = Versions(__version__, version(settings), catalogue, t.site.zh)
    Agent(journal, Link(settings.mqtt.host, settings.mqtt.port, t.tenant, t.id), versions).run(stop)
    journal.close()
    return 0
