"""What is typed, key by key: whatever is pressed, what comes out is understood."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.model import Text
from kiosk.services.fields import FieldType, FormField, Script, Words
from kiosk.services.form import canonical, check_answer
from kiosk.view import QuestionBody
from screens import drafts

NO_WORDS = Text("", "")


def typed(kind: str, keys: str, longest: int = 40) -> str:
    draft = ""
    for key in keys:
        draft = drafts.added(kind, draft, key, longest)
    return draft


@pytest.mark.parametrize(
    ("keys", "draft", "shown", "answer"),
    [("", "", "", ""), ("0", "0", "0", "0"), ("05", "5", "5", "5"), (".5", "0.5", "0.5", "0.5"),
     ("1234567.899", "1234567.89", "1,234,567.89", "1234567.89"),
     ("1..5.", "1.5", "1.5", "1.5"), ("1000.", "1000.", "1,000.", "1000"),
     ("99999999999.99", "9999999999.99", "9,999,999,999.99", "9999999999.99")],
)  # fmt: skip
def test_money(keys: str, draft: str, shown: str, answer: str) -> None:
    assert typed("money", keys) == draft
    assert drafts.shown("money", draft) == shown
    assert drafts.answer("money", draft) == answer


@given(st.text("0123456789.", max_size=30))
def test_whatever_is_typed_as_money_is_an_amount(keys: str) -> None:
    field = FormField("sum", FieldType.MONEY, Words("", ""), optional=True)
    value = canonical(field, drafts.answer("money", typed("money", keys)))
    assert check_answer(field, value, date(2026, 11, 22)) == ""


@given(st.text(max_size=60), st.integers(1, 40))
def test_no_draft_is_longer_than_it_may_be(keys: str, longest: int) -> None:
    for kind in ("text", "address", "number", "money"):
        assert len(typed(kind, keys, longest)) <= longest


def test_a_word_is_cut_where_the_field_ends() -> None:
    assert drafts.added("text", "示例", "县政务中心", 4) == "示例县政"


def test_a_number_takes_digits_only() -> None:
    assert typed("number", "1.a-２5") == "15"


@pytest.mark.parametrize(
    ("kind", "script", "length", "keys"),
    [("text", "digits", 11, "digits"), ("text", "digits", 18, "digits_x"),
     ("text", "digits", 19, "digits"), ("text", "latin", 11, "digits"),
     ("text", "latin", 18, "letters"), ("text", "hanzi", 18, "hanzi"),
     ("text", "hanzi", 11, "hanzi"), ("address", "latin", 80, "hanzi"),
     ("number", "latin", 40, "digits"), ("money", "latin", 40, "decimal")],
)  # fmt: skip
def test_which_keys(kind: str, script: str, length: int, keys: str) -> None:
    values: Any = {"script": script, "max_length": length}
    assert drafts.keys_for(QuestionBody("a", kind, NO_WORDS, NO_WORDS, 1, 1, **values)) == keys


@pytest.mark.parametrize("kind", FieldType)
@pytest.mark.parametrize("script", Script)
def test_every_kind_has_keys(kind: str, script: str) -> None:
    assert drafts.keys_for(QuestionBody("a", kind, NO_WORDS, NO_WORDS, 1, 1, script=script))
