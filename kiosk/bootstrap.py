"""The only place that wires settings, drivers, session and screens together."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import structlog

from config.schema import DeviceTable, ElsewhereTable, TerminalSettings
from drivers import registry
from drivers.options import Site
from kiosk import __version__, settings
from kiosk.agent.backoff import Backoff
from kiosk.agent.badge import Badge
from kiosk.agent.broker import Broker
from kiosk.agent.courier import Courier
from kiosk.agent.enrolment import Enrolment, Office
from kiosk.agent.identity import Identity
from kiosk.agent.known import KnownTime
from kiosk.agent.link import Link
from kiosk.agent.reports import Versions
from kiosk.catalogue.source import Look, source
from kiosk.events import Event
from kiosk.gateway import HttpAppointments, HttpCredentials, HttpEnquiries, HttpGateway
from kiosk.gateway.archive import HttpArchive
from kiosk.gateway.pages import HttpPages
from kiosk.gateway.payments import HttpPayments
from kiosk.gateway.proven import ProvenLine
from kiosk.journal import Journal, open_sound
from kiosk.model import Language, Text
from kiosk.ports import CardReader, DocumentPrinter, FaceCamera, FrameSlot, ReceiptPrinter
from kiosk.session.condition import Condition
from kiosk.session.elsewhere import Neighbour
from kiosk.session.roster import GuardedRoster
from kiosk.session.terminal import Devices, Limits, Place, Terminal
from kiosk.session.till import Till
from kiosk.trusted import case_key, certificate_check, copy_mark

if TYPE_CHECKING:
    from screens.app import KioskApp

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


def sound_journal(s: TerminalSettings, *, chained: bool = True) -> Journal:
    return open_sound(journal_path(s), s.terminal.id, chained=chained)


def courier(s: TerminalSettings) -> Courier:
    """Brings scanned pages to the fleet."""
    return Courier(
        journal_path(s),
        s.terminal.id,
        lambda: HttpPages(s.gateway.url, s.gateway.token_file, s.gateway.ca),
    )


def identity(s: TerminalSettings) -> Identity:
    """The terminal's key and certificate for the link."""
    return Identity(s.mqtt.identity, s.mqtt.ca, s.terminal.id)


def link(s: TerminalSettings, own: Identity, known: KnownTime) -> Link:
    """The connection to the broker; not open yet."""
    secure = (s.mqtt.ca, own) if s.mqtt.tls else (None, None)
    broker = Broker(s.mqtt.host, s.mqtt.port, *secure)
    backoff = Backoff(longest=s.mqtt.reconnect_seconds)
    return Link(broker, s.terminal.tenant, s.terminal.id, known=known.latest, backoff=backoff)


def enrolment(s: TerminalSettings, own: Identity, link: Link) -> Enrolment:
    """Gets this terminal's certificate, and the next one in time."""
    office = Office(s.gateway.url, s.gateway.ca, s.mqtt.enrol)
    return Enrolment(own, office, s.terminal.id, changed=link.renewed, lost=lambda: link.disowned)


def badge(
    s: TerminalSettings, known: KnownTime, own: Identity, enrolment: Enrolment, **upkeep: Any
) -> Badge:
    """How the terminal stands with its fleet. `upkeep`: `means` and `wish`."""
    return Badge(known, own, enrolment, s.terminal.tenant, s.terminal.trust, **upkeep)


def catalogue_source(s: TerminalSettings) -> Look:
    """Asked again and again, it gives the newest good catalogue."""
    var = s.terminal.var / "catalogue"
    return source(s.terminal.catalogue, var, s.terminal.trust, s.terminal.tenant)


def devices(s: TerminalSettings, site: Site) -> Devices:
    """Each class's driver as its settings name it, or a stand-in that says why there is none."""
    tables: dict[str, DeviceTable] = {name: getattr(s, name) for name in registry.CLASSES}
    made = {
        name: registry.build(name, table.driver, table.options, site)
        for name, table in tables.items()
    }
    return Devices(
        reader=cast(CardReader, made.pop("idcard")),
        chip=cast(CardReader, made.pop("chipcard")),
        camera=cast(FaceCamera, made.pop("camera")),
        receipt=cast(ReceiptPrinter, made.pop("receipt")),
        document=cast(DocumentPrinter, made.pop("document")),
        gateway=HttpGateway(s.gateway.url, s.gateway.token_file, s.gateway.ca),
        frames=site.frames,
        beside=made,
        drivers={name: table.driver for name, table in tables.items()},
    )


def place(s: TerminalSettings) -> Place:
    return Place(
        terminal=s.terminal.id,
        site=Text(s.terminal.site.zh, s.terminal.site.en),
        hotline=s.terminal.hotline,
        language=Language(s.screen.language),
        demonstration=s.terminal.demonstration,
        neighbours=tuple(_neighbour(one) for one in s.nearby.terminals),
    )


def _neighbour(one: ElsewhereTable) -> Neighbour:
    site, way = (Text(words.zh, words.en) for words in (one.site, one.way))
    return Neighbour(site, way, one.opens, one.closes, frozenset(one.days))


def proven_line(s: TerminalSettings) -> ProvenLine:
    """A new one for each client: whoever has it closes it."""
    key = case_key(s.terminal.trust)
    return ProvenLine(s.gateway.url, s.gateway.token_file, key, ca=s.gateway.ca)


def terminal(s: TerminalSettings, journal: Journal, frames: FrameSlot) -> Terminal:
    trust = s.terminal.trust
    condition = Condition()
    made = devices(s, Site(frames, condition.headphones))
    look = catalogue_source(s)
    return Terminal(
        place=place(s),
        limits=Limits(
            idle=s.screen.idle_seconds,
            still_there=s.screen.still_there_seconds,
            unhurried=s.screen.unhurried_seconds,
            visit=s.screen.visit_seconds,
            thanks=s.screen.thanks_seconds,
            rating=s.screen.rating_seconds,
            face=s.camera.seconds,
            ack=s.gateway.ack_seconds,
            decision=s.gateway.decision_seconds,
        ),
        catalogue=look(),
        journal=journal,
        devices=made,
        case_key=case_key(trust),
        check_certificate=certificate_check(trust),
        credentials=HttpCredentials(proven_line(s)),
        roster=GuardedRoster(s.staff.roster),
        version=__version__,
        condition=condition,
        look=look,
        enquiries=HttpEnquiries(proven_line(s)),
        archive=HttpArchive(proven_line(s)),
        mark_copy=copy_mark,
        appointments=HttpAppointments(proven_line(s)),
        till=Till(journal, HttpPayments(proven_line(s), s.terminal.id)),
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
    from screens.theme import Appearance, Glass

    glass = Glass(s.screen.width, s.screen.height, s.screen.diagonal_mm, s.screen.lower_edge_mm)
    return KioskApp(
        post,
        frames,
        LOCALES,
        s.screen.fonts,
        size=(s.screen.width, s.screen.height),
        language=Language(s.screen.language),
        site=Text(s.terminal.site.zh, s.terminal.site.en),
        hotline=s.terminal.hotline,
        usual=Appearance(s.screen.theme, s.screen.text_size),
        glass=glass,
        motion=s.screen.motion,
        scan_seconds=s.screen.scan_seconds,
        on_touch=on_touch,
    )


def versions(s: TerminalSettings) -> Versions:
    given = settings.Given(s.terminal.var).version
    return Versions(__version__, settings.version(s), s.terminal.site.zh, given)
