"""Whatever is wrong with an answer, a sentence of its own says so, and how to put it right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import fakes
from kiosk.model import Language, Text
from kiosk.services.fields import FieldChoice, FieldType, FormField, Rule, Words
from kiosk.services.form import check_answer
from kiosk.services.remedies import explained, remedy
from screens.words import Words as Catalogues
from screens.words import offered
from wronganswers import TODAY, wrong_answers

LOCALES = Path(__file__).parents[2] / "config" / "locales"
SAID = Catalogues(LOCALES, strict=True)
ASK = Words("问", "Ask")
HINT = Words("写成1-2这样。", "Written as 1-2.")
NAME = r"[\u3400-\u9fff]{2,12}"


def field(kind: FieldType = FieldType.TEXT, **more: object) -> FormField:
    return FormField("one", kind, ASK, **more)  # type: ignore[arg-type]


AB = tuple(FieldChoice(code, ASK) for code in "abc")
EVERY = (
    *(field(rule=rule) for rule in Rule),
    *(
        field(pattern=p, max_length=20, hint=HINT)
        for p in (NAME, r"\d{4}", "[a-z]{3}", r"\d-\d", "[1中-]{3}")
    ),
    field(pattern="[0-9A-Za-z#][0-9A-Za-z# -]*"),
    field(FieldType.ADDRESS, max_length=80),
    field(FieldType.NUMBER, minimum="1", maximum="36", max_length=2, unit=Words("个月", "months")),
    field(FieldType.NUMBER, minimum="2"),
    field(FieldType.MONEY, minimum="100", maximum="100000"),
    field(FieldType.DATE, minimum="1949-10-01", maximum="today"),
    field(FieldType.MONTH, minimum="1992-01", maximum="today"),
    field(FieldType.CHOICE, choices=AB),
    field(FieldType.CHOICES, choices=AB, least=2, most=2),
    field(FieldType.PEOPLE, fields=(field(),), least=1, most=2),
    field(FieldType.PEOPLE, least=2, most=2),
    *(one for item in fakes.shipped().items for one in item.fields),
    *(one for item in fakes.shipped().items for form in item.fields for one in form.fields),
)


def sentence(asked: FormField, value: str, language: Language) -> str:
    told = remedy(asked, value, TODAY)
    return SAID.say(told.key, language, **{k: v.into(language) for k, v in told.figures})


def test_every_wrong_answer_is_told_in_every_language() -> None:
    told, said = set(), 0
    for asked in EVERY:
        for value in wrong_answers(asked):
            key = remedy(asked, value, TODAY).key
            assert key != check_answer(asked, value, TODAY) or key == "error.number", (asked, value)
            for language in offered(LOCALES):
                words = sentence(asked, value, language)
                assert len(words) > 8, key
                assert "{" not in words, key
                assert "None" not in words, key
                said += 1
            told.add(key)
    assert said > 1000
    known = {one for one in SAID.keys(Language.EN) if re.match(_OF_ANSWERS, one)}
    assert known == told, "sentences that nothing says"


_OF_ANSWERS = (
    r"error\.(required|people|too_long|number|money|minimum|maximum|date|month|choice|too_few|"
    r"too_many|pattern|resident_number|credit_code|bank_card|mobile)(\.|$)"
)


@pytest.mark.parametrize(
    ("asked", "value", "words"),
    [
        (field(rule=Rule.MOBILE), "1390000123", "has 11 digits; this has 10"),
        (field(rule=Rule.MOBILE), "12900001234", "begins with 13 to 19"),
        (field(rule=Rule.MOBILE, max_length=11), "139000012345", "has 11 digits; this has 12"),
        (field(rule=Rule.MOBILE, pattern=r"1[3-9]\d{9}"), "1390", "has 11 digits; this has 4"),
        (field(rule=Rule.RESIDENT_NUMBER), "11010119491231002", "18 characters; this has 17"),
        (field(rule=Rule.RESIDENT_NUMBER), "11010119490231002X", "there is no such day"),
        (field(rule=Rule.RESIDENT_NUMBER), "79010119491231002X", "No province has"),
        (field(pattern=NAME), "张", "2 to 12 characters; it has 1"),
        (field(pattern=NAME), "zhang", "Only Chinese characters"),
        (field(pattern=r"\d{4}"), "123", "exactly 4 characters; it has 3"),
        (field(pattern=r"\d{4}"), "12a4", "Only the digits 0 to 9"),
        (field(pattern=r"\d-\d", hint=Words("", "As on the slip: 1-2.")), "12", "slip: 1-2"),
        (field(max_length=5), "abcdefg", "At most 5 characters; this has 7. Delete 2"),
        (field(), "a😀", "no emoji"),
        (field(FieldType.NUMBER, maximum="36", unit=Words("个月", "months")), "37", "36 months"),
        (field(FieldType.MONEY, minimum="100"), "50", "1 yuan or more"),
        (field(FieldType.MONEY), "1.234", "At most 2 digits after the point; this has 3"),
        (field(FieldType.DATE), "2026-02-30", "month 2 of 2026 has days 01 to 28"),
        (field(FieldType.DATE), "2026-13-01", "no month 13"),
        (field(FieldType.DATE), "2026-1", "8 digits: year, month, day. This has 5"),
        (field(FieldType.DATE, maximum="today"), "2027-01-01", "21 November 2026 or earlier"),
        (field(FieldType.MONTH, minimum="1992-01"), "1991-12", "January 1992 or later"),
        (field(FieldType.CHOICES, choices=AB, least=2), "a", "at least 2; 1 chosen"),
        (field(FieldType.PEOPLE, fields=(field(),)), '[{"one":"x"},{}]', "person 2"),
    ],
)
def test_the_sentence_names_the_cause(asked: FormField, value: str, words: str) -> None:
    assert re.search(words, sentence(asked, value, Language.EN))


def test_one_too_many_is_refused_before_there_is_one() -> None:
    asked = field(FieldType.PEOPLE, most=1)
    told = explained(asked, '[{"one":"x"}]', "error.too_many", TODAY)
    assert told.key == "error.too_many.people"
    assert ("count", Text("1", "1")) in told.figures
    assert remedy(asked, "[]", TODAY).key == "error.required.people"
    assert remedy(field(), "right", TODAY).key == ""
