"""What the pages of cases and ratings read: plain rows, no citizen's data. Blocking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from fleet.handling import book
from fleet.handling.orders import UNANSWERED
from fleet.handling.progress import ProgressView, view
from fleet.handling.signals import CARDS
from fleet.handling.states import CaseState, Phase
from fleet.payment.items import Items
from fleet.store.database import Store
from fleet.store.handling_tables import handling_cases as handled
from fleet.store.handling_tables import handling_orders as orders
from fleet.store.handling_tables import handling_ratings as ratings
from fleet.store.handling_tables import handling_signals as signals
from fleet.store.tables import cases
from kiosk.services import calendar
from kiosk.services.calendar import DAY_SECONDS, china_day
from kiosk.services.item import Item

PAGE = 50
RECENT_DAYS = 30
CARD_KINDS = tuple(kind.value for kind in CARDS)
BAD_LEVELS = (1, 2)

_open = handled.c.ended_at.is_(None)
_carded = select(signals.c.case_no).where(
    signals.c.case_no == handled.c.case_no, signals.c.kind.in_(CARD_KINDS)
)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """`cards`: kinds, each once. `late`: its promised day is over, and it has not ended."""

    case_no: str
    task_code: str
    terminal: str
    phase: str
    person: str
    due_date: str
    opened_at: float
    ended_at: float | None
    cards: tuple[str, ...] = ()
    late: bool = False


@dataclass(frozen=True, slots=True)
class CardLine:
    kind: str
    subject: str
    at: float


@dataclass(frozen=True, slots=True)
class CaseStory:
    """`seen` None: the desk has not yet taken note of it. `item`: of its version, or as it is
    now."""

    case_no: str
    task_code: str
    terminal: str
    received_at: float
    seen: ProgressView | None = None
    cards: tuple[CardLine, ...] = ()
    orders: tuple[str, ...] = ()
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class RatingLine:
    case_no: str
    terminal: str
    task_code: str
    level: int
    tags: tuple[str, ...]
    at: float
    order_no: str


@dataclass(frozen=True, slots=True)
class OrderLine:
    number: str
    kind: str
    state: str
    owner: str
    case_no: str
    terminal: str
    opened_at: float
    due_at: float
    late: bool


@dataclass(frozen=True, slots=True)
class Feedback:
    """`levels`: of the last `RECENT_DAYS`."""

    levels: tuple[tuple[int, int], ...]
    latest: tuple[RatingLine, ...]
    orders: tuple[OrderLine, ...]
    unanswered: int
    late: int


SHOW: dict[str, Any] = {
    "open": _open,
    "late": and_(_open, handled.c.due_date != "", handled.c.phase != Phase.CORRECTION.value),
    "cards": and_(_open, _carded.exists()),
    "correction": and_(_open, handled.c.phase == Phase.CORRECTION.value),
    "ended": handled.c.ended_at.is_not(None),
    "all": None,
}


class CaseBook:
    """`items`: what steps and materials are called; None: by their codes."""

    def __init__(self, store: Store, items: Items | None = None) -> None:
        self._store, self._items = store, items

    def page(self, show: str, search: str, limit: int, now: float) -> list[CaseLine]:
        """Newest first. `show`: of `SHOW`; `search`: the beginning of a number, or a terminal."""
        today = china_day(now).isoformat()
        query = _listed(show, today).order_by(handled.c.opened_at.desc()).limit(limit)
        with self._store.read() as connection:
            found = chain(*(connection.execute(one).all() for one in _searched(query, search)))
            known = {row.case_no: row for row in found}  # its number may begin with its terminal
            rows = sorted(known.values(), key=lambda row: -row.opened_at)[:limit]
            cards = _cards(connection, [row.case_no for row in rows])
        return [
            CaseLine(
                **row._asdict(),
                cards=cards.get(row.case_no, ()),
                late=row.ended_at is None and bool(row.due_date) and row.due_date < today
                and row.phase != Phase.CORRECTION.value,
            )
            for row in rows
        ]  # fmt: skip

    def story(self, case_no: str, now: float) -> CaseStory | None:
        with self._store.read() as connection:
            names = ("case_no", "task_code", "terminal", "received_at", "task_version")
            query = select(*(cases.c[name] for name in names)).where(cases.c.case_no == case_no)
            row = connection.execute(query).first()
            if row is None:
                return None
            days = calendar.default()
            state = book.read(connection, days, [case_no])[case_no].state
            seen = view(state, days, now) if isinstance(state, CaseState) else None
            given = select(signals.c.kind, signals.c.subject, signals.c.at)
            given = given.where(signals.c.case_no == case_no).order_by(signals.c.at)
            cards = tuple(CardLine(*one) for one in connection.execute(given))
            numbers = select(orders.c.number).where(orders.c.case_no == case_no)
            opened = tuple(connection.scalars(numbers.order_by(orders.c.serial)))
        item = self._item(row.task_code, row.task_version)
        about = row.case_no, row.task_code, row.terminal, row.received_at
        return CaseStory(*about, seen, cards, opened, item)

    def _item(self, task_code: str, version: str) -> Item | None:
        if self._items is None:
            return None
        return self._items.version(task_code, version) or self._items.newest(task_code)

    def feedback(self, now: float) -> Feedback:
        since = now - RECENT_DAYS * DAY_SECONDS
        levels = select(ratings.c.level, func.count()).where(ratings.c.at >= since)
        levels = levels.group_by(ratings.c.level).order_by(ratings.c.level)
        waiting = orders.c.state.in_([one.value for one in UNANSWERED])
        count = select(func.count()).select_from(orders).where(waiting)
        with self._store.read() as connection:
            return Feedback(
                tuple((level, times) for level, times in connection.execute(levels)),
                _latest(connection),
                _orders(connection, now),
                connection.scalar(count) or 0,
                connection.scalar(count.where(orders.c.due_at <= now)) or 0,
            )


def _listed(show: str, today: str) -> Select[Any]:
    columns = [handled.c[name] for name in (
        "case_no", "task_code", "phase", "person", "due_date", "opened_at", "ended_at",
    )]  # fmt: skip
    query = select(*columns, cases.c.terminal)
    query = query.join(cases, cases.c.case_no == handled.c.case_no)
    if SHOW[show] is not None:
        query = query.where(SHOW[show])
    return query.where(handled.c.due_date < today) if show == "late" else query


def _searched(query: Select[Any], search: str) -> list[Select[Any]]:
    """By terminal and by number apart: for both in one OR, no index could be used."""
    if not search:
        return [query]
    begins = query.where(handled.c.case_no.startswith(search, autoescape=True))
    return [query.where(cases.c.terminal == search), begins]


def _cards(connection: Connection, numbers: Sequence[str]) -> dict[str, tuple[str, ...]]:
    query = select(signals.c.case_no, signals.c.kind).distinct()
    query = query.where(signals.c.case_no.in_(numbers), signals.c.kind.in_(CARD_KINDS))
    found = defaultdict[str, set[str]](set)
    for case_no, kind in connection.execute(query):
        found[case_no].add(kind)
    return {name: tuple(kind for kind in CARD_KINDS if kind in kinds)
            for name, kinds in found.items()}  # fmt: skip


def _latest(connection: Connection) -> tuple[RatingLine, ...]:
    own = ratings.c
    query = select(own.case_no, own.terminal, own.level, own.tags, own.at, own.order_no,
                   cases.c.task_code)  # fmt: skip
    query = query.join(cases, cases.c.case_no == own.case_no, isouter=True)
    return tuple(
        RatingLine(
            row.case_no, row.terminal, row.task_code or "", row.level,
            tuple(filter(None, row.tags.split(","))), row.at, row.order_no,
        )
        for row in connection.execute(query.order_by(own.at.desc()).limit(PAGE))
    )  # fmt: skip


def _orders(connection: Connection, now: float) -> tuple[OrderLine, ...]:
    """Those without an answer first, the most urgent of them first; then the newest others."""
    waiting = orders.c.state.in_([one.value for one in UNANSWERED])
    names = ("number", "kind", "state", "owner", "case_no", "terminal", "opened_at", "due_at")
    query = select(*(orders.c[name] for name in names))
    first = connection.execute(query.where(waiting).order_by(orders.c.due_at).limit(PAGE)).all()
    rest = connection.execute(query.where(~waiting).order_by(orders.c.serial.desc()).limit(PAGE))
    asked = {one.value for one in UNANSWERED}
    return tuple(
        OrderLine(**row._asdict(), late=row.state in asked and row.due_at <= now)
        for row in [*first, *rest]
    )
