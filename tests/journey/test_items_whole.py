"""Every offered item, on each platform, from the first touch to the paper in hand.

The session's engine, its journal, the agent's outbox, the fleet's ingest, its workers and the
platform's own process are real; cards, cameras and printers are stand-ins, MQTT and HTTP are left
out. Answers and materials follow from the item's file: see `itemwork`.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

import itemtown
import itemwork
import slipwork
from fakes import Bench
from fleet.handling.states import Phase, StepPhase
from itemtown import Town
from kiosk import wire
from kiosk.model import Receipt
from kiosk.services.item import Item, ItemKind
from kiosk.services.materials import Source
from platformwork import items

ITEMS = items()
LONG = 60  # days: longer than any item is promised
ENDED = {Phase.COMPLETION, Phase.NOTICE}
every = pytest.mark.parametrize(
    "item", [pytest.param(one, id=one.task_name.en) for one in ITEMS.values()]
)


@pytest.fixture(scope="module", params=["city", "county"])
def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    with itemtown.town(request.param, tmp_path_factory.mktemp(request.param)) as made:
        yield made
        gc.unfreeze()


@every
def test_it_comes_to_its_end(town: Town, tmp_path: Path, item: Item) -> None:
    gc.freeze()  # each visit sweeps the memory behind it, and pytest's is large
    bench = town.terminal(tmp_path)
    asyncio.run(town.serve(bench, itemwork.Citizen(bench, item).visit()))
    made = itemwork.cases_of(bench)
    assert {case.task_code for case in made} <= {item.task_code, *item.parts}
    town.settle()
    pending = [case.case_no for case in made if town.told(case.case_no).state == "pending"]
    promised = [case.case_no for case in made if ITEMS[case.task_code].kind is ItemKind.PROMISE]
    assert pending == promised, [(case.task_code, town.told(case.case_no)) for case in made]
    assert all(town.told(case_no).due_date for case_no in pending)
    if pending:
        town.pass_days(LONG)
    for case in made:
        _has_ended(town, case.case_no)
    _papers_are_right(town, bench, made)


def _has_ended(town: Town, case_no: str) -> None:
    told, state = town.told(case_no), town.state(case_no)
    assert (told.state, told.reason) == ("approved", "")
    assert state.phase in ENDED
    assert {step.phase for step in state.steps if step.ended_at} == {StepPhase.DONE}
    assert state.refused == {}
    assert town.back_end.counts()[case_no] == 1, "handed over more than once"


def _papers_are_right(town: Town, bench: Bench, made: list[wire.CasePayload]) -> None:
    """A slip for every visit, and a certificate of its own kind where the item promises one."""
    slips = [paper for _, paper in bench.receipt.printed if isinstance(paper, Receipt)]
    assert slips
    if town.platform == "city":  # the same slips on the other one
        assert all(slipwork.picture(slip).startswith(b"\x89PNG") for slip in slips)
    at_once = [pdf for _, pdf in bench.document.printed]
    for case in made:
        item, pdf = ITEMS[case.task_code], town.certificate(case.case_no)
        if not _certified(item):
            assert pdf is None
            continue
        assert pdf is not None
        verdict = town.verdict(pdf)
        assert verdict.valid, verdict
        assert verdict.claims["number"] == town.told(case.case_no).certificate_no
        assert verdict.claims["task"] == item.task_code
        assert verdict.claims["holder"] == case.applicant.name
        assert (pdf in at_once) == item.certificate


def _certified(item: Item) -> bool:
    """What comes later is printed too, at any terminal."""
    return item.certificate or (item.kind is ItemKind.PROMISE and bool(item.template))


# ---- 容缺: promised first, brought later -------------------------------------------------------

LATER = [
    item for item in ITEMS.values() if any(Source.PROMISE in m.sources for m in item.materials)
]


@pytest.mark.parametrize("item", [pytest.param(one, id=one.task_name.en) for one in LATER])
def test_what_was_promised_holds_the_result_back_until_it_comes(
    town: Town, tmp_path: Path, item: Item
) -> None:
    if (LATER.index(item) % 2 == 0) != (town.platform == "city"):
        pytest.skip("on the other platform")
    bench = town.terminal(tmp_path)
    citizen = itemwork.Citizen(bench, item, ("promise", *itemwork.WAYS))
    asyncio.run(town.serve(bench, citizen.visit()))
    (case,) = itemwork.cases_of(bench)
    later = [one.code for one in case.materials if one.source == Source.PROMISE]
    if not later:
        pytest.skip("asked for by other answers only")
    town.settle()
    assert town.told(case.case_no).state == "pending"
    assert town.state(case.case_no).withheld
    town.pass_days(LONG)
    assert town.told(case.case_no).state == "pending", "the office decided without it"
    assert town.certificate(case.case_no) is None
    town.hand_in(bench, itemwork.brought(case, item), itemwork.PAGE.jpeg)
    town.pass_days(LONG)
    told = town.told(case.case_no)
    assert (told.state, told.reason) == ("approved", "")
    assert not town.state(case.case_no).withheld
    assert (town.certificate(case.case_no) is not None) == _certified(item)
