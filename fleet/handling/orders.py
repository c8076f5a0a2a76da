"""Complaints, hotline orders (12345) and bad reviews: one life for all three, as tables."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from fleet.handling.plan import Days, Person
from kiosk.services.calendar import Calendar, china_day, day_end
from kiosk.wire import check_character

RULES = Path(__file__).with_name("orders.toml")
# Police, fire, ambulance, road accidents: a call to them is never anybody's order.
EMERGENCY = frozenset({"110", "119", "120", "122"})


class RulesError(ValueError):
    """A file of rules cannot be used; says what is wrong."""


class OrderKind(StrEnum):
    COMPLAINT = "complaint"
    HOTLINE = "hotline"
    BAD_REVIEW = "bad_review"


class OrderState(StrEnum):
    OPEN = "open"
    ASSIGNED = "assigned"
    ANSWERED = "answered"  # the citizen has been told, or called back
    CLOSED = "closed"


class Act(StrEnum):
    """What somebody does with an order."""

    ASSIGN = "assign"
    ANSWER = "answer"
    REOPEN = "reopen"  # the answer did not settle it
    CLOSE = "close"


class OrderFault(StrEnum):
    UNKNOWN = "unknown"  # no such order
    NOT_NOW = "not_now"  # not in this state
    MOVED_ON = "moved_on"  # somebody else has done something with it since
    NO_PERSON = "no_person"
    NO_WORDS = "no_words"  # an answer has to say something
    EMERGENCY = "emergency"  # call that line itself
    MALFORMED = "malformed"


NEXT: Mapping[tuple[OrderState, Act], OrderState] = {
    (OrderState.OPEN, Act.ASSIGN): OrderState.ASSIGNED,
    (OrderState.ASSIGNED, Act.ASSIGN): OrderState.ASSIGNED,
    (OrderState.ASSIGNED, Act.ANSWER): OrderState.ANSWERED,
    (OrderState.ANSWERED, Act.REOPEN): OrderState.ASSIGNED,
    (OrderState.ANSWERED, Act.CLOSE): OrderState.CLOSED,
}
UNANSWERED = (OrderState.OPEN, OrderState.ASSIGNED)


def after(state: OrderState, act: Act) -> OrderState | OrderFault:
    return NEXT.get((state, act), OrderFault.NOT_NOW)


class KindRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    prefix: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
    days: Days
    owner: Person


class Hotline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`merged`: lines whose calls become orders of `number`."""

    number: str
    merged: tuple[str, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kinds: dict[OrderKind, KindRules]
    hotline: Hotline


@dataclass(frozen=True, slots=True)
class OrderRules:
    kinds: Mapping[OrderKind, KindRules]
    hotline: Hotline

    @classmethod
    def read(cls, text: str) -> OrderRules:
        """Raises `RulesError`."""
        try:
            file = msgspec.toml.decode(text, type=_File)
        except (msgspec.MsgspecError, tomllib.TOMLDecodeError) as error:
            raise RulesError(f"orders: {error}") from None
        if missing := set(OrderKind) - set(file.kinds):
            raise RulesError(f"orders: no rules for {min(missing)}")
        if merged := EMERGENCY & {file.hotline.number, *file.hotline.merged}:
            raise RulesError(f"orders: the emergency line {min(merged)} is never merged")
        return cls(file.kinds, file.hotline)

    @classmethod
    def default(cls) -> OrderRules:
        return cls.read(RULES.read_text(encoding="utf-8"))

    def line(self, number: str) -> OrderKind | OrderFault:
        """What a call to `number` becomes; "" is a complaint made at a terminal."""
        if number in EMERGENCY:
            return OrderFault.EMERGENCY
        if not number:
            return OrderKind.COMPLAINT
        ours = {self.hotline.number, *self.hotline.merged}
        return OrderKind.HOTLINE if number in ours else OrderFault.MALFORMED

    def due_at(self, kind: OrderKind, opened_at: float, calendar: Calendar) -> float:
        """The first moment that is too late for an answer."""
        return day_end(calendar.after(china_day(opened_at), self.kinds[kind].days).day)

    def number(self, kind: OrderKind, day: date, serial: int) -> str:
        """Such as TS-20261122-00001-K, with the check character of case numbers."""
        body = f"{self.kinds[kind].prefix}-{day:%Y%m%d}-{serial:05d}"
        return f"{body}-{check_character(body)}"
