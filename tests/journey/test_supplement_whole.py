"""容缺: promised at one terminal, handed in at another, on each platform; and a bundle's progress.

As in `test_items_whole`, everything between the session's engine and the platform's own process is
real, but for MQTT and HTTP.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

import itemtown
import itemwork
import latertown
from enquirywork import by_number, to_cases
from fakes import Bench
from fleet.handling import judging
from itemtown import Town
from kiosk import wire
from kiosk.services.materials import Source
from kiosk.view import CaseListBody, State
from platformwork import items

ITEMS = items()
LONG = 60  # days: longer than any item is promised
LATER = next(
    item for item in ITEMS.values()
    if any(Source.PROMISE in one.sources and Source.SCAN in one.sources and one.when is None
           for one in item.materials)
)  # fmt: skip
TOGETHER = next(item for item in ITEMS.values() if item.parts)


@pytest.fixture(scope="module", params=["city", "county"])
def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    with itemtown.town(request.param, tmp_path_factory.mktemp(request.param)) as made:
        yield made
        gc.unfreeze()


def test_what_was_promised_is_handed_in_at_another_terminal(town: Town, tmp_path: Path) -> None:
    gc.freeze()
    first = town.terminal(tmp_path / "one")
    citizen = itemwork.Citizen(first, LATER, ("promise", *itemwork.WAYS))
    asyncio.run(town.serve(first, citizen.visit()))
    (case,) = itemwork.cases_of(first)
    later = [one.code for one in case.materials if one.source == Source.PROMISE]
    assert later
    town.pass_days(LONG)
    assert town.state(case.case_no).missing == tuple(later)  # the office has asked for it
    assert town.told(case.case_no).state == "pending"

    other = town.terminal(tmp_path / "two")
    latertown.asking(town, other)
    card = first.reader.answers[0]
    assert not isinstance(card, str)
    papers = asyncio.run(town.serve(other, latertown.come_back(other, card, case.case_no)))
    assert (papers.case_no, papers.standing) == (case.case_no, "handed.taken")
    assert other.journal.pages.waiting == 0
    assert not town.state(case.case_no).withheld
    assert town.state(case.case_no).missing == ()
    town.settle()
    assert given_at(town, case.case_no, later) == ["scan"] * len(later)
    town.pass_days(LONG)
    told = town.told(case.case_no)
    assert (told.state, told.reason) == ("approved", "")
    assert town.certificate(case.case_no) is not None
    assert town.back_end.counts()[case.case_no] == 1, "handed over more than once"
    assert len(other.receipt.printed) == 1


def given_at(town: Town, case_no: str, codes: list[str]) -> list[str]:
    """How the fleet's merged case, as the platform has it, gives these."""
    with town.store.read() as connection:
        case = judging.whole(connection, town.key, case_no)
    assert case is not None
    return [one.source for one in case.materials if one.code in codes]


def test_a_bundles_number_shows_all_of_its_cases(town: Town, tmp_path: Path) -> None:
    if town.platform == "county":
        pytest.skip("nothing of it is a platform's")
    first = town.terminal(tmp_path / "one")
    asyncio.run(town.serve(first, itemwork.Citizen(first, TOGETHER).visit()))
    made = itemwork.cases_of(first)
    town.settle()
    bench = town.terminal(tmp_path / "two")
    latertown.asking(town, bench)
    body = asyncio.run(town.serve(bench, look_up(bench, made[0].bundle)))
    assert [row.case_no for row in body.rows] == sorted(case.case_no for case in made)
    assert body.bundle == made[0].bundle
    assert not any(row.item.zh for row in body.rows)
    assert isinstance(wire.read_bundle_number(f"kiosk:case:{body.bundle}"), str)


async def look_up(bench: Bench, bundle: str) -> CaseListBody:
    await to_cases(bench)
    await by_number(bench, bundle.lower())
    body = (await bench.until(State.CASE_LIST)).body
    assert isinstance(body, CaseListBody)
    return body
