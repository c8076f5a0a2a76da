"""What can be said after `python -m fleet`: everything but the manager itself, a function each.

A function takes the arguments after its word and returns how the program ends: 2 for what the
user can mend, in words on stderr.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from config import load
from config.fleet_schema import FleetSettings
from fleet import commands, keys, wiring
from fleet.backup import command as backup_command
from fleet.backup.run import Whole
from fleet.errors import FleetError
from fleet.handling import command as work_command
from fleet.handling.answering import AnswerDesk
from fleet.interface import document
from fleet.people import command as people_command
from fleet.people.office import People, operator
from fleet.pki import command as pki_command
from fleet.pki.authority import Authority
from fleet.reports import command as report_command
from fleet.reports.build import Reporter
from fleet.rollouts import command as rollouts_command
from fleet.rollouts.desk import RolloutDesk
from fleet.rollouts.office import FOLDER as UPDATES
from fleet.simulate import command as simulation
from fleet.simulate.attachments import bringing
from fleet.simulate.badges import badges, command_keys
from fleet.simulate.line import Where
from fleet.store.database import Store
from fleet.updates import command as updates_command
from fleet.updates.repository import Repository
from kiosk import wire

# What disturbs nobody; all others are orders, with their rules and their second person.
AT_ONCE = (wire.Operation.REPORT, wire.Operation.RENEW_CERTIFICATE)


class Command(NamedTuple):
    """`about`: for the list of commands."""

    run: Callable[[list[str]], int]
    about: str


def listed() -> str:
    """A line for each command."""
    width = max(map(len, COMMANDS))
    lines = (f"  {word:{width}}  {command.about}" for word, command in COMMANDS.items())
    return "\n".join(("commands:", *lines))


def run(word: str, argv: list[str]) -> int:
    """What the user can mend is told in words on stderr, and ends with 2."""
    try:
        return COMMANDS[word].run(argv)
    except (load.SettingsFileError, FleetError) as error:
        print(f"fleet {word}: {error}", file=sys.stderr)
        return 2


def _command(argv: list[str]) -> int:
    """`fleet command TERMINAL OPERATION`: prints the command's id, which its record will have."""
    parser = argparse.ArgumentParser(prog="fleet command", description="Ask a terminal to act")
    parser.add_argument("--settings", type=Path, default=Path("config/fleet.toml"))
    parser.add_argument("--seconds", type=int, default=commands.DEFAULT_SECONDS)
    parser.add_argument("terminal")
    parser.add_argument("operation", choices=AT_ONCE)
    asked = parser.parse_args(argv)
    settings = load.fleet(asked.settings)
    place, tenant = settings.fleet, settings.fleet.tenant
    with closing(Store(settings.store.url)) as store:
        audit = People(store, place.var, wiring.people_terms(settings)).audit
        audit.note(operator(), "command.send", asked.terminal, operation=asked.operation)
    command = commands.Commander(place.var, place.trust, tenant).order(
        asked.terminal, asked.operation, seconds=asked.seconds
    )
    authority = Authority(place.var / "pki", tenant, wiring.terms(settings))
    commands.send(command, tenant, (settings.broker.host, settings.broker.port), authority)
    print(command.id)
    return 0


def _simulate(argv: list[str]) -> int:
    asked = simulation.parse(argv)
    settings = load.fleet(asked.settings)
    place, broker, http = settings.fleet, settings.broker, settings.http
    tls = badges(place.var, place.tenant) if settings.link.tls else None
    port = http.gateway_port if settings.link.tls else http.port
    address = f"{'https' if settings.link.tls else 'http'}://{wiring.named(broker.host)}:{port}"
    keys = command_keys(place.trust)
    with bringing(address, place.trust) as bring:
        where = Where(broker.host, broker.port, place.tenant, tls, keys, bring)
        return simulation.run(asked, where, place.trust)


def _report(argv: list[str]) -> int:
    asked = report_command.parse(argv)
    if asked.claims is not None:
        return report_command.check_claims(asked.claims)
    settings = load.fleet(asked.settings)
    known = wiring.items(settings.fleet.catalogue)
    with closing(Store(settings.store.url)) as store:
        return report_command.run(asked, Reporter(store, known, wiring.timetable(settings)))


