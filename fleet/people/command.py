"""`python -m fleet people …` and `… audit …`: for whoever is at the fleet's own machine."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from fleet.people import accounts, export, web
from fleet.people.accounts import AccountFault
from fleet.people.office import People, PeopleTerms, operator
from fleet.people.pages import people as desk
from fleet.people.pages.people import Act
from fleet.people.roles import Role
from fleet.people.words import Told
from fleet.store.database import Store
from fleet.store.people_tables import audit as table

ENGLISH = Told("en-US")
Run = Callable[[argparse.Namespace, Store, Path, PeopleTerms], int]


@dataclass(frozen=True, slots=True)
class Command:
    """`run` ends with 0, or 1 when what was asked for cannot be, or the record does not hold."""

    parser: argparse.ArgumentParser
    run: Run


def _parser(name: str, about: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"fleet {name}", description=about)
    parser.add_argument("--settings", type=Path, default=Path("config/fleet.toml"))
    return parser


def _people_parser() -> argparse.ArgumentParser:
    parser = _parser("people", "Accounts of console and API, also when nobody can sign in")
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("list", help="every account")
    adding = acts.add_parser("add", help="an account; prints its first password")
    adding.add_argument("name")
    adding.add_argument("role", choices=[role.value for role in Role])
    adding.add_argument("--display", default="")
    for act, about in (
        (Act.RESET, "a new password, which it prints; ends the sessions"),
        (Act.DISABLE, "let nobody in by it"),
        (Act.ENABLE, "let its owner in again"),
        (Act.UNLOCK, "end the wait after wrong tries"),
        (Act.FACTOR, "remove the second factor of a lost phone"),
        (Act.SESSIONS, "end all its sessions"),
    ):
        acts.add_parser(act.value, help=about).add_argument("name")
    return parser


def _run_people(asked: argparse.Namespace, store: Store, var: Path, terms: PeopleTerms) -> int:
    office = People(store, var, terms)
    if asked.act == "list":
        return _list(office)
    got: AccountFault | str | tuple[str, str] | None
    if asked.act == "add":
        got = desk.add(office, operator(), asked.name, asked.role, asked.display)
    else:
        got = desk.act(office, operator(), asked.name, Act(asked.act), {})
    if isinstance(got, AccountFault):
        print(f"fleet people: {ENGLISH(f'fault.{got.value}')}", file=sys.stderr)
        return 1
    if got:
        made = got if isinstance(got, str) else got[1]
        print(f"{asked.name.lower()}: {made}   (shown once; it must be changed at the sign-in)")
    return 0


def _list(office: People) -> int:
    now = office.clock()
    with office.store.read() as connection:
        every = accounts.every(connection)
    for one in every:
        state = "closed" if one.disabled else "waits" if one.locked_until > now else "open"
        factor = "two factors" if one.two_factors else "sso" if one.subject else "one factor"
        last = web.moment(one.signed_in_at) or "never"
        print(f"{one.name:24} {one.role:14} {state:7} {factor:12} last signed in {last}")
    return 0


def _audit_parser() -> argparse.ArgumentParser:
    parser = _parser("audit", "The record of what people and programs did")
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("check", help="does every entry say what it said? ends with 1 if not")
    copying = acts.add_parser("export", help="all of it, as CSV")
    copying.add_argument("out", type=Path, nargs="?", help="a file; otherwise standard output")
    return parser


def _run_audit(asked: argparse.Namespace, store: Store, var: Path, terms: PeopleTerms) -> int:
    office = People(store, var, terms)
    if asked.act == "check":
        verdict = office.audit.check()
        found = verdict.finding
        key = f"audit.{found.tamper.value}" if found else "audit.holds"
        print(ENGLISH(key, rows=verdict.rows, position=found.position if found else 0))
        return 1 if found else 0
    office.audit.note(operator(), "audit.export", str(asked.out or "-"))
    with store.read() as connection:
        rows = connection.execute(select(table).order_by(table.c.position))
        lines = export.csv_lines(row._asdict() for row in rows)
        if asked.out is None:
            sys.stdout.writelines(lines)
        else:
            with asked.out.open("w", encoding="utf-8", newline="") as file:
                file.writelines(lines)
    return 0


people = Command(_people_parser(), _run_people)
audit = Command(_audit_parser(), _run_audit)
