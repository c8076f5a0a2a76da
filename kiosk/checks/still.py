"""What stands still at a terminal: settings, catalogue, journal, disk, keys, staff, swap."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from config.schema import TerminalSettings
from kiosk import bootstrap
from kiosk.errors import CatalogueError, JournalError, RosterError
from kiosk.identity.roster import Roster
from kiosk.readiness import Sayer
from kiosk.settings import version
from kiosk.stationery import audit, outcomes
from kiosk.trusted import case_key

MIN_FREE_MB = 200


def _settings(path: Path, settings: TerminalSettings, say: Sayer) -> tuple[bool, str]:
    return True, say("check.version", what=path, version=version(settings))


def _catalogue(_path: Path, settings: TerminalSettings, say: Sayer) -> tuple[bool, str]:
    try:
        catalogue = bootstrap.catalogue_source(settings)()
    except CatalogueError as error:
        return False, str(error)
    if not catalogue.items:
        return False, say("check.no_catalogue", folder=settings.terminal.catalogue)
    return True, say("check.items", count=len(catalogue.items), version=catalogue.version)


def _journal(_path: Path, settings: TerminalSettings, say: Sayer) -> tuple[bool, str]:
    if not bootstrap.journal_path(settings).exists():
        return True, say("check.no_journal")
    try:
        journal = bootstrap.open_journal(settings)
        records = journal.verify()
        waiting = journal.last_seq - journal.acked_through
        journal.close()
    except JournalError as error:
        return False, say("check.journal_broken", error=error)
    return True, say("check.records", count=records, waiting=waiting)


def _stationery(_path: Path, settings: TerminalSettings, say: Sayer) -> tuple[bool, str]:
    """Tells where the certificate paper went; never a reason to stay closed."""
    if not bootstrap.journal_path(settings).exists():
        return True, say("check.no_journal")
    try:
        journal = bootstrap.open_journal(settings)
        books = audit(outcomes(journal.walk()))
        journal.close()
    except JournalError as error:
        return False, say("check.journal_broken", error=error)
    found = say("check.sheets", **asdict(books.ledger))
    odd = [f"{one.kind} {one.sheets:+d}" for one in books.discrepancies]
    return True, ", ".join([found, *odd])


def _disk(_path: Path, settings: TerminalSettings, say: Sayer) -> tuple[bool, str]:
    settings.terminal.var.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.terminal.var).free // 2**20
    return free > MIN_FREE_MB, say("check.free", count=free, path=settings.terminal.var)


def _staff(_path: Path, settings: TerminalSettings, say: Sayer) -> tuple[bool, str]:
    """Who may sign in; a roster that others can read or write is refused."""
    try:
        members = Roster.load(settings.staff.roster).members()
    except RosterError as error:
        return False, str(error)
    roles = Counter(str(member.role) for member in members)
    found = [f"{say(f'staff.role.{role}')}: {count}" for role, count in roles.items()]
    return True, ", ".join(found) or say("check.no_staff")


def _swap(_path: Path, settings: TerminalSettings, say: Sayer) -> tuple[bool, str]:
    """What a citizen's visit holds in memory must never reach a disk; invented people's may."""
    areas = Path("/proc/swaps").read_text().splitlines()[1:]
    on_disk = [area.split()[0] for area in areas if not area.startswith("/dev/zram")]
    good = not on_disk or settings.terminal.demonstration
    return good, ", ".join(on_disk) or say("check.no_swap")


def _trust(_path: Path, settings: TerminalSettings, say: Sayer) -> tuple[bool, str]:
    trust = settings.terminal.trust
    good = case_key(trust)() is not None
    return good, str(trust) if good else say("check.no_key", path=trust)


def _link(_path: Path, settings: TerminalSettings, say: Sayer) -> tuple[bool, str]:
    """The certificate, and what kept the agent from the broker last."""
    if not settings.mqtt.tls:
        return settings.terminal.demonstration, say("check.link_clear")
    days = bootstrap.identity(settings).days_left(time.time())
    if days is None:
        return settings.terminal.demonstration, say("check.link_none")
    fault = _told_fault(settings)
    key = "check.link_fault" if fault else "check.link_good"
    return days >= 0 and not fault, say(key, days=days, fault=fault)


def _told_fault(settings: TerminalSettings) -> str:
    """As the agent has written it down; '' before it has, and while it is connected."""
    if not bootstrap.journal_path(settings).exists():
        return ""
    try:
        journal = bootstrap.open_journal(settings)
        told = journal.statuses().get("link", ({}, 0.0))[0]
        journal.close()
    except JournalError:
        return ""
    return str(told.get("fault", ""))


STILL: dict[str, Callable[[Path, TerminalSettings, Sayer], tuple[bool, str]]] = {
    "settings": _settings,
    "catalogue": _catalogue,
    "journal": _journal,
    "stationery": _stationery,
    "disk": _disk,
    "trust": _trust,
    "link": _link,
    "staff": _staff,
    "swap": _swap,
}
