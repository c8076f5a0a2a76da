"""The only place that wires settings, drivers, session and screens together."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from config.schema import TerminalSettings
from drivers import registry
from kiosk import __version__, settings
from kiosk.agent.reports import Versions
from kiosk.events import Event
from kiosk.gateway import HttpGateway
from kiosk.journal import Journal
from kiosk.model import Language, Text
from kiosk.ports import FrameSlot
from kiosk.services.load import load_catalogue
from kiosk.session.terminal import Devices, Limits, Place, Terminal

if TYPE_CHECKING:
    from screens.app import KioskApp

WARM_SECONDS = 4.0
LOCALES = Path("config/locales")


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


def keep_time(s: TerminalSettings) -> None:
    """The terminal's own time zone, whatever the computer was installed with."""
    os.environ["TZ"] = s.terminal.timezone
    time.tzset()


def journal_path(s: TerminalSettings) -> Path:
    return s.terminal.var / "journal.db"


def open_journal(s: TerminalSettings) -> Journal:
    return Journal.open(journal_path(s), s.terminal.id)


def case_key(trust: Path) -> Callable[[], bytes | None]:
    """Reads the fleet's public key when it is there; a terminal may start before its fleet."""

    def read() -> bytes | None:
        try:
            return bytes.fromhex((trust / "case.pub").read_text().strip())
        except (OSError, ValueError):
            return None

    return read


def certificate_check(trust: Path) -> Callable[[bytes], bool]:
    """The library behind it takes long to import: not before the first frame, but before use."""

    def check(pdf: bytes) -> bool:
        from kiosk import certificates

        return certificates.verify_pdf(pdf, trust).valid

    warm = threading.Timer(WARM_SECONDS, check, args=(b"",))
    warm.daemon = True
    warm.start()
    return check


def devices(s: TerminalSettings, frames: FrameSlot) -> Devices:
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


def place(s: TerminalSettings) -> Place:
    return Place(
        terminal=s.terminal.id,
        site=Text(s.terminal.site.zh, s.terminal.site.en),
        hotline=s.terminal.hotline,
        language=Language(s.screen.language),
        demonstration=s.terminal.demonstration,
    )


def terminal(s: TerminalSettings, journal: Journal, frames: FrameSlot) -> Terminal:
    trust = s.terminal.trust
    return Terminal(
        place=place(s),
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
        devices=devices(s, frames),
        case_key=case_key(trust),
        check_certificate=certificate_check(trust),
    )


def screen_app(
    s: TerminalSettings,
    frames: FrameSlot,
    post: Callable[[Event], None] = lambda _event: None,
    on_touch: Callable[[], None] = lambda: None,
) -> KioskApp:
    """The window. Kivy is imported here, after its settings: not before."""
    from screens.settings import prepare

    prepare(
        s.terminal.var / "kivy",
        s.screen.width,
        s.screen.height,
        fullscreen=s.screen.fullscreen,
        left=0,
    )
    from screens.app import KioskApp

    return KioskApp(
        post,
        frames,
        LOCALES,
        s.screen.fonts,
        size=(s.screen.width, s.screen.height),
        language=Language(s.screen.language),
        site=Text(s.terminal.site.zh, s.terminal.site.en),
        hotline=s.terminal.hotline,
        on_touch=on_touch,
    )


def versions(s: TerminalSettings) -> Versions:
    catalogue = load_catalogue(s.terminal.catalogue).version
    return Versions(__version__, settings.version(s), catalogue, s.terminal.site.zh)
