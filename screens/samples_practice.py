"""Pages of a visit that is practised, with what its data file asks."""

from __future__ import annotations

from kiosk.model import Text
from kiosk.services.fields import FormField, Words
from kiosk.services.form import display, typed
from kiosk.services.practice import exercise
from kiosk.view import Body, CheckBody, CheckRow, Choice, PracticeBody, QuestionBody, State

PAGES = ("begin", "card", "face")
_SAID = {"branch": "town", "books": "3", "until": "2027-01-31", "book": "新华字典"}
INDEX = {State.PRACTICE_QUESTION: 2, State.PRACTICE_CHECK: 3, State.PRACTICE_END: 4}
STEP = {"begin": 0, "card": 1, "face": 1}
BACK = (State.PRACTICE, State.PRACTICE_QUESTION, State.PRACTICE_CHECK)


def bodies() -> dict[str, tuple[State, Body]]:
    told = {f"practice-{page}": (State.PRACTICE, PracticeBody(page)) for page in PAGES}
    fields = exercise().fields
    asked = {
        f"practice-{field.name}": (State.PRACTICE_QUESTION, _question(field, at, len(fields)))
        for at, field in enumerate(fields)
    }
    rows = tuple(
        CheckRow(_text(one.short), display(one, _SAID[one.name]), one.name) for one in fields
    )
    check = CheckBody(_text(exercise().name), rows, _text(exercise().declaration))
    return {
        **told,
        **asked,
        "practice-check": (State.PRACTICE_CHECK, check),
        "practice-end": (State.PRACTICE_END, PracticeBody("end")),
    }


def _question(field: FormField, at: int, total: int) -> QuestionBody:
    return QuestionBody(
        name=field.name, kind=str(field.type), label=_text(field.label), hint=_text(field.hint),
        number=at + 1, total=total, unit=_text(field.unit), max_length=field.max_length,
        choices=tuple(Choice(one.code, _text(one.label)) for one in field.choices),
        value=typed(field, _SAID[field.name]), optional=field.optional, script=str(field.script),
    )  # fmt: skip


def _text(words: Words) -> Text:
    return Text(words.zh, words.en)
