"""Which questions are asked: conditions, lists of people, and the one form of a bundle."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fakes
from kiosk.services import people
from kiosk.services.asked import answers_of, asked_of, kept, merged
from kiosk.services.fields import FieldChoice, FieldType, FormField, When, Words
from kiosk.services.item import Item
from kiosk.services.load import load_catalogue

LABEL = Words("问", "Ask")
CHOICES = tuple(FieldChoice(code, Words(code, code)) for code in ("yes", "no", "both"))


def field(name: str, kind: FieldType = FieldType.TEXT, **more: object) -> FormField:
    return msgspec.convert(
        {"name": name, "type": kind, "label": {"zh": "问", "en": "Ask"}, **more}, FormField
    )


KIDS = field("kids", FieldType.CHOICE, choices=msgspec.to_builtins(CHOICES))
NAME = field("kid_name", when={"field": "kids", "answers": ["yes", "both"]})
SCHOOL = field("school", when={"field": "kid_name", "answers": ["小明"]})
FORM = (KIDS, NAME, SCHOOL)


@pytest.mark.parametrize(
    ("answers", "names"),
    [
        ({}, ["kids"]),
        ({"kids": "no"}, ["kids"]),
        ({"kids": "yes"}, ["kids", "kid_name"]),
        ({"kids": "no,both"}, ["kids", "kid_name"]),
        ({"kids": "yes", "kid_name": "小明"}, ["kids", "kid_name", "school"]),
        ({"kids": "no", "kid_name": "小明", "school": "一小"}, ["kids"]),
    ],
)
def test_what_depends_on_an_answer_is_asked_after_it(
    answers: dict[str, str], names: list[str]
) -> None:
    assert [one.name for one in asked_of(FORM, answers)] == names


def test_answers_that_a_change_made_needless_are_not_sent() -> None:
    answers = {"kids": "no", "kid_name": "小明", "school": "一小"}
    assert kept(FORM, answers) == {"kids": "no"}


def _item(code: str, *fields: FormField, parts: tuple[str, ...] = ()) -> Item:
    shipped = load_catalogue(fakes.ROOT / "config/catalogue").items[0]
    values = {name: getattr(shipped, name) for name in shipped.__struct_fields__}
    return Item(**{**values, "task_code": code, "fields": fields, "parts": parts})


def test_a_bundle_asks_each_thing_once_and_tells_each_part_under_its_own_names() -> None:
    birth = _item("1", field("baby", concept="child_name"), field("ward"))
    police = _item("2", field("name", concept="child_name"),
                   field("kin", when={"field": "name", "answers": ["小明"]}))  # fmt: skip
    whole = _item("0", field("phone"), parts=("1", "2"))
    form = merged(whole, (birth, police))
    assert [one.name for one in form] == ["phone", "child_name", "ward", "kin"]
    assert form[3].when == When("child_name", ("小明",))
    answers = {"phone": "1", "child_name": "小明", "ward": "三", "kin": "父"}
    assert answers_of(birth, answers) == {"baby": "小明", "ward": "三"}
    assert answers_of(police, answers) == {"name": "小明", "kin": "父"}


@given(st.lists(st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=4), max_size=5))
def test_a_list_of_people_is_read_as_it_was_written(rows: list[dict[str, str]]) -> None:
    assert people.read(people.write(rows)) == rows


@given(st.text(max_size=200))
def test_no_text_makes_reading_a_list_fail(text: str) -> None:
    assert people.read(text) is None or isinstance(people.read(text), list)
