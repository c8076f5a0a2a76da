"""Rules of what comes out: result, certificate, delivery, appointment, offline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kiosk.services.days import parse_date
from kiosk.services.fields import FieldType, FormField
from kiosk.services.item import Booking, Delivery, Item, ItemKind, ResultType
from kiosk.services.lint_fees import charges
from kiosk.services.lint_rules import Check, Finding, Gate, Rule

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def _query(one: Item) -> Iterator[Finding]:
    if one.kind is not ItemKind.QUERY:
        return
    if one.certificate:
        yield ("certificate",), "a query ends with a slip, not with a certificate"
    if one.offline:
        yield ("offline",), "a query cannot be answered while the fleet is away"
    if one.result_type is not ResultType.RECORD:
        yield ("result_type",), f"a query gives a 'record', not '{one.result_type}'"


def _offline(one: Item) -> Iterator[Finding]:
    if one.offline and charges(one):
        yield ("offline",), "nothing can be paid while the fleet is away"
    if one.offline and one.booking is not None:
        yield ("offline",), "no slot can be taken while the fleet is away"


def _certificate(one: Item) -> Iterator[Finding]:
    if one.certificate and not one.template:
        yield ("template",), "is empty, but certificate = true"
    if one.certificate and one.result_type is ResultType.APPOINTMENT:
        yield ("result_type",), "an appointment is no certificate"


def _delivery(one: Item) -> Iterator[Finding]:
    if not one.delivery:
        yield ("delivery",), "is empty: how does the result reach the citizen?"
    if len(set(one.delivery)) != len(one.delivery):
        yield ("delivery",), "names a way twice"
    here = Delivery.PRINT in one.delivery
    if one.kind is ItemKind.QUERY and one.delivery and not here:
        yield ("delivery",), "the answer to a query is printed here: add 'print'"


def _later(one: Item) -> Iterator[Finding]:
    if one.kind is ItemKind.PROMISE and set(one.delivery) == {Delivery.PRINT}:
        yield ("delivery",), "'print' is here and now; the result comes later: name another way too"


def _booking(one: Item) -> Iterator[Finding]:
    appointment = one.result_type is ResultType.APPOINTMENT
    if one.booking is None:
        if appointment:
            yield ("result_type",), "an appointment needs a table [booking]"
        return
    fields = {field.name: field for field in one.fields}
    kinds = {"day": FieldType.DATE, "slot": FieldType.CHOICE}
    if one.booking.office or one.booking.offices:
        kinds["office"] = FieldType.CHOICE
    for name, kind in kinds.items():
        field = fields.get(getattr(one.booking, name))
        if field is None or field.type is not kind or field.optional:
            yield ("booking", name), f"must name a {kind} field of this item that is always asked"
    if one.booking.capacity < 1:
        yield ("booking", "capacity"), "must be at least 1"
    first, last = one.booking.days_ahead
    if not 0 <= first <= last:
        yield ("booking", "days_ahead"), "must be the first and the last day from today, in order"
    for name in ("change_hours", "moves", "grace_minutes"):
        if getattr(one.booking, name) < 0:
            yield ("booking", name), "must not be negative"
    yield from _offices(one.booking, fields.get(one.booking.office))
    yield from _times(one.booking, fields.get(one.booking.slot))


def _offices(booking: Booking, field: FormField | None) -> Iterator[Finding]:
    codes = [office.code for office in booking.offices]
    asked = [choice.code for choice in field.choices] if field else []
    if sorted(codes) != sorted(asked):
        yield ("booking", "offices"), f"must be the choices of the field '{booking.office}'"
    for number, office in enumerate(booking.offices):
        where = ("booking", "offices", number)
        if office.capacity < 0:
            yield (*where, "capacity"), "must not be negative"
        if any(not 1 <= day <= 7 for day in office.weekdays):
            yield (*where, "weekdays"), "must be from 1 (Monday) to 7 (Sunday)"
        if any(parse_date(day) is None for day in office.closed):
            yield (*where, "closed"), "must be days, written YYYY-MM-DD"


def _times(booking: Booking, field: FormField | None) -> Iterator[Finding]:
    codes = {choice.code for choice in field.choices} if field else set()
    if booking.times and set(booking.times) != codes:
        yield ("booking", "times"), f"must be of each choice of the field '{booking.slot}'"
    for code, times in booking.times.items():
        good = all(_TIME.fullmatch(time) for time in times) and times[0] < times[1]
        if not good:
            yield ("booking", "times", code), "must be begin and end, HH:MM, in order"
    for number, office in enumerate(booking.offices):
        if not codes.issuperset(office.slots):
            where = ("booking", "offices", number, "slots")
            yield where, f"must be choices of the field '{booking.slot}'"


def template_rule(templates: frozenset[str] | None) -> Rule:
    """`templates`: the names that there are; None: not known here, so anything goes."""

    def known(one: Item) -> Iterator[Finding]:
        if one.template and templates is not None and one.template not in templates:
            listed = ", ".join(sorted(templates)) or "none"
            yield ("template",), f"there is no template '{one.template}'; there are: {listed}"

    check: Check = known
    return Rule("template-known", "The certificate's template is there.", check, 0, Gate.PUBLISH)


RULES = (
    Rule("query-outcome", "A query gives a record, now, on a slip.", _query),
    Rule("offline-possible", "Offline only what needs nobody else.", _offline, 34),
    Rule("certificate-coherent", "A certificate has a template.", _certificate, 29, Gate.PUBLISH),
    Rule("delivery-coherent", "There is a way for the result to the citizen.", _delivery),
    Rule("delivery-later", "A later result has a later way.", _later, 23, Gate.PUBLISH),
    Rule("booking-coherent", "An appointment has a day, a slot and room.", _booking, 22),
)
