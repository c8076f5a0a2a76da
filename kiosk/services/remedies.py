"""Why an answer was refused, and how to put it right: the key of a sentence, and what it names.

`form.check_answer` gives the reason; here it becomes the sentence for this question and for what
was answered. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kiosk.model import Text
from kiosk.services import form, people
from kiosk.services.days import date_in_words, day_limit, month_in_words
from kiosk.services.fields import FieldType, FormField
from kiosk.services.remedies_date import no_such_date
from kiosk.services.remedies_text import EXACT, Figures, in_pattern, in_rule

_LISTED = {FieldType.CHOICES, FieldType.PEOPLE}
_CENTS, _WHOLE, _LONGEST_NUMBER = 2, 10, 18  # digits


@dataclass(frozen=True, slots=True)
class Remedy:
    """`figures`: what the sentence names, by its place in it."""

    key: str
    figures: tuple[tuple[str, Text], ...] = ()


def remedy(field: FormField, value: str, today: date) -> Remedy:
    """Of a `value` (as it is kept) that `check_answer` refuses; without a key if it does not."""
    wrong = form.check_answer(field, value, today)
    return explained(field, value, wrong, today) if wrong else Remedy("")


def explained(field: FormField, value: str, reason: str, today: date) -> Remedy:
    """`reason`: a key of `check_answer`, or of the act that was refused."""
    row = _wrong_row(field, value, today) if field.type is FieldType.PEOPLE else 0
    if row:
        return _said("error.people.row", number=row)
    explain = _REASONS.get(reason)
    key, figures = explain(field, value, today) if explain else in_rule(field, value)
    return _said(key, **figures)


def _said(key: str, **figures: object) -> Remedy:
    return Remedy(key, tuple((name, _text(value)) for name, value in figures.items()))


def _text(value: object) -> Text:
    return value if isinstance(value, Text) else Text(str(value), str(value))


def _wrong_row(field: FormField, value: str, today: date) -> int:
    """Who on the list has an answer that is not right, from 1; 0: nobody."""
    for number, row in enumerate(people.read(value) or [], 1):
        for one in people.asked(field, row):
            if form.check_answer(one, row.get(one.name, ""), today):
                return number
    return 0


# ---- One explanation for each reason ---------------------------------------------------------

Explained = tuple[str, Figures]


def _required(field: FormField, _value: str, _today: date) -> Explained:
    figures: Figures = {"least": max(1, field.least)} if field.type in _LISTED else {}
    return f"error.required.{field.type}", figures


def _too_long(field: FormField, value: str, _today: date) -> Explained:
    ruled = in_rule(field, value)
    if ruled[0]:
        return ruled
    most, count = field.max_length, len(value)
    kind = "digits" if field.type in (FieldType.NUMBER, FieldType.MONEY) else "characters"
    return f"error.too_long.{kind}", {"most": most, "count": count, "over": count - most}


def _counted(key: str) -> Callable[[FormField, str, date], Explained]:
    def explain(field: FormField, value: str, _today: date) -> Explained:
        count = len(people.read(value) or []) if field.type is FieldType.PEOPLE else _codes(value)
        return f"{key}.{field.type}", {"least": field.least, "most": field.most, "count": count}

    return explain


def _codes(value: str) -> int:
    return len(value.split(",")) if value else 0


def _number(_field: FormField, value: str, _today: date) -> Explained:
    if value.isdecimal() and len(value) > _LONGEST_NUMBER:
        over = len(value) - _LONGEST_NUMBER
        figures: Figures = {"most": _LONGEST_NUMBER, "count": len(value), "over": over}
        return "error.too_long.digits", figures
    return "error.number", {}


def _money(_field: FormField, value: str, _today: date) -> Explained:
    whole, point, cents = value.partition(".")
    if not value.replace(".", "", 1).isdecimal():
        return "error.money.characters", {}
    if not whole or (point and not cents):
        return "error.money.point", {}
    if len(cents) > _CENTS:
        return "error.money.cents", {"count": len(cents)}
    return "error.money.long", {"most": _WHOLE, "count": len(whole)}


def _limit(side: str) -> Callable[[FormField, str, date], Explained]:
    def explain(field: FormField, _value: str, today: date) -> Explained:
        limit = str(getattr(field, side))
        day = day_limit(limit, today) if field.type in (FieldType.DATE, FieldType.MONTH) else None
        if day is None:
            return f"error.{side}.{field.type}", {"limit": form.display(field, limit)}
        in_words = month_in_words if field.type is FieldType.MONTH else date_in_words
        return f"error.{side}.{field.type}", {"limit": in_words(day)}

    return explain


def _date(field: FormField, value: str, _today: date) -> Explained:
    return no_such_date(value, month=field.type is FieldType.MONTH)


def _pattern(field: FormField, value: str, _today: date) -> Explained:
    if field.type is FieldType.PEOPLE:
        return "error.people.unreadable", {}
    ruled = in_rule(field, value)
    if ruled[0]:
        return ruled
    key, figures = in_pattern(field, value)
    hint = Text(field.hint.zh, field.hint.en)
    return key, {**figures, "hint": hint} if key == EXACT else figures


def _choice(field: FormField, _value: str, _today: date) -> Explained:
    return f"error.choice.{field.type}", {}


_REASONS: dict[str, Callable[[FormField, str, date], Explained]] = {
    form.REQUIRED: _required,
    form.TOO_LONG: _too_long,
    form.TOO_FEW: _counted(form.TOO_FEW),
    form.TOO_MANY: _counted(form.TOO_MANY),
    form.NUMBER: _number,
    form.MONEY: _money,
    form.MINIMUM: _limit("minimum"),
    form.MAXIMUM: _limit("maximum"),
    form.DATE: _date,
    form.PATTERN: _pattern,
    form.CHOICE: _choice,
}
