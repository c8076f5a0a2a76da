"""A case's page calls steps and materials as its item does, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import handlingwork as hw
from fleet.console import caselines as lines
from fleet.console.casebook import CaseBook, CaseStory
from fleet.console.sheets import Cell, Coded
from fleet.console.words import Words
from fleet.handling import book
from fleet.handling import events as e
from fleet.payment.items import HeldItems
from fleet.store.database import Store
from fleet.store.tables import cases
from handlingstore import item
from kiosk.services import calendar
from kiosk.services.fields import Words as Text
from kiosk.services.item import Item, Stage, Step
from kiosk.services.materials import Material, Source

NOW = hw.at("2026-03-31")
TOOK = Text("窗口收件", "Taken in at the window")
PROOF = Text("居住证明", "Proof of residence")
NONE = Text("", "")


def of_version(version: str, took: Text) -> Item:
    steps = (Step("accept", took, Stage.ACCEPTANCE), Step("finish", NONE, Stage.COMPLETION))
    materials = (Material(PROOF, "proof", (Source.SCAN,)),)
    dept = Text("公安局", "Police")
    return item(task_version=version, steps=steps, materials=materials, dept_name=dept)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    made = Store(url)
    with made.write() as connection:
        connection.execute(cases.insert().values(
            case_no=hw.CASE, terminal="KT-0001", task_code="T1", task_version="1", kind="promise",
            sealed="", state="pending", received_at=hw.at("2026-03-02"),
        ))  # fmt: skip
        asked = e.Asked(
            at=hw.at("2026-03-03"),
            step="accept",
            person="王芳",
            missing=("proof", "sketch"),
            days=3,
        )
        days = calendar.default()
        book.add(connection, days, hw.at("2026-03-03"), {hw.CASE: [hw.opened(), asked]})
        book.settle(connection, days, hw.at("2026-03-05"), [hw.CASE])
    yield made
    made.close()


def told(store: Store, *known: Item) -> CaseStory:
    """The newest of `known` is the catalogue's of now."""
    items = None
    for one in known:
        items = HeldItems(lambda one=one: [one], store)  # type: ignore[misc]
    story = CaseBook(store, items).story(hw.CASE, NOW)
    assert story is not None
    return story


def first(rows: tuple[tuple[Cell, ...], ...]) -> list[Cell]:
    return [row[0] for row in rows]


@pytest.mark.parametrize(("tongue", "at"), [("zh-CN", 0), ("en-US", 1)])
def test_by_the_items_own_words_with_the_code_beside(store: Store, tongue: str, at: int) -> None:
    words = Words("zh-CN" if tongue == "zh-CN" else "en-US")
    story = told(store, of_version("1", TOOK))
    own = (TOOK.zh, TOOK.en)[at], (PROOF.zh, PROOF.en)[at]
    steps = lines.steps(words, story, NOW)
    assert first(steps.rows)[0] == Coded(own[0], "accept")
    assert steps.rows[0][2] == " · ".join((("公安局", "Police")[at], "王芳"))
    assert Coded(words("stage.completion"), "finish") in first(steps.rows), "it has no words"
    assert first(lines.missing(words, story).rows) == [Coded(own[1], "proof"), "sketch"]
    reminded = [row[1] for row in lines.cards(words, story, NOW).rows if isinstance(row[1], Coded)]
    name = words("subject.of", what=words("subject.correction"), name=own[0])
    assert Coded(name, "accept") in reminded


def test_by_the_version_under_which_it_was_applied_for(store: Store) -> None:
    story = told(store, of_version("1", TOOK), of_version("2", Text("新的叫法", "Another name")))
    assert first(lines.steps(Words("zh-CN"), story, NOW).rows)[0] == Coded(TOOK.zh, "accept")
    with store.write() as connection:
        connection.execute(cases.update().values(task_version="0"))
    story = told(store, of_version("2", Text("新的叫法", "Another name")))
    assert first(lines.steps(Words("zh-CN"), story, NOW).rows)[0] == Coded("新的叫法", "accept")


def test_by_codes_where_nobody_knows_the_item(store: Store) -> None:
    story, words = told(store), Words("en-US")
    assert first(lines.steps(words, story, NOW).rows)[0] == Coded("Acceptance", "accept")
    assert first(lines.missing(words, story).rows) == ["proof", "sketch"]
