"""Invented registers of the sample county, one for each kind of certificate.

Everything is drawn from a hash of a number, so that the same person always has the same history,
and its parts agree with each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from fleet.certificates.facts import Facts
from fleet.platform.registers import benefits, civil, housing, insured, papers, statements
from fleet.platform.registers.words import Asked
from kiosk.services.item import Item, ItemKind

_REGISTERS: Mapping[str, Callable[[Asked], Facts | None]] = {
    "insurance": insured.insurance,
    "voucher": insured.voucher,
    "statement": statements.statement,
    "fund": statements.fund,
    "tax_record": statements.tax_record,
    "qualification": benefits.qualification,
    "loss_report": benefits.loss_report,
    "registration": benefits.registration,
    "no_record": civil.no_record,
    "household": civil.household,
    "endorsement": civil.endorsement,
    "housing": housing.housing,
    "filing": papers.filing,
    "decision": papers.decision,
    "acceptance": papers.acceptance,
    "appointment": papers.appointment,
}
TEMPLATES = frozenset(_REGISTERS)


def look_up(item: Item, number: str, answers: Mapping[str, str], today: date) -> Facts | None:
    """What is on record for `item`'s paper; None: nothing, or nothing that may be certified.

    A query without a template is answered from the statements; another item without one has no
    facts, for what it makes is nobody's paper. Never raises for bad answers:
    what is missing or wrong reads as not given.
    """
    if item.template not in _REGISTERS and item.kind is not ItemKind.QUERY:
        return Facts()
    register = _REGISTERS.get(item.template, statements.statement)
    whole = number.encode("utf-8", "replace").decode()
    return register(Asked(item, whole, answers, today))
