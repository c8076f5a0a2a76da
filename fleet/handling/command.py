"""`python -m fleet work`: work orders, beside a running fleet.

Words are read from the standard input, so that none stand in a shell's history.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fleet.handling.answering import AnswerDesk, Wish, WorkAct
from fleet.handling.workview import LAST, Filter
from fleet.people.office import operator

MOST = 100_000  # rows that are printed
HELP = {
    WorkAct.ACCEPT: "take it on",
    WorkAct.TRANSFER: "give it to somebody",
    WorkAct.ANSWER: "the answer, from the standard input",
    WorkAct.REOPEN: "the answer did not settle it",
    WorkAct.CLOSE: "it is settled",
}


def parse(argv: list[str]) -> argparse.Namespace:
    about = "Complaints, calls to the hotline and bad ratings, and who answers them"
    parser = argparse.ArgumentParser(prog="fleet work", description=about)
    parser.add_argument("--settings", type=Path, default=Path("config/fleet.toml"))
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    listed = acts.add_parser("list", help="without an answer, the newest last")
    listed.add_argument("--all", action="store_true", help="answered and closed ones, too")
    acts.add_parser("show", help="what was done with it").add_argument("number")
    acts.add_parser("read", help="what was said; that goes on record").add_argument("number")
    for act in WorkAct:
        one = acts.add_parser(act.value, help=HELP[act])
        one.add_argument("number")
        if act is WorkAct.TRANSFER:
            one.add_argument("--to", required=True, help="a name or a desk")
        if act is not WorkAct.ANSWER:
            one.add_argument("--words", action="store_true", help="from the standard input")
    return parser.parse_args(argv)


def run(asked: argparse.Namespace, desk: AnswerDesk) -> int:
    """Raises `WorkError`."""
    ways = {"list": _list, "show": _show, "read": _read}
    ways.get(asked.act, _act)(asked, desk)
    return 0


def _list(asked: argparse.Namespace, desk: AnswerDesk) -> None:
    for row in reversed(desk.view.page(Filter(unanswered=not asked.all), LAST, MOST)):
        late = "late" if row.late else ""
        print(f"{row.number:28}  {row.kind:10}  {row.state:8}  {late:4}  {row.owner}")


def _show(asked: argparse.Namespace, desk: AnswerDesk) -> None:
    row = desk.view.one(asked.number)
    print(f"{row.kind}  {row.state}  {row.owner}  {row.case_no or '-'}  {row.terminal or '-'}")
    for one in reversed(desk.view.turns(asked.number)):
        print(f"{one.turn:3}  {one.act:8}  {one.actor or one.person} -> {one.person}")


def _read(asked: argparse.Namespace, desk: AnswerDesk) -> None:
    said = desk.read(operator(), asked.number)
    told = [said.about, said.text, said.phone, *(f"{turn}: {text}" for turn, text in said.turns)]
    print("\n".join(filter(None, told)))


def _act(asked: argparse.Namespace, desk: AnswerDesk) -> None:
    act = WorkAct(asked.act)
    words = sys.stdin.read() if act is WorkAct.ANSWER or asked.words else ""
    wish = Wish(act, to=getattr(asked, "to", ""), words=words)
    print(desk.act(operator(), asked.number, wish))
