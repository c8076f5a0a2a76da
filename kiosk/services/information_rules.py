"""The rules that a page of public information must keep."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from kiosk.services import lint_texts
from kiosk.services.fields import Words
from kiosk.services.information import Decision, Entry, Kind
from kiosk.services.information_masks import masked_name, masked_number, named, organisation
from kiosk.services.lint_rules import Finding, Place, both, both_or_none, every_words

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")
_PHONE = re.compile(r"[0-9][0-9 \-]{2,19}")
_AMOUNT = re.compile(r"\d[\d,.]*\s*元|[¥￥]\s*\d|\d\s*yuan\b", re.IGNORECASE)
# Characters, Chinese and English, that a page has room for.
_LONGEST = {"title": (30, 64), "summary": (44, 90), "heading": (24, 60), "name": (24, 70)}
_PARAGRAPH = (400, 1200)
_OPTIONAL = ("source", "address", "hours")


@dataclass(frozen=True, slots=True)
class PageRule:
    """`says` in one plain sentence."""

    name: str
    says: str
    check: Callable[[Entry], Iterator[Finding]]


def _texts(one: Entry) -> Iterator[Finding]:
    for name in ("title", "summary", "issuer"):
        yield from both((name,), getattr(one, name))
    for index, section in enumerate(one.sections):
        yield from both(("sections", index, "heading"), section.heading)
        yield from both(("sections", index, "text"), section.text)
    for index, contact in enumerate(one.contacts):
        yield from both(("contacts", index, "name"), contact.name)
    for index, row in enumerate(one.rows):
        yield from both(("rows", index, "what"), row.what)


def _pairs(one: Entry) -> Iterator[Finding]:
    for place, words in every_words(one):
        if place[-1] in _OPTIONAL:
            yield from both_or_none(place, words)


def _lengths(one: Entry) -> Iterator[Finding]:
    for place, words in every_words(one):
        most = _LONGEST.get(str(place[-1]))
        for language, limit in zip(("zh", "en"), most or _PARAGRAPH, strict=True):
            text = getattr(words, language)
            longest = len(text) if most else max(map(len, text.split("\n")))
            if longest > limit:
                what = "has" if most else "has a paragraph of"
                yield (
                    (*place, language),
                    f"{what} {longest} characters; at most {limit} can be read",
                )


def _days(one: Entry) -> Iterator[Finding]:
    if one.valid_until is not None and one.valid_until < one.published:
        yield ("valid_until",), f"is before the day on which it is published ({one.published})"
    if one.valid_until is None and one.kind in (Kind.NOTICE, Kind.LIST):
        yield ("valid_until",), f"is missing: a {one.kind} says until when it is shown"


def _sources(one: Entry) -> Iterator[Finding]:
    if one.kind in (Kind.POLICY, Kind.FEE):
        if not one.source.zh.strip():
            yield ("source",), "is missing: say which document this stands in"
        if not one.document_no.strip():
            yield ("document_no",), "is missing: the number of that document"


# What a page of each kind must have, and what only some kinds may have.
_NEEDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.NOTICE: ("sections",),
    Kind.LIST: ("rows", "decision"),
    Kind.PLACE: ("contacts", "sections"),
    Kind.DEPARTMENT: ("contacts",),
    Kind.POLICY: ("sections",),
    Kind.FEE: ("items",),
}
_ONLY: Mapping[str, Kind] = {"rows": Kind.LIST, "decision": Kind.LIST, "here": Kind.PLACE}


def _whole(one: Entry) -> Iterator[Finding]:
    for name in _NEEDS[one.kind]:
        if not getattr(one, name):
            yield (name,), f"is missing: a {one.kind} needs it"
    for name, kind in _ONLY.items():
        if getattr(one, name) and one.kind is not kind:
            yield (name,), f"only a {kind} can have it"
    if one.decision is Decision.BEFORE and not any(contact.phone for contact in one.contacts):
        yield ("contacts",), "say where one can object before the decision, with a telephone"


def _contacts(one: Entry) -> Iterator[Finding]:
    for index, contact in enumerate(one.contacts):
        place: Place = ("contacts", index)
        if contact.phone and not _PHONE.fullmatch(contact.phone):
            yield (*place, "phone"), "must be digits, with '-' or spaces between them"
        wanted = {Kind.PLACE: ("address", "hours"), Kind.DEPARTMENT: ("hours", "phone")}
        for name in wanted.get(one.kind, ()):
            value = getattr(contact, name)
            if not (value.zh.strip() if isinstance(value, Words) else value):
                yield (*place, name), f"is missing: a {one.kind} says it"


def _private(one: Entry) -> Iterator[Finding]:
    """Nobody is named by a number, in any text."""
    for place, words in every_words(one):
        for language in ("zh", "en"):
            if what := named(getattr(words, language)):
                yield (*place, language), f"has {what}: mask it, as in 4452**********1043"
    if what := named(one.document_no):
        yield ("document_no",), f"has {what}"
    for index, contact in enumerate(one.contacts):
        if what := named(contact.phone):
            yield ("contacts", index, "phone"), f"is {what}: give the office's telephone"
    for index, row in enumerate(one.rows):
        for name in ("name", "number"):
            if what := named(getattr(row, name)):
                yield ("rows", index, name), f"has {what}: mask it, as in 4452**********1043"


def _masks(one: Entry) -> Iterator[Finding]:
    for index, row in enumerate(one.rows):
        place: Place = ("rows", index)
        if row.organisation and not organisation(row.name):
            yield (*place, "name"), "does not look like an organisation's name; mask a person's"
        if not row.organisation and not masked_name(row.name):
            yield (*place, "name"), "is not masked: write 张*, 张*芳 or A*** B***"
        if row.number and not masked_number(row.number) and not named(row.number):
            yield (*place, "number"), "is not masked: write 4452**********1043, or leave it out"


def _amounts(one: Entry) -> Iterator[Finding]:
    """What a service costs stands in its item, once."""
    for place, words in every_words(one) if one.kind is Kind.FEE else ():
        if found := _AMOUNT.search(f"{words.zh}\n{words.en}"):
            yield place, f"'{found.group()}': amounts come from the items; name them in 'items'"


def _shared(name: str) -> PageRule:
    """A rule of items' texts, which fits pages as well."""
    rule = next(rule for rule in lint_texts.RULES if rule.name == name)
    says = rule.says.replace("item", "page")
    return PageRule(rule.name, says, cast(Callable[[Entry], Iterator[Finding]], rule.check))


RULES: Sequence[PageRule] = (
    PageRule("text-missing", "Title, summary, issuer and what is said are there.", _texts),
    PageRule("one-language-only", "A text is given in both languages or not at all.", _pairs),
    PageRule("text-length", "No text is too long to be read on a page.", _lengths),
    *(_shared(name) for name in ("placeholder", "wrong-language", "invisible-character")),
    PageRule("page-days", "Notices and lists have a last day, which follows the first.", _days),
    PageRule("page-source", "A policy or fee names its document and that document's number.",
             _sources),
    PageRule("page-whole", "A page has what its kind needs, and nothing of another kind.", _whole),
    PageRule("page-contact", "Places have addresses, departments telephones, both hours.",
             _contacts),
    PageRule("number-unmasked", "No ID, mobile phone or bank card number stands anywhere.",
             _private),
    PageRule("name-unmasked", "Every person in a list is masked.", _masks),
    PageRule("fee-copied", "A fee page has no amounts of its own.", _amounts),
)  # fmt: skip
