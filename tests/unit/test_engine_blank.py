"""The blank form on paper: all that is needed, nothing of who asks; then the service goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fakes
from enquirywork import shown
from fakes import Bench
from kiosk import events as e
from kiosk.model import DeviceState, DeviceStatus, Language, Receipt, TextLine
from kiosk.ports import CaseState
from kiosk.services.item import Item
from kiosk.session.around_slip import blank_slip
from kiosk.view import GuideBody, SlipBody, State
from visiting import decide, fleet_holds_everything, submit, to_check

ITEMS = fakes.shipped().items


def said(slip: Receipt) -> list[str]:
    return [line.text.strip() for line in slip.lines if isinstance(line, TextLine)]


def blank(bench: Bench, item: Item, language: Language) -> list[str]:
    visit = bench.engine.visit
    parts = (fakes.shipped().find(code) for code in item.parts)
    visit.item, visit.parts = item, tuple(part for part in parts if part is not None)
    visit.language = language
    return said(blank_slip(bench.terminal, visit))


@pytest.mark.parametrize("number", range(len(ITEMS)), ids=lambda n: ITEMS[n].task_code[-9:])
def test_every_material_and_every_question_of_every_item_once(bench: Bench, number: int) -> None:
    item = ITEMS[number]
    for language in Language:
        lines = blank(bench, item, language)
        every = (item, *bench.engine.visit.parts)
        texts = {"zh_CN": "zh", "en": "en"}[language.value]
        for name in {getattr(one.material_name, texts) for two in every for one in two.materials}:
            assert sum(line.startswith("□") and line.endswith(f". {name}") for line in lines) == 1
        for field in item.fields:
            assert sum(line.endswith(getattr(field.label, texts)) for line in lines) == 1
            for choice in field.choices:
                assert f"□ {getattr(choice.label, texts)}" in lines
        assert getattr(item.guide.fee, texts) in lines


def test_what_depends_on_an_answer_says_on_which(bench: Bench) -> None:
    item = next(one for one in ITEMS if one.task_code.endswith("900112001"))
    lines = blank(bench, item, Language.ZH)
    assert lines[lines.index("□ 3. 居民身份证数码相片回执") + 1] == "（相片：用新相片）"
    assert lines[lines.index("7. 新证寄到哪里？") + 1] == "（领证方式：邮寄到家）"
    assert "(Photo: A new one)" in blank(bench, item, Language.EN)


async def taken(bench: Bench, task: str) -> None:
    bench.post(e.Touched(), e.ServiceChosen(task))
    body = (await bench.until(State.GUIDE)).body
    assert isinstance(body, GuideBody)
    assert body.slip
    bench.post(e.SlipWanted())
    done = await shown(bench, lambda body: isinstance(body, SlipBody) and body.done)
    assert isinstance(done, SlipBody)
    assert done.kind == "blank"
    bench.post(e.PapersCollected())
    await bench.until(State.GUIDE)


async def test_the_service_goes_on_and_prints_its_own_papers(bench: Bench) -> None:
    fleet_holds_everything(bench)
    decide(bench, CaseState.APPROVED)
    await taken(bench, fakes.RESIDENCE)
    [(_job, slip)] = bench.receipt.printed
    assert isinstance(slip, Receipt)
    assert fakes.ZHANG.name not in str(said(slip))
    bench.post(e.WentBack())
    await bench.until(State.SERVICES)
    await to_check(bench, fakes.RESIDENCE)
    await submit(bench)
    assert len(bench.receipt.printed) == 2
    assert [one["paper"] for one in bench.data("print")][::2] == ["blank", "receipt"]


async def test_who_leaves_after_it_has_left(bench: Bench) -> None:
    await taken(bench, fakes.RESIDENCE)
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    assert bench.data("session")[-1]["reason"] == "left"


async def test_without_paper_it_is_not_offered(bench: Bench) -> None:
    statuses = bench.terminal.condition.statuses
    statuses["receipt"] = replace(
        DeviceStatus("receipt", DeviceState.ONLINE), state=DeviceState.OFFLINE
    )
    bench.post(e.Touched(), e.ServiceChosen(fakes.RESIDENCE))
    body = (await bench.until(State.GUIDE)).body
    assert isinstance(body, GuideBody)
    assert not body.slip
