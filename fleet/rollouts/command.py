"""`python -m fleet rollout` and `fleet order`: beside a running fleet, which does what is written.

Who does it is the user of the system; a second person is another user of it.
"""

from __future__ import annotations

import argparse
import getpass
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from fleet.errors import FleetError, RolloutError
from fleet.rollouts import book, orders
from fleet.rollouts.drift import drift
from fleet.rollouts.shapes import Group, Plan, Terms, Where
from fleet.store.database import Store
from fleet.store.rollout_tables import order_terminals, rollouts
from fleet.store.rollout_tables import orders as orders_table
from fleet.updates.repository import Repository
from kiosk.wire import Operation, Piece, PieceKind

Act = Callable[[Connection, argparse.Namespace], None]


def parse_rollout(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="fleet rollout", description="Bring terminals to a version"
    )
    parser.add_argument("--settings", type=Path, default=Path("config/fleet.toml"))
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    first = acts.add_parser("propose", help="begin with the first group")
    first.add_argument("kind", choices=list(PieceKind))
    first.add_argument("version", help="as it was added to the updates")
    first.add_argument("--canary", nargs="*", default=[], metavar="ID", help="the first group")
    first.add_argument("--share", type=float, nargs="*", default=[], help="further groups: 0.1 0.5")
    first.add_argument("--approve", action="store_true", help="each group but the first waits")
    first.add_argument("--observe", type=float, default=Terms().observe, help="seconds, each group")
    first.add_argument("--visits", type=int, default=Terms().visits, help="that each must have had")
    first.add_argument("--window", default="", help="01:30-04:30, the terminals' own time")
    acts.add_parser("list", help="the newest last")
    acts.add_parser("drift", help="who has something else than it is to have")
    for name, help_ in (
        ("show", "each terminal"), ("approve", "the next group begins"), ("pause", "for now"),
        ("resume", "go on"), ("stop", "everybody gets back what was there"),
    ):  # fmt: skip
        acts.add_parser(name, help=help_).add_argument("number", type=int)
    return parser.parse_args(argv)


def run_rollout(asked: argparse.Namespace, store: Store, repository: Repository) -> int:
    """0, or 2 with the reason on stderr."""
    acts: dict[str, Act] = {
        "propose": lambda connection, one: _propose(connection, one, repository),
        "list": _list,
        "drift": _drift,
        "show": _show,
        "approve": lambda c, one: book.approve(c, one.number, actor(), time.time()),
        "pause": lambda c, one: book.pause(c, one.number, actor(), time.time()),
        "resume": lambda c, one: book.resume(c, one.number, actor(), time.time()),
        "stop": lambda c, one: book.stop(c, one.number, actor(), time.time(), "by hand"),
    }
    return _run("rollout", acts[asked.act], asked, store)


