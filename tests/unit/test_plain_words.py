"""What citizens read is in short sentences and plain words; `plain.toml` says what is heavy."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from kiosk.services import lint, lint_plain, plain

ROOT = Path(__file__).parents[2]
# Words for the people who look after a terminal: what a device reports, checks, the dock.
STAFF = ("action.", "check.", "device.", "dock.", "fault.", "reading.", "staff.", "state.")
ALLOWED = {
    "commitment.earlier.mark": "quotes the words that are printed across a page",
}


def catalogue(language: str) -> dict[str, str]:
    with (ROOT / f"config/locales/{language}.po").open("rb") as file:
        texts = {str(one.id): str(one.string) for one in read_po(file) if one.id}
    return {key: text for key, text in texts.items() if not key.startswith(STAFF)}


@pytest.mark.parametrize(("file", "language"), [("zh_CN", "zh"), ("en", "en")])
def test_the_screens_words_are_plain(file: str, language: str) -> None:
    texts = catalogue(file)
    found = {key: [*plain.heavy(text, language), *plain.too_long(text, language)]
             for key, text in texts.items()}  # fmt: skip
    assert len(texts) > 500
    assert {key: what for key, what in found.items() if what and key not in ALLOWED} == {}
    assert language == "en" or all(found[key] for key in ALLOWED), "one is no longer needed"


@pytest.mark.parametrize("name", ["zh_CN", "zh_TW"])
def test_one_thing_has_one_name(name: str) -> None:
    """A sheet is named by what it is for: 回执, 缴费回单, 预约单, 测试单; none is a 单据 or 票."""
    texts = "".join(catalogue(name).values())
    assert re.findall(r"小票|凭条|憑條|收条|收條|单据|單據|收据|收據", texts) == []


def test_receipts_have_no_officialese() -> None:
    words = [one for path in sorted((ROOT / "config/receipts").glob("*.toml"))
             for one in _texts(tomllib.loads(path.read_text("utf-8")))]  # fmt: skip
    assert len(words) > 100
    assert [what for language, text in words for what in plain.heavy(text, language)] == []


def _texts(value: object) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        own = [(key, value[key]) for key in ("zh", "en") if isinstance(value.get(key), str)]
        return own or [one for part in value.values() for one in _texts(part)]
    return [one for part in value for one in _texts(part)] if isinstance(value, list) else []


def test_the_sample_items_are_plain() -> None:
    files, _ = lint.folder(ROOT / "config/catalogue")
    items = [file.item for file in files if file.item is not None]
    assert len(items) > 20
    for rule in lint_plain.RULES:
        assert [(one.task_name.en, *found) for one in items for found in rule.check(one)] == []


@pytest.mark.parametrize(
    ("text", "language", "heavy"),
    [
        ("我们进行核对", "zh", True), ("核对同时进行", "zh", False),
        ("双方均无配偶", "zh", True), ("人均收入，平均每月", "zh", False),
        ("孩子随该方落户", "zh", True), ("不该领，应该退", "zh", False),
        ("仅限本人", "zh", True), ("须知", "zh", False), ("必须本人来", "zh", False),
        ("若干年", "zh", False), ("若有变化", "zh", True),
        ("Prior to the visit", "en", True), ("The prior visit", "en", False),
        ("You reside here", "en", True), ("Your residence permit", "en", False),
        ("It is there", "en", False), ("Parts thereof", "en", True),
    ],
)  # fmt: skip
def test_officialese_is_told_from_what_looks_like_it(text: str, language: str, heavy: bool) -> None:
    assert bool([*plain.heavy(text, language)]) is heavy


def test_a_sentence_is_measured_between_its_marks() -> None:
    assert [*plain.too_long("人" * 25 + "，" + "人" * 20 + "。" + "人" * 25, "zh")] == []
    assert len([*plain.too_long("人" * 26, "zh")]) == 1
    assert len([*plain.too_long("人" * 23 + "，" + "人" * 23, "zh")]) == 1
    assert [*plain.too_long("一个数 KT0001-20261121-000042-N 算一个" + "字" * 13, "zh")] == []
    assert [*plain.too_long("one " * 25 + ". " + "one " * 25, "en")] == []
    assert len([*plain.too_long("one " * 26, "en")]) == 1
