"""`python -m fleet rollout` and `fleet order`: beside a running fleet, which does what is written.

Who does it is the user of the system; a second person is another user of it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from fleet.errors import FleetError
from fleet.people.office import operator
from fleet.rollouts import orders
from fleet.rollouts.desk import Proposal, RolloutDesk
from fleet.rollouts.shapes import Group, Shown, Terms, Where
from kiosk.wire import Operation, PieceKind

Act = Callable[[RolloutDesk, argparse.Namespace], None]
EVERY = 2**63 - 1  # above all numbers
MOST = 100_000  # rows that are printed


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


def run_rollout(asked: argparse.Namespace, desk: RolloutDesk) -> int:
    """0, or 2 with the reason on stderr."""
    acts: dict[str, Act] = {
        "propose": _propose,
        "list": _list,
        "drift": _drift,
        "show": _show,
        "approve": lambda desk, one: desk.approve(operator(), one.number),
        "pause": lambda desk, one: desk.pause(operator(), one.number),
        "resume": lambda desk, one: desk.resume(operator(), one.number),
        "stop": lambda desk, one: desk.stop(operator(), one.number, why="by hand"),
    }
    return _run("rollout", acts[asked.act], asked, desk)


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
        one.add_argument("--state", choices=list(Shown), help="those that stand so now")
        one.add_argument("--zh", default="", help="a message, in Chinese")
        one.add_argument("--en", default="", help="and in English")
        one.add_argument("--seconds", type=int, default=0, help="how long it may wait")
        one.add_argument("--reason", default="", help="why; on record, and for who approves it")
    acts.add_parser("list", help="the newest last")
    for name in ("show", "approve", "refuse", "withdraw"):
        acts.add_parser(name).add_argument("number", type=int)
    return parser.parse_args(argv)


def run_order(asked: argparse.Namespace, desk: RolloutDesk) -> int:
    """0, or 2 with the reason on stderr."""
    acts: dict[str, Act] = {
        "preview": _preview,
        "give": lambda desk, one: print(desk.order(operator(), _wanted(one))),
        "list": _orders,
        "show": _order,
        "approve": lambda desk, one: desk.answer(operator(), one.number, approved=True),
        "refuse": lambda desk, one: desk.answer(operator(), one.number, approved=False),
        "withdraw": lambda desk, one: desk.withdraw(operator(), one.number),
    }
    return _run("order", acts[asked.act], asked, desk)


def _run(name: str, act: Act, asked: argparse.Namespace, desk: RolloutDesk) -> int:
    try:
        act(desk, asked)
    except FleetError as error:
        print(f"fleet {name}: {error}", file=sys.stderr)
        return 2
    return 0


def _propose(desk: RolloutDesk, asked: argparse.Namespace) -> None:
    groups = [Group("canary", Where(ids=asked.canary))] if asked.canary else []
    groups += [Group(f"{share:.0%}", Where(share=share), asked.approve) for share in asked.share]
    groups.append(Group("everybody", approve=asked.approve and bool(groups)))
    terms = Terms(observe=asked.observe, visits=asked.visits)
    wanted = Proposal(PieceKind(asked.kind), asked.version, groups, terms, asked.window)
    print(desk.propose(operator(), wanted))


def _list(desk: RolloutDesk, _asked: argparse.Namespace) -> None:
    for row in reversed(desk.view.rollouts(EVERY, MOST)):
        print(f"{row.id:4}  {row.kind:9}  {row.version:16}  {row.state:12}  {row.why}")


def _drift(desk: RolloutDesk, _asked: argparse.Namespace) -> None:
    for one in desk.view.drift():
        here = "here" if one.online else "away"
        at = f"{here}  {one.step} {one.why}".rstrip()
        print(f"{one.terminal:12}  {one.kind:9}  {one.has or '-'} -> {one.wanted or '-'}  {at}")


def _show(desk: RolloutDesk, asked: argparse.Namespace) -> None:
    desk.view.rollout(asked.number)
    for row in desk.view.members(asked.number, "", "", MOST):
        print(f"{row.terminal:12}  group {row.stage}  {row.state:10}  {row.why}")


def _wanted(asked: argparse.Namespace) -> orders.Wanted:
    state = Shown(asked.state) if asked.state else None
    where = Where(ids=asked.id, site=asked.site, software=asked.software, state=state)
    words = {name: text for name in ("zh", "en") if (text := getattr(asked, name))}
    return orders.Wanted(Operation(asked.operation), where, words, asked.seconds, asked.reason)


def _preview(desk: RolloutDesk, asked: argparse.Namespace) -> None:
    found = desk.view.preview(_wanted(asked))
    for one in found.terminals:
        here = "visited" if one.visited else "here" if one.online else "away"
        print(f"{one.terminal:12}  {here:7}  {one.site}")
    second = "; a second person has to approve it" if found.second else ""
    later = f", {found.visited} after the visit" if found.visited else ""
    print(f"{len(found.terminals)} terminals, {found.away} of them away{later}{second}")


def _orders(desk: RolloutDesk, _asked: argparse.Namespace) -> None:
    for row in reversed(desk.view.orders(EVERY, MOST)):
        told = ", ".join(f"{count} {state}" for state, count in sorted(row.counts.items()))
        print(f"{row.id:4}  {row.operation:16}  {row.state:9}  {row.asked_by:12}  {told}")


def _order(desk: RolloutDesk, asked: argparse.Namespace) -> None:
    row = desk.view.order(asked.number)
    print(f"{row.operation} {dict(row.arguments)} {row.reason}".rstrip())
    for one in desk.view.sent(asked.number, "", "", MOST):
        print(f"{one.terminal:12}  {one.state:12}  {one.why}")
