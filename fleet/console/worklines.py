"""Work orders in lists and on their page: how they stand, their clock, their links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from fleet.console import phrases
from fleet.console.desk import Desk
from fleet.console.parts import Tone
from fleet.console.phrases import Truth
from fleet.console.sheets import Cell, Facts, Linked, Sheet, draw_cell
from fleet.console.tables import Column
from fleet.console.words import Words
from fleet.handling.answering import Said
from fleet.handling.orders import Act
from fleet.handling.workview import ASKED, TurnRow
from kiosk.services import calendar
from kiosk.services.calendar import china_day

PATH = "/work-orders"
STATE_TONES = {"answered": Tone.GOOD, "closed": Tone.GOOD, "open": Tone.WARN}


class Line(Protocol):
    """What every list knows of a work order."""

    @property
    def number(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def case_no(self) -> str: ...
    @property
    def terminal(self) -> str: ...
    @property
    def opened_at(self) -> float: ...
    @property
    def due_at(self) -> float: ...
    @property
    def late(self) -> bool: ...


L = TypeVar("L", bound=Line)


def columns(desk: Desk, _of: type[L]) -> list[Column[L]]:
    words = desk.words

    def at(moment: float) -> str:
        return phrases.clock(moment, desk.feed.clock())

    return [
        Column(words("col.number"), lambda row: order(row.number), draw_cell, "k-nowrap"),
        Column(
            words("col.kind_of"), lambda row: words(f"order_kind.{row.kind}"), draw_cell, "k-nowrap"
        ),
        Column(words("col.state"), lambda row: standing(words, row), draw_cell),
        Column(words("col.until_day"), lambda row: until(row.due_at), draw_cell, "k-nowrap"),
        Column(words("col.person"), lambda row: row.owner, draw_cell),
        Column(words("col.case"), lambda row: case(row.case_no), draw_cell),
        Column(words("col.terminal"), lambda row: terminal(row.terminal), draw_cell),
        Column(words("col.opened"), lambda row: at(row.opened_at), draw_cell, "k-nowrap"),
    ]


def order(number: str) -> Linked | str:
    return Linked(f"{PATH}/{number}", number) if number else "–"


def case(case_no: str) -> Linked | str:
    return Linked(f"/cases/{case_no}", case_no) if case_no else "–"


def terminal(name: str) -> Linked | str:
    return Linked(f"/terminals/{name}", name) if name else "–"


def until(due_at: float) -> str:
    """The last day: `due_at` is the first moment after it."""
    return china_day(due_at - 1).isoformat()


def standing(words: Words, row: Line) -> Truth:
    if row.late:
        return Truth(Tone.BAD, words("order_state.late"))
    return Truth(STATE_TONES.get(row.state, Tone.DIM), words(f"order_state.{row.state}"))


def clock(words: Words, row: Line, now: float) -> Truth:
    """How many working days are left for an answer; its last day counts."""
    if row.state not in ASKED:
        return Truth(Tone.GOOD, words("work.done"))
    left = calendar.default().between(china_day(now), china_day(row.due_at - 1))
    if row.late:
        return Truth(Tone.BAD, words("case.over", days=max(1, -left)))
    if left <= 0:
        return Truth(Tone.WARN, words("case.left.today"))
    return Truth(Tone.GOOD, words("case.left", days=left))


def facts(words: Words, row: Line, now: float) -> Facts:
    return (
        (words("col.kind_of"), words(f"order_kind.{row.kind}")),
        (words("col.person"), row.owner),
        (words("work.due"), until(row.due_at)),
        (words("work.clock"), clock(words, row, now)),
        (words("col.case"), case(row.case_no)),
        (words("col.terminal"), terminal(row.terminal)),
        (words("col.opened"), phrases.clock(row.opened_at, now)),
    )


def history(words: Words, turns: Sequence[TurnRow], said: Said | None, now: float) -> Sheet:
    """`said`: the words, once somebody has opened them."""
    heads = tuple(map(words, ("col.time", "col.who", "col.what", "col.words")))
    known = dict(said.turns) if said else {}
    rows = tuple(
        (
            phrases.clock(one.at, now), one.actor or one.person, _told(words, one),
            known.get(one.turn, words("work.told.sealed")) if one.worded else "",
        )
        for one in turns
    )  # fmt: skip
    return Sheet(heads, rows, words("no_moments"))


def _told(words: Words, one: TurnRow) -> Cell:
    taken = one.act == Act.ASSIGN and one.actor == one.person
    return words("work.told.accept" if taken else f"work.told.{one.act}", person=one.person)
