"""What an item costs, from its fees and the answers alone: the same here and in the fleet.

Only some answers matter (`basis`): codes of choices, how many people, an amount typed in. The fleet
computes the amount again from that basis, and once more from the whole case when it arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from kiosk.services.fields import FieldType, FormField
from kiosk.services.item import Fee, Item

__all__ = ["Fee", "FeeError", "amount", "basis", "due", "lines", "order_number"]

MOST = 10_000_000_00  # fen; what is more is a mistake, whoever made it
MOST_PEOPLE = 200
MOST_DIGITS = 12
JOURNAL_DIGITS = 10


class FeeError(ValueError):
    """The answers do not say what is to be paid. Names fields, never an answer."""


def amount(item: Item, answers: Mapping[str, str]) -> int:
    """Fen for one application; raises `FeeError`."""
    return due(item, basis(item, answers))


def basis(item: Item, answers: Mapping[str, str]) -> dict[str, str]:
    """What the fees depend on, and nothing else: a list of people becomes how many they are."""
    fields = {field.name: field for field in item.fields}
    found: dict[str, str] = {}
    for fee in item.fees:
        field = fields.get(fee.field)
        while field is not None and field.name not in found:
            given = answers.get(field.name, "").strip()
            if given:
                found[field.name] = _people(given) if field.type is FieldType.PEOPLE else given
            field = fields.get(field.when.field) if field.when else None
    return found


def due(item: Item, known: Mapping[str, str]) -> int:
    """Fen, from a `basis`; raises `FeeError`."""
    fields = {field.name: field for field in item.fields}
    total = sum(_fee(fee, fields, known) for fee in item.fees)
    if not 0 <= total <= MOST:
        raise FeeError("the amount is out of range")
    return total


def lines(item: Item, known: Mapping[str, str]) -> list[tuple[Fee, int]]:
    """Each fee and its fen, without those that cost nothing here; raises `FeeError`."""
    fields = {field.name: field for field in item.fields}
    each = [(fee, _fee(fee, fields, known)) for fee in item.fees]
    return [(fee, fen) for fee, fen in each if fen]


def order_number(journal_id: str, seq: int) -> str:
    """Of the payment whose intent becomes record `seq` of that journal; 26 letters and digits.

    Chinese providers take at most 32. Another journal has another random id, so that no two
    terminals make the same number, and a journal that was lost does not repeat one.
    """
    return f"{journal_id}{seq:0{JOURNAL_DIGITS}d}"


def _fee(fee: Fee, fields: Mapping[str, FormField], known: Mapping[str, str]) -> int:
    if not fee.field:
        return fee.amount
    field = fields.get(fee.field)
    if field is None:
        raise FeeError(f"no field {fee.field}")
    given = known.get(field.name, "")
    if given and _asked(field, fields, known):
        return _PRICES.get(field.type, _no_price)(fee, given)
    if field.optional or not _asked(field, fields, known):
        return 0
    raise FeeError(f"{field.name} is not answered")


def _asked(field: FormField, fields: Mapping[str, FormField], known: Mapping[str, str]) -> bool:
    """Along the conditions, each of which can hang on another; a circle asks nothing."""
    seen: set[str] = set()
    while field.when is not None and field.name not in seen:
        seen.add(field.name)
        asked_by = fields.get(field.when.field)
        if asked_by is None:
            return False
        codes = known.get(asked_by.name, "").split(",")
        if not any(answer in codes for answer in field.when.answers):
            return False
        field = asked_by
    return field.name not in seen


def _people(listed: str) -> str:
    """How many; '' when it is no list."""
    try:
        people = msgspec.json.decode(listed, type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return ""
    return str(len(people))


# ---- One price for each type -----------------------------------------------------------------


def _by_choice(fee: Fee, given: str) -> int:
    return sum(_listed(fee, code) for code in given.split(","))


def _listed(fee: Fee, code: str) -> int:
    """A code without a price of its own has none: that is a fault of the file or of the asker."""
    if code not in fee.amounts:
        raise FeeError(f"{fee.field}: not in the list of fees")
    return fee.amounts[code]


def _by_count(fee: Fee, given: str) -> int:
    """So much for each: `amount` times how many months, years or people."""
    most = 10**MOST_DIGITS if not fee.amount else MOST // fee.amount
    return fee.amount * _number(fee, given, most)


def _by_people(fee: Fee, given: str) -> int:
    return fee.amount * _number(fee, given, MOST_PEOPLE)


def _own_value(fee: Fee, given: str) -> int:
    if fee.amounts:
        return _by_choice(fee, given)
    return _number(fee, given, MOST)


def _number(fee: Fee, given: str, most: int) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= MOST_DIGITS):
        raise FeeError(f"{fee.field} is no number")
    number = int(given)
    if number > most:
        raise FeeError(f"{fee.field} is out of range")
    return number


def _no_price(fee: Fee, _given: str) -> int:
    raise FeeError(f"{fee.field}: nothing can be charged by a field of this type")


_PRICES: dict[FieldType, Callable[[Fee, str], int]] = {
    FieldType.CHOICE: _listed,
    FieldType.CHOICES: _by_choice,
    FieldType.NUMBER: _by_count,
    FieldType.PEOPLE: _by_people,
    FieldType.MONEY: _own_value,
}
