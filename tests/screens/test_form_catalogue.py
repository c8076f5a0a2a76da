"""Every question of every item file has a page on which all of it fits, also when it is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.model import Language, Text
from kiosk.services.fields import FieldType, FormField
from kiosk.services.remedies import Remedy, remedy
from kiosk.view import Choice, QuestionBody, State
from screens.words import Words
from wronganswers import TODAY, wrong_answers

FOLDER = Path(__file__).parents[2] / "config" / "catalogue"
WORDS = Words(FOLDER.parent / "locales")
ITEMS = sorted(FOLDER.rglob("*.toml"))
_Fields = msgspec.defstruct("_Fields", [("fields", tuple[FormField, ...], ())])
SECOND = Text("第12位", "Person 12")


def fields_of(path: Path) -> list[tuple[FormField, Text]]:
    """Each question, and of whom it is."""
    found = []
    for field in msgspec.toml.decode(path.read_bytes(), type=_Fields).fields:
        found.append((field, Text("", "")))
        found += [(one, SECOND) for one in field.fields]
    return found


def pages(path: Path) -> Iterator[QuestionBody]:
    for field, group in fields_of(path):
        choices = tuple(Choice(c.code, text(c.label)) for c in field.choices)
        body = QuestionBody(
            f"{field.name}.{bool(group.zh)}", str(field.type), text(field.label), text(field.hint),
            number=12, total=14, choices=choices, unit=text(field.unit),
            max_length=field.max_length, optional=field.optional, script=str(field.script),
            group=group, least=field.least, most=field.most,
        )  # fmt: skip
        yield body
        told = longest_remedy(field)
        yield replace(body, error=told.key, figures=told.figures)


def longest_remedy(field: FormField) -> Remedy:
    """Of all that can be wrong with an answer, what takes most words to say."""
    every = {remedy(field, value, TODAY) for value in wrong_answers(field)}
    return max(every, key=lambda one: len(_said(one)))


def _said(told: Remedy) -> str:
    figures = {name: said.en for name, said in told.figures}
    return WORDS.say(told.key, Language.EN, **figures)


def text(words: Any) -> Text:
    return Text(words.zh, words.en)


def test_there_are_items() -> None:
    assert {field.type for path in ITEMS for field, _ in fields_of(path)} >= set(FieldType)


# One item in one language, the next in the other; KIOSK_LONG: each in both.
CASES = [
    (path, language)
    for number, path in enumerate(ITEMS)
    for at, language in enumerate(Language)
    if "KIOSK_LONG" in os.environ or number % len(Language) == at
]


@pytest.mark.parametrize(("path", "language"), CASES)
def test_every_question_fits(stage: Any, path: Path, language: Language) -> None:
    for body in pages(path):
        stage.show_body(State.QUESTION, body, language)
        assert stage.faults() == [], body.name
