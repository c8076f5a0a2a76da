"""Rules of texts: all there, in both languages, and nothing vague (requirements 2 and 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kiosk.services.fields import Words
from kiosk.services.item import Item
from kiosk.services.lint_rules import (
    Finding,
    Gate,
    Place,
    Rule,
    both,
    both_or_none,
    every_words,
    given,
)
from kiosk.services.vague import vague

# Elements of the guide that say what a citizen must do, bring, pay or wait for.
STRICT = ("accept_condition", "procedure", "time_limit", "discretion", "materials", "fee")
_NEEDED = ("task_name", "dept_name", "result_name", "purpose", "declaration")
_PLACEHOLDER = re.compile(
    r"待定|待补充|待完善|\bTODO\b|\bTBD\b|\bFIXME\b|\blorem ipsum\b", re.IGNORECASE
)
_HANZI = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def _guide(one: Item) -> Iterator[Finding]:
    for name in one.guide.__struct_fields__:
        yield from both(("guide", name), getattr(one.guide, name))


def _needed(one: Item) -> Iterator[Finding]:
    for name in _NEEDED:
        yield from both((name,), getattr(one, name))
    for index, asked in enumerate(one.questions):
        yield from both(("questions", index, "question"), asked.question)
        yield from both(("questions", index, "answer"), asked.answer)


def _pairs(one: Item) -> Iterator[Finding]:
    for name in ("transact_addr", "transact_time", "keywords"):
        yield from both_or_none((name,), getattr(one, name))


def _vague(one: Item) -> Iterator[Finding]:
    for place, words in _binding(one):
        if phrase := vague(words.zh, ""):
            yield (*place, "zh"), f"'{phrase}' is vague; list every case"
        if phrase := vague("", words.en):
            yield (*place, "en"), f"'{phrase}' is vague; list every case"


def _binding(one: Item) -> Iterator[tuple[Place, Words]]:
    """Texts that say what must be brought, fulfilled or paid."""
    for name in STRICT:
        yield ("guide", name), getattr(one.guide, name)
    for index, material in enumerate(one.materials):
        for name in ("material_name", "accept_stand", "fill_explain", "commitment"):
            yield ("materials", index, name), getattr(material, name)
    for index, fee in enumerate(one.fees):
        yield ("fees", index, "fee_stand"), fee.fee_stand


def _placeholder(one: Item) -> Iterator[Finding]:
    for place, words in every_words(one):
        if found := _PLACEHOLDER.search(f"{words.zh}\n{words.en}"):
            yield place, f"'{found.group()}' stands where a text should be"


def _languages(one: Item) -> Iterator[Finding]:
    for place, words in every_words(one):
        if found := _HANZI.search(words.en):
            yield (*place, "en"), f"the English text has a Chinese character: '{found.group()}'"


def _control(one: Item) -> Iterator[Finding]:
    for place, words in every_words(one):
        for language in ("zh", "en"):
            if found := _CONTROL.search(getattr(words, language)):
                yield (*place, language), f"has the invisible character U+{ord(found.group()):04X}"


def _icon(one: Item) -> Iterator[Finding]:
    if not one.icon:
        yield ("icon",), "is empty"


def _themes(one: Item) -> Iterator[Finding]:
    if not one.themes:
        yield ("themes",), "is empty: nobody finds the item in a menu"
    for name in ("themes", "life_events"):
        values = getattr(one, name)
        for value in {value for value in values if values.count(value) > 1}:
            yield (name,), f"'{value}' is named twice"


def _keywords(one: Item) -> Iterator[Finding]:
    if not given(one.keywords):
        yield ("keywords",), "is empty: give the words that people use for it, in both languages"


RULES = (
    Rule("guide-complete", "Each of the guide's eleven elements is there.", _guide, 2),
    Rule("text-missing", "Names, purpose, declaration and answers are there.", _needed),
    Rule("one-language-only", "A text is given in both languages or not at all.", _pairs),
    Rule("vague-words", "Nothing vague in what must be brought, fulfilled or paid.", _vague, 3),
    Rule("placeholder", "No placeholder stands where a text should be.", _placeholder, 2),
    Rule("wrong-language", "An English text has no Chinese characters.", _languages),
    Rule("invisible-character", "No text has control characters.", _control),
    Rule("icon-missing", "The item has an icon.", _icon),
    Rule("theme-missing", "The item has a theme; none is named twice.", _themes, 6, Gate.PUBLISH),
    Rule("keywords-missing", "The item has words to be found by.", _keywords, 6, Gate.PUBLISH),
)