def parse_order(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fleet order", description="Ask terminals to act")
    parser.add_argument("--settings", type=Path, default=Path("config/fleet.toml"))
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    for name in ("preview", "give"):
        one = acts.add_parser(name, help="whom it hits" if name == "preview" else "do it")
        one.add_argument("operation", choices=list(Operation))
        one.add_argument("--id", nargs="*", default=[], metavar="ID")
        one.add_argument("--site", default="", help="part of its name")
        one.add_argument("--software", default="", help="this version alone")
        one.add_argument("--zh", default="", help="a message, in Chinese")
        one.add_argument("--en", default="", help="and in English")
        one.add_argument("--seconds", type=int, default=0, help="how long it may wait")
    acts.add_parser("list", help="the newest last")
    for name in ("show", "approve", "refuse", "withdraw"):
        acts.add_parser(name).add_argument("number", type=int)
    return parser.parse_args(argv)


def run_order(asked: argparse.Namespace, store: Store, _repository: Repository) -> int:
    """0, or 2 with the reason on stderr."""
    acts: dict[str, Act] = {
        "preview": _preview,
        "give": _give,
        "list": _orders,
        "show": _order,
        "approve": lambda c, one: orders.answer(c, one.number, actor(), time.time(), approved=True),
        "refuse": lambda c, one: orders.answer(c, one.number, actor(), time.time(), approved=False),
        "withdraw": lambda c, one: orders.withdraw(c, one.number, actor(), time.time()),
    }
    return _run("order", acts[asked.act], asked, store)


def actor() -> str:
    return getpass.getuser()


def _run(name: str, act: Act, asked: argparse.Namespace, store: Store) -> int:
    try:
        with store.write() as connection:
            act(connection, asked)
    except FleetError as error:
        print(f"fleet {name}: {error}", file=sys.stderr)
        return 2
    return 0


def _propose(connection: Connection, asked: argparse.Namespace, repository: Repository) -> None:
    groups = [Group("canary", Where(ids=asked.canary))] if asked.canary else []
    groups += [Group(f"{share:.0%}", Where(share=share), asked.approve) for share in asked.share]
    groups.append(Group("everybody", approve=asked.approve and bool(groups)))
    terms = Terms(observe=asked.observe, visits=asked.visits)
    kind = PieceKind(asked.kind)
    piece = _piece(repository, kind, asked.version)
    plan = Plan(piece, groups, terms, asked.window)
    print(book.propose(connection, kind, plan, actor(), time.time()))


def _piece(repository: Repository, kind: PieceKind, version: str) -> Piece:
    for name, target in repository.targets().targets.items():
        custom = target.unrecognized_fields.get("custom", {})
        if custom == {"kind": kind.value, "version": version}:
            return Piece(version, name, target.hashes["sha256"], target.length)
    raise RolloutError(f"there is no {kind} {version} on the list: fleet updates add")


def _list(connection: Connection, _asked: argparse.Namespace) -> None:
    for row in connection.execute(select(rollouts).order_by(rollouts.c.id)):
        print(f"{row.id:4}  {row.kind:9}  {row.version:16}  {row.state:12}  {row.why}")


def _drift(connection: Connection, _asked: argparse.Namespace) -> None:
    for one in drift(connection):
        here = "here" if one.online else "away"
        print(f"{one.terminal:12}  {one.kind:9}  {one.has or '-'} -> {one.wanted or '-'}  {here}")


def _show(connection: Connection, asked: argparse.Namespace) -> None:
    book.find(connection, asked.number)
    for row in book.rows_of(connection, asked.number):
        print(f"{row.terminal:12}  group {row.stage}  {row.state:10}  {row.why}")


def _wanted(asked: argparse.Namespace) -> orders.Wanted:
    where = Where(ids=asked.id, site=asked.site, software=asked.software)
    words = {name: text for name in ("zh", "en") if (text := getattr(asked, name))}
    return orders.Wanted(Operation(asked.operation), where, words, asked.seconds)


def _preview(connection: Connection, asked: argparse.Namespace) -> None:
    found = orders.preview(connection, _wanted(asked))
    for one in found.terminals:
        print(f"{one.terminal:12}  {'here' if one.online else 'away'}  {one.site}")
    second = "; a second person has to approve it" if found.second else ""
    print(f"{len(found.terminals)} terminals, {found.away} of them away{second}")


def _give(connection: Connection, asked: argparse.Namespace) -> None:
    print(orders.order(connection, _wanted(asked), actor(), time.time()))


def _orders(connection: Connection, _asked: argparse.Namespace) -> None:
    for row in connection.execute(select(orders_table).order_by(orders_table.c.id)):
        query = select(order_terminals.c.state).where(order_terminals.c.order_id == row.id)
        counts = Counter(connection.scalars(query))
        told = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
        print(f"{row.id:4}  {row.operation:16}  {row.state:9}  {row.asked_by:12}  {told}")


def _order(connection: Connection, asked: argparse.Namespace) -> None:
    row = orders.find(connection, asked.number)
    print(f"{row.operation} {msgspec.json.decode(row.arguments)}")
    query = select(order_terminals).where(order_terminals.c.order_id == asked.number)
    for one in connection.execute(query.order_by(order_terminals.c.terminal)):
        print(f"{one.terminal:12}  {one.state:12}  {one.why}")
