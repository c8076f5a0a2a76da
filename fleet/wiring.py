"""What the settings come to, in the words of the fleet's parts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import structlog

from config.fleet_schema import FleetSettings
from fleet.alarms.office import AlarmPlace
from fleet.alarms.smtp import MailServer
from fleet.console.words import TONGUES
from fleet.digest.terms import DigestTerms, Reader
from fleet.errors import StartError
from fleet.handling.plan import Duty
from fleet.identity.senders import CodeSender, NoSender, SimulatedSender
from fleet.lookups import Budget
from fleet.payment import notices
from fleet.payment.http import HttpProvider
from fleet.people.office import PeopleTerms, is_loopback
from fleet.people.oidc import SsoTerms
from fleet.people.roles import Role
from fleet.people.sessions import Limits
from fleet.pki.authority import Terms
from fleet.place import Outside, Place, Retention, Secure
from fleet.platform.adapters.routing import Platforms, connect
from fleet.platform.persons import SamplePersons
from fleet.platform.sample import SamplePlatform
from fleet.reports.hours import HoursError, Timetable
from fleet.webhooks.hooks import Hook
from kiosk.services.item import Item
from kiosk.services.load import CatalogueError, load_catalogue


def items(folder: Path) -> dict[str, Item]:
    """The catalogue, by task_code. Raises `StartError` with a line for each fault."""
    try:
        return {item.task_code: item for item in load_catalogue(folder).items}
    except CatalogueError as error:
        raise StartError(str(error)) from None


def place(settings: FleetSettings, known: dict[str, Item]) -> Place:
    table = settings.duty
    return Place(
        tenant=settings.fleet.tenant,
        var=settings.fleet.var,
        trust=settings.fleet.trust,
        store_url=settings.store.url,
        broker=(settings.broker.host, settings.broker.port),
        own_broker=settings.broker.start,
        stale_seconds=settings.fleet.stale_seconds,
        items=known,
        duty=Duty(table.default, table.departments),
        read_items=lambda: load_catalogue(settings.fleet.catalogue).items,
        pay_seconds=settings.payment.seconds,
        lookups=Budget(settings.lookups.burst, settings.lookups.refill_seconds),
        secure=_secure(settings),
        workers=settings.ingest.workers,
        timetable=timetable(settings),
        people=people_terms(settings),
        alarms=_alarms(settings),
        digest=_digest(settings),
        retention=Retention(settings.retention.days(), settings.retention.hour),
        webhooks=_webhooks(settings),
    )


def _secure(settings: FleetSettings) -> Secure | None:
    table = settings.link
    if not table.tls:
        return None
    return Secure(terms(settings), tuple(table.invite.split()), table.invite_hours)


def _alarms(settings: FleetSettings) -> AlarmPlace | None:
    table = settings.alarms
    if not table.rules:
        return None
    return AlarmPlace(Path(table.rules), table.seconds, _console(settings), _mail(settings))


def _digest(settings: FleetSettings) -> DigestTerms | None:
    table, tongues = settings.digest, dict(zip(("zh", "en"), TONGUES, strict=True))
    readers = [Reader(one.to, tongues[one.language], tuple(one.sites)) for one in table.readers]
    if not readers:
        return None
    return DigestTerms(table.hour, tuple(readers), _mail(settings), _console(settings))


def _mail(settings: FleetSettings) -> MailServer:
    mail = settings.mail
    return MailServer(mail.host, mail.port, mail.tls, mail.sender, mail.user, mail.password_file)


def _console(settings: FleetSettings) -> str:
    """Where people reach it; '' : nobody knows."""
    return settings.alarms.console or settings.people.address


def _webhooks(settings: FleetSettings) -> tuple[Hook, ...]:
    every = settings.webhooks.to.items()
    return tuple(Hook(name, one.url, one.key_file, tuple(one.events)) for name, one in every)


def outside(settings: FleetSettings, known: dict[str, Item]) -> Outside:
    table = settings.identity
    sender: CodeSender = NoSender()
    if table.sender == "simulated":
        structlog.get_logger("fleet").warning("codes_lie_in_a_file", file=str(table.phone_file))
        sender = SimulatedSender(table.phone_file, (table.sign.zh, table.sign.en))
    platforms = _platforms(settings, known.values())
    return Outside(platforms, SamplePersons(), sender, _provider(settings))


def _platforms(settings: FleetSettings, known: Iterable[Item]) -> Platforms:
    built_in = SamplePlatform(
        settings.fleet.var,
        settings.fleet.trust,
        settings.platform.accept_unmatched_face,
        settings.platform.authority.zh,
        settings.platform.authority.en,
        items=known,
        day_seconds=settings.platform.day_seconds,
    )
    var = settings.fleet.var / "platforms"
    return connect(settings.platform.folder, known, built_in, built_in.papers, var)


def _provider(settings: FleetSettings) -> HttpProvider | None:
    table = settings.payment
    here = f"http://{named(settings.http.host)}:{settings.http.port}"
    notify = (table.notify_url or here).rstrip("/") + notices.PATH
    if not table.url:
        return None
    return HttpProvider(table.url, table.merchant_key, table.public_key, notify)


def named(host: str) -> str:
    """As an address has it."""
    return f"[{host}]" if ":" in host else host


def terms(settings: FleetSettings) -> Terms:
    table = settings.link
    reached = dict.fromkeys([*table.names, settings.broker.host])
    return Terms(
        table.root_days, table.issuing_days, table.terminal_days, table.server_days,
        table.crl_days, tuple(reached),
    )  # fmt: skip


def people_terms(settings: FleetSettings) -> PeopleTerms:
    table, http = settings.people, settings.http
    address = (table.address or f"http://{named(http.host)}:{http.port}").rstrip("/")
    second = frozenset(Role(role) for role in table.second_factor)
    return PeopleTerms(
        address=address,
        loopback=is_loopback(http.host) or http.host == "localhost",
        open_console=table.open_console,
        limits=Limits(table.idle_minutes * 60, table.session_hours * 3600, second),
        sso=_single_sign_on(settings, address),
    )


def _single_sign_on(settings: FleetSettings, address: str) -> SsoTerms | None:
    table = settings.people.oidc
    if not table.issuer:
        return None
    if not table.client_id or not table.roles:
        raise StartError("people.oidc: an issuer needs client_id, and roles (claim value = role)")
    return SsoTerms(
        issuer=table.issuer,
        client=table.client_id,
        redirect=f"{address}/sign-in/callback",
        claim=table.claim,
        roles={value: Role(role) for value, role in table.roles.items()},
        secret_file=Path(table.secret_file) if table.secret_file else None,
    )


def timetable(settings: FleetSettings) -> Timetable:
    try:
        return Timetable.parse(settings.reports.hours, settings.reports.hours_of)
    except HoursError as error:
        raise StartError(f"reports.hours: {error}") from None
