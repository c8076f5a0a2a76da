"""Rules of codes, of who may do what, and of who must be shown to be there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from kiosk.identity.organisations import check_credit_code
from kiosk.model import Handling
from kiosk.services.item import Assurance, Document, Item
from kiosk.services.lint_rules import Finding, Place, Rule
from kiosk.services.materials import Source

CODE_SHAPE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}[1-9][0-9]{12}")
_POWER = (Handling.NONE, Handling.CARRY, Handling.ACCEPT, Handling.FINAL)
_LEVELS = ("county", "town", "village")
_VERSION = re.compile(r"[0-9A-Za-z._-]{1,16}")


def _shape(one: Item) -> Iterator[Finding]:
    if not CODE_SHAPE.fullmatch(one.task_code):
        what = "must be 31 characters: department's code (18), level (1), item (12)"
        yield ("task_code",), what


def _catalog(one: Item) -> Iterator[Finding]:
    if CODE_SHAPE.fullmatch(one.task_code) and one.task_code[-12:] != one.catalog_code:
        yield ("catalog_code",), "must be the last 12 digits of task_code"


def _credit(one: Item) -> Iterator[Finding]:
    codes: dict[Place, str] = {
        ("task_code",): one.task_code[:18],
        ("dept_code",): one.dept_code,
        **{
            ("steps", index, "dept_code"): step.dept_code
            for index, step in enumerate(one.steps)
            if step.dept_code
        },
    }
    for place, code in codes.items():
        if wrong := check_credit_code(code):
            yield place, f"is no unified social credit code (GB 32100): {wrong}"


def _version(one: Item) -> Iterator[Finding]:
    if not _VERSION.fullmatch(one.task_version):
        yield ("task_version",), "must be 1 to 16 letters, digits, '.', '_' or '-'"


def _authority(one: Item) -> Iterator[Finding]:
    """Further down nobody may do more."""
    for above, below in pairwise(_LEVELS):
        upper, lower = getattr(one.authority, above), getattr(one.authority, below)
        if _POWER.index(lower) > _POWER.index(upper):
            yield ("authority", below), f"'{lower}' is more than the {above} may do ('{upper}')"


def _nobody(one: Item) -> Iterator[Finding]:
    """Without an identity there is no card to take anything from."""
    if one.assurance is not Assurance.NONE:
        return
    for index, material in enumerate(one.materials):
        for source in {Source.CARD, Source.EARLIER} & set(material.sources):
            yield ("materials", index, "sources"), f"'{source}' needs assurance 'card' or more"
    for index, field in enumerate(one.fields):
        if field.prefill:
            yield ("fields", index, "prefill"), "needs assurance 'card' or more"
    if one.certificate:
        yield ("assurance",), "a certificate needs 'card' or more: somebody's name is on it"


def _two(one: Item) -> Iterator[Finding]:
    if one.assurance is not Assurance.TWO_PERSONS:
        return
    if one.expired_card:
        yield ("expired_card",), "two people are shown to be who they are with valid cards only"
    if set(one.documents) != {Document.ID_CARD}:
        yield ("documents",), "two people are compared with their ID cards: ['id_card'] only"


def _documents(one: Item) -> Iterator[Finding]:
    if not one.documents and one.assurance is not Assurance.NONE:
        yield ("documents",), f"is empty, but assurance is '{one.assurance}'"
    if len(set(one.documents)) != len(one.documents):
        yield ("documents",), "names one twice"


RULES = (
    Rule("task-code-shape", "A task code has 31 characters of the right kind.", _shape, 26),
    Rule("catalog-code-agrees", "The catalogue code is the end of the task code.", _catalog),
    Rule("credit-code", "Departments' codes are right to the check character.", _credit, 26),
    Rule("task-version", "The item has a version.", _version, 1),
    Rule("authority-falls", "No lower level may do more than a higher one.", _authority, 19),
    Rule("no-identity", "Without an identity nothing comes from a card.", _nobody),
    Rule("two-persons", "Two people are compared with valid ID cards.", _two),
    Rule("documents", "Some document identifies the applicant.", _documents),
)
