"""Rules of fees: only what the catalogue lists, by a law, as the guide says it (24)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kiosk.services.fields import FieldType, FormField
from kiosk.services.item import Fee, Item
from kiosk.services.lint_rules import Finding, Place, Rule, both, both_or_none

_FREE_ZH = re.compile(r"不收费|免费|不收取|免收|不缴费")
_FREE_EN = re.compile(
    r"\bfree\b|\bno (?:fee|charge)s?\b|\bnothing\b|\bnot charged\b", re.IGNORECASE
)
_ALL_FREE = re.compile(r"\s*(?:本事项)?(?:不收费|免费|不收取任?何?费用)\s*[。；;]?\s*")
_COUNTED = (FieldType.NUMBER, FieldType.PEOPLE)


def charges(one: Item) -> bool:
    """Can anything have to be paid?"""
    return any(_charges(one, fee) for fee in one.fees)


def _charges(one: Item, fee: Fee) -> bool:
    if fee.amount > 0 or any(amount > 0 for amount in fee.amounts.values()):
        return True
    field = _field(one, fee.field)
    return field is not None and field.type is FieldType.MONEY and not fee.amounts


def _field(one: Item, name: str) -> FormField | None:
    return next((field for field in one.fields if field.name == name), None)


def _named(one: Item) -> Iterator[Finding]:
    for index, fee in enumerate(one.fees):
        yield from both(("fees", index, "fee_name"), fee.fee_name)
        yield from both(("fees", index, "fee_stand"), fee.fee_stand)
        yield from both_or_none(("fees", index, "payee"), fee.payee)


def _law(one: Item) -> Iterator[Finding]:
    for index, fee in enumerate(one.fees):
        if not fee.by_law.strip():
            yield ("fees", index, "by_law"), "is empty"


def _amounts(one: Item) -> Iterator[Finding]:
    for index, fee in enumerate(one.fees):
        place: Place = ("fees", index)
        if fee.amount < 0:
            yield (*place, "amount"), "cannot be negative"
        for code, amount in fee.amounts.items():
            if amount < 0:
                yield (*place, "amounts", code), "cannot be negative"
        yield from _by_field(one, fee, place)


def _by_field(one: Item, fee: Fee, place: Place) -> Iterator[Finding]:
    if not fee.field:
        if fee.amounts:
            yield (*place, "field"), "is missing: which answer do the amounts depend on?"
        return
    field = _field(one, fee.field)
    if field is None:
        yield (*place, "field"), f"'{fee.field}' is no field of this item"
    elif fee.amounts:
        yield from _by_choice(fee, field, place)
    elif field.type in _COUNTED:
        if not fee.amount:
            yield (*place, "amount"), f"is missing: fen for each of '{fee.field}'"
    elif field.type is not FieldType.MONEY:
        yield (*place, "amounts"), f"is missing: fen for each choice of '{fee.field}'"
    elif fee.amount:
        yield (*place, "amount"), f"contradicts '{fee.field}', whose own value is paid"


def _by_choice(fee: Fee, field: FormField, place: Place) -> Iterator[Finding]:
    if fee.amount:
        yield (*place, "amount"), "is given beside amounts"
    codes = {choice.code for choice in field.choices}
    if not codes:
        yield (*place, "amounts"), f"'{fee.field}' has no choices"
        return
    for code in sorted(codes - set(fee.amounts)):
        yield (*place, "amounts"), f"has nothing for the choice '{code}' of '{fee.field}'"
    for code in sorted(set(fee.amounts) - codes):
        yield (*place, "amounts", code), f"'{code}' is no choice of '{fee.field}'"


def _said(one: Item) -> Iterator[Finding]:
    zh, en = one.guide.fee.zh, one.guide.fee.en
    if not zh.strip() or not en.strip():
        return
    if not charges(one):
        if not _FREE_ZH.search(zh):
            yield ("guide", "fee", "zh"), "nothing is charged, but it does not say 不收费"
        if not _FREE_EN.search(en):
            yield ("guide", "fee", "en"), "nothing is charged, but it does not say 'free of charge'"
    elif _ALL_FREE.fullmatch(zh):
        yield ("guide", "fee", "zh"), "says that nothing is charged, but `fees` has an amount"


def _sums(one: Item) -> Iterator[Finding]:
    """Each amount stands in the guide or beside the fee, in yuan."""
    for index, fee in enumerate(one.fees):
        said = f"{one.guide.fee.zh} {fee.fee_stand.zh}"
        numbers = {_fen(text) for text in re.findall(r"[0-9][0-9,]*(?:\.[0-9]{1,2})?", said)}
        for amount in sorted({fee.amount, *fee.amounts.values()} - {0} - numbers):
            if amount > 0:
                what = f"nowhere says the amount of {amount / 100:g} yuan"
                yield ("fees", index, "fee_stand", "zh"), what


def _fen(text: str) -> int:
    yuan, _, cents = text.replace(",", "").partition(".")
    return int(yuan) * 100 + int(cents.ljust(2, "0"))


RULES = (
    Rule("fee-named", "Every fee has a name and a standard, in both languages.", _named, 24),
    Rule("fee-law", "Every fee has a law that it stands on.", _law, 24),
    Rule("fee-amounts", "An amount can be worked out for every answer.", _amounts, 24),
    Rule("fee-as-said", "The guide says that it is free if, and only if, it is.", _said, 5),
    Rule("fee-amount-said", "Every amount is written where the citizen reads it.", _sums, 5),
)