def _backup(argv: list[str]) -> int:
    asked = backup_command.parse_backup(argv)
    if asked.new_key is not None:
        return backup_command.new_key(asked)
    settings = load.fleet(asked.settings)
    whole = _whole(settings, asked.settings)
    return backup_command.back_up(asked, whole, settings.backup.recipients)


def _restore(argv: list[str]) -> int:
    asked = backup_command.parse_restore(argv)
    return backup_command.restore(asked, _whole(load.fleet(asked.settings), asked.settings))


def _whole(settings: FleetSettings, file: Path) -> Whole:
    place = settings.fleet
    return Whole(place.tenant, place.var, place.trust, settings.store.url, file)


def _lost(argv: list[str]) -> int:
    """`fleet lost`: what is missing of journals; with a range, that it is gone for good."""
    asked = backup_command.parse_lost(argv)
    with closing(Store(load.fleet(asked.settings).store.url)) as store:
        return backup_command.lost(asked, store)


def _openapi(argv: list[str]) -> int:
    about = "What other systems can ask, as an OpenAPI document"
    argparse.ArgumentParser(prog="fleet openapi", description=about).parse_args(argv)
    print(document.text(), end="")
    return 0


def _pki(argv: list[str]) -> int:
    asked = pki_command.parse(argv)
    settings = load.fleet(asked.settings)
    place, terms = settings.fleet, wiring.terms(settings)
    return pki_command.run(asked, place.var / "pki", place.tenant, terms)


def _updates(argv: list[str]) -> int:
    asked = updates_command.parse(argv)
    place = load.fleet(asked.settings).fleet
    return updates_command.run(asked, place.var / UPDATES, place.trust)


def _rollout(argv: list[str]) -> int:
    return _beside(rollouts_command.parse_rollout(argv), rollouts_command.run_rollout)


def _order(argv: list[str]) -> int:
    return _beside(rollouts_command.parse_order(argv), rollouts_command.run_order)


def _beside(
    asked: argparse.Namespace, act: Callable[[argparse.Namespace, RolloutDesk], int]
) -> int:
    """On the store of a fleet that runs, which then does what is written."""
    settings = load.fleet(asked.settings)
    var = settings.fleet.var
    repository = Repository(var / UPDATES, time.time)
    with closing(Store(settings.store.url)) as store:
        people = People(store, var, wiring.people_terms(settings))
        return act(asked, RolloutDesk(store, people.audit, repository))


def _work(argv: list[str]) -> int:
    asked = work_command.parse(argv)
    settings = load.fleet(asked.settings)
    place = settings.fleet
    with closing(Store(settings.store.url)) as store:
        people = People(store, place.var, wiring.people_terms(settings))
        key = keys.case_key(place.var, place.trust)
        return work_command.run(asked, AnswerDesk(store, key, people.audit))


def _people(argv: list[str]) -> int:
    return _office(argv, people_command.people)


def _audit(argv: list[str]) -> int:
    return _office(argv, people_command.audit)


def _office(argv: list[str], do: people_command.Command) -> int:
    asked = do.parser.parse_args(argv)
    settings = load.fleet(asked.settings)
    with closing(Store(settings.store.url)) as store:
        return do.run(asked, store, settings.fleet.var, wiring.people_terms(settings))


COMMANDS = {
    "audit": Command(_audit, "the record of acts: check its chain, or write it to a file"),
    "backup": Command(_backup, "everything into one encrypted file, while the fleet runs"),
    "command": Command(_command, "ask one terminal to act, at once"),
    "lost": Command(_lost, "records that are missing; or that they are gone for good"),
    "openapi": Command(_openapi, "the interface for other systems, as an OpenAPI document"),
    "order": Command(_order, "ask many terminals to act, and follow what they do"),
    "people": Command(_people, "accounts: add, close, unlock, give a new password"),
    "pki": Command(_pki, "certificates of the link: invite, issue, revoke, renew"),
    "report": Command(_report, "figures of a period as CSV, Excel or PDF"),
    "restore": Command(_restore, "a backup into an empty place"),
    "rollout": Command(_rollout, "bring terminals to a version, a group at a time"),
    "simulate": Command(_simulate, "stations that speak the real protocol"),
    "updates": Command(_updates, "what may be installed: keys, the list, its pieces"),
    "work": Command(_work, "complaints and other work orders: read, take on, answer, close"),
}
