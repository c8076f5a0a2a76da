"""Questions that depend on answers, and lists of people, through the engine."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from fakes import Bench
from kiosk import events as e
from kiosk import wire
from kiosk.services.fields import FormField
from kiosk.services.item import Assurance
from kiosk.view import CheckBody, QuestionBody, State
from visiting import submit


def field(name: str, kind: str, **more: Any) -> dict[str, Any]:
    label = {"zh": f"{name}？", "en": f"{name}?"}
    return {"name": name, "type": kind, "label": label, "short": {"zh": name, "en": name}, **more}


def choice(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "label": {"zh": code, "en": code}} for code in codes]


FORM = (
    field("kids", "choice", choices=choice("yes", "no")),
    field("family", "people", least=1, most=2, when={"field": "kids", "answers": ["yes"]},
          fields=[field("name", "text", script="hanzi"),
                  field("sick", "choice", choices=choice("yes", "no")),
                  field("since", "month", when={"field": "sick", "answers": ["yes"]})]),
    field("amount", "money", minimum="100"),
)  # fmt: skip


@pytest.fixture
def bench(bench: Bench) -> Bench:
    """The first item asks the questions of `FORM`, and needs a card only."""
    known = bench.terminal.catalogue
    changed = msgspec.structs.replace(
        known.items[0], fields=msgspec.convert(FORM, tuple[FormField, ...]), parts=(),
        assurance=Assurance.CARD, materials=known.items[0].materials[:1], certificate=False,
        signature=False,
    )  # fmt: skip
    bench.terminal.catalogue = replace(known, items=(changed, *known.items[1:]), lookup=None)
    return bench


async def page(bench: Bench) -> QuestionBody:
    body = (await bench.until(State.QUESTION)).body
    assert isinstance(body, QuestionBody)
    return body


async def press(bench: Bench, event: e.Event) -> None:
    serial = bench.view.serial
    bench.post(event)
    while bench.view.serial == serial:
        await bench.breath()


async def answer(bench: Bench, value: str) -> None:
    await press(bench, e.Answered((await page(bench)).name, value))


async def start(bench: Bench) -> None:
    bench.post(e.Touched(), e.ServiceChosen(bench.terminal.catalogue.items[0].task_code))
    await bench.until(State.GUIDE)
    bench.post(e.GuideAccepted())
    await bench.until(State.QUESTION)


async def put_on_list(bench: Bench, *answers: str) -> None:
    await press(bench, e.PersonAdded())
    for value in answers:
        await answer(bench, value)


def rows(bench: Bench) -> dict[str, str]:
    body = bench.view.body
    assert isinstance(body, CheckBody)
    return {row.field: row.value.zh for row in body.rows if row.field}


async def test_a_whole_form_with_a_list_comes_into_the_case(bench: Bench) -> None:
    await start(bench)
    assert (await page(bench)).total == 2
    await answer(bench, "yes")
    assert ((await page(bench)).kind, (await page(bench)).total) == ("people", 3)
    await put_on_list(bench, "王小明", "no")
    await press(bench, e.PersonAdded())
    assert (await page(bench)).group.zh == "第2位"
    for value in ("王小红", "yes", "2026-03"):
        await answer(bench, value)
    listed = (await page(bench)).people
    assert [(one.name.zh, [d.zh for d in one.details]) for one in listed] == [
        ("王小明", ["no"]), ("王小红", ["yes", "2026年3月"]),
    ]  # fmt: skip
    await answer(bench, "")
    await answer(bench, "12.5")
    await bench.until(State.CHECK)
    assert rows(bench) == {"kids": "yes", "family": "王小明、王小红", "amount": "12.50元"}
    await submit(bench)
    [sealed] = [r.sealed for r in bench.journal.records(1) if r.sealed]
    said = wire.unseal(bench.case_key, sealed).answers
    assert said["amount"] == "1250"
    assert json.loads(said["family"])[1] == {"name": "王小红", "sick": "yes", "since": "2026-03"}


async def test_a_list_says_when_it_is_too_short_or_too_long(bench: Bench) -> None:
    await start(bench)
    await answer(bench, "yes")
    await answer(bench, "")
    assert (await page(bench)).error == "error.required.people"
    for _ in range(2):
        await put_on_list(bench, "王小明", "no")
    await press(bench, e.PersonAdded())
    body = await page(bench)
    assert (body.error, len(body.people)) == ("error.too_many.people", 2)
    await press(bench, e.PersonRemoved(0))
    assert ((await page(bench)).error, len((await page(bench)).people)) == ("", 1)


async def test_back_from_the_first_question_about_somebody_leads_to_the_list(bench: Bench) -> None:
    await start(bench)
    await answer(bench, "yes")
    await press(bench, e.PersonAdded())
    await answer(bench, "王小明")
    await press(bench, e.WentBack())
    assert (await page(bench)).name == "family.name"
    assert (await page(bench)).value == "王小明"
    await press(bench, e.WentBack())
    assert ((await page(bench)).name, (await page(bench)).people) == ("family", ())
    assert bench.engine.visit.vault.row == {}


async def test_somebody_on_the_list_is_changed_in_place(bench: Bench) -> None:
    await start(bench)
    await answer(bench, "yes")
    await put_on_list(bench, "王小明", "yes", "2026-03")
    await press(bench, e.PersonChanged(0))
    assert (await page(bench)).value == "王小明"
    await answer(bench, "王大明")
    await answer(bench, "no")
    [one] = (await page(bench)).people
    assert (one.name.zh, [d.zh for d in one.details]) == ("王大明", ["no"])
    await press(bench, e.PersonChanged(7))
    assert (await page(bench)).name == "family"


async def test_a_change_on_the_check_page_asks_what_has_become_a_question(bench: Bench) -> None:
    await start(bench)
    await answer(bench, "no")
    await answer(bench, "30")
    await bench.until(State.CHECK)
    assert rows(bench) == {"kids": "no", "amount": "30元"}
    bench.post(e.ChangeAsked("kids"))
    await bench.until(State.QUESTION)
    await answer(bench, "yes")
    assert (await page(bench)).name == "family"
    await put_on_list(bench, "王小明", "no")
    await answer(bench, "")
    await bench.until(State.CHECK)
    bench.post(e.ChangeAsked("kids"))
    await bench.until(State.QUESTION)
    await answer(bench, "no")
    await bench.until(State.CHECK)
    assert "family" not in rows(bench)
    assert "family" not in bench.engine.visit.answers


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("0.5", "error.minimum.money"),
        ("一百", "error.money.characters"),
        ("1.234", "error.money.cents"),
        ("", "error.required.money"),
    ],
)
async def test_money_is_typed_in_yuan(bench: Bench, typed: str, error: str) -> None:
    await start(bench)
    await answer(bench, "no")
    await answer(bench, typed)
    assert ((await page(bench)).error, (await page(bench)).value) == (error, typed)


@pytest.mark.parametrize(
    "hostile", ["\x00" * 5, "王" * 10_000, "👴🏻", "\u202e反了", "'; drop table--" * 9, "\ue000"]
)
async def test_hostile_text_is_refused_in_words(bench: Bench, hostile: str) -> None:
    await start(bench)
    await answer(bench, "yes")
    await press(bench, e.PersonAdded())
    await answer(bench, hostile)
    told = {"error.pattern.unreadable", "error.too_long.characters", "error.required.text"}
    assert (await page(bench)).error in told


async def test_rare_characters_are_taken(bench: Bench) -> None:
    await start(bench)
    await answer(bench, "yes")
    await put_on_list(bench, "𬱖𠮷·买买提", "no")
    assert [one.name.zh for one in (await page(bench)).people] == ["𬱖𠮷·买买提"]
