"""Rules of several items together, and of texts and graphs that one broken value cannot show."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cataloguework import GOOD, faults, item_of, numbered, replaced
from kiosk.services import lint
from kiosk.services.fields import FieldChoice, FieldType, FormField, When, Words
from kiosk.services.item import Item
from kiosk.services.lint_days import chinese_days, english_days
from kiosk.services.lint_graph import longest
from kiosk.services.lint_patterns import pattern_fault


def together(*items: Item) -> set[str]:
    return {name for _, (name, _, _) in lint.together(items)}


def bundle_of(*parts: str, days: int = 20) -> Item:
    listed = ", ".join(f'"{item_of(part).task_code}"' for part in parts)
    text = replaced("minutes = 8", f"minutes = 8\nparts = [{listed}]", numbered(99))
    return item_of(text.replace("promise_day = 20", f"promise_day = {days}"))


ONE, TWO = numbered(1), numbered(2)


def test_two_items_of_one_code_are_told_in_both_files(tmp_path: Path) -> None:
    (tmp_path / "twin.toml").write_text(GOOD, encoding="utf-8")

    found = faults(GOOD, tmp_path)

    assert {fault.rule for fault in found} == {"task-code-unique"}
    assert {(Path(fault.file).name, fault.line) for fault in found} == {
        ("item.toml", 2),
        ("twin.toml", 2),
    }


def test_a_sound_bundle_has_no_fault() -> None:
    assert together(item_of(ONE), item_of(TWO), bundle_of(ONE, TWO)) == set()


def test_a_bundle_of_a_bundle_is_refused() -> None:
    outer = bundle_of(ONE, numbered(99))

    assert "bundle-parts" in together(item_of(ONE), item_of(TWO), bundle_of(ONE, TWO), outer)


def test_a_bundle_promises_no_more_than_its_parts() -> None:
    items = (item_of(ONE), item_of(TWO), bundle_of(ONE, TWO, days=19))

    assert together(*items) == {"bundle-promise"}


CHOICE = FormField(
    "which", FieldType.CHOICE, Words("哪些", "Which"),
    choices=(FieldChoice("one", Words("一", "One")), FieldChoice("both", Words("都", "Both"))),
)  # fmt: skip


@pytest.mark.parametrize(
    ("conditions", "fine"),
    [
        ({"2": When("which", ("both",))}, True),
        ({"1": When("which", ("one", "both")), "2": When("which", ("both",))}, True),
        ({"1": When("which", ("one",)), "2": When("which", ("one",))}, False),
        ({"2": When("which", ("none",))}, False),
        ({"2": When("income", ("1",))}, False),
        ({"9": When("which", ("both",))}, False),
    ],
)
def test_some_part_is_always_applied_for(conditions: dict[str, When], fine: bool) -> None:
    one, two = item_of(ONE), item_of(TWO)
    codes = {"1": one.task_code, "2": two.task_code}
    bundle = bundle_of(ONE, TWO)
    bundle = msgspec.structs.replace(
        bundle,
        fields=(*bundle.fields, CHOICE),
        part_when={codes.get(code, code): when for code, when in conditions.items()},
    )

    assert together(one, two, bundle) == (set() if fine else {"bundle-conditions"})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('code = "other", label', 'code = "others", label'),
        ('name = "income"\ntype = "money"', 'name = "income"\ntype = "number"'),
        ("'\\d{17}[\\dX]'", "'[0-9]{17}[0-9X]'"),
    ],
    ids=["choices", "type", "pattern inside a list of people"],
)
def test_fields_of_one_concept_must_agree(old: str, new: str) -> None:
    other = item_of(replaced(old, new, TWO))

    assert together(item_of(ONE), other, bundle_of(ONE, TWO)) == {"bundle-fields"}


def test_different_concepts_are_different_questions() -> None:
    other = replaced('concept = "citizen_group"', 'concept = "another"', TWO)
    other = replaced('code = "other", label', 'code = "others", label', other)

    assert "bundle-fields" not in together(item_of(ONE), item_of(other), bundle_of(ONE, TWO))


def test_the_longest_way_counts_parallel_steps_once() -> None:
    way = longest(item_of().steps)

    assert [step.code for step in way] == ["accept", "visit", "decide", "tell"]
    assert sum(step.day for step in way) == 20


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("法定期限30个工作日；承诺5个工作日。", {30, 5}),
        ("法定三十个工作日，承诺二十五个工作日", {30, 25}),
        ("十个工作日、十二工作日、两个工作日", {10, 12, 2}),
        ("当场办结。30日内补交。", set()),
    ],
)
def test_days_in_chinese(text: str, days: set[int]) -> None:
    assert chinese_days(text) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Legal limit: 30 working days. Promised: 1 working day.", {30, 1}),
        ("Within ten working days; a five-working-day check", {10, 5}),
        ("some working days, at once", set()),
    ],
)
def test_days_in_english(text: str, days: set[int]) -> None:
    assert english_days(text) == days


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", "(a|a)*b", "(?:a*)*", "((ab)+c?)*", "((a+))+", "(.|x)*", "(x(a+))*", "(?i:a+)*",
     "(?P<n>a+){2,}", "((?:a{1,9}))*", "[0-9", "(a)\\1"],
)  # fmt: skip
def test_a_pattern_that_can_take_years_is_refused(pattern: str) -> None:
    assert pattern_fault(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"1[3-9]\d{9}", "[0-9A-Za-z#][0-9A-Za-z# -]*", r"\d{17}[\dX]", r"(\d{1,3}\.){3}\d{1,3}",
     "(?:[A-Z]{2})+", "(甲|乙)*", r"[(+*]+x", r"\(+", "[^]]+", "a?b?c?"],
)  # fmt: skip
def test_a_quick_pattern_is_left_alone(pattern: str) -> None:
    assert pattern_fault(pattern) == ""
