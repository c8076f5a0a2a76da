"""Finding a service among many: shelves, words, and the way back."""

from __future__ import annotations

import pytest

import fakes
from fakes import Bench
from kiosk import events as e
from kiosk.services.load import Catalogue
from kiosk.view import ServicesBody, State


@pytest.fixture(scope="module")
def county() -> Catalogue:
    return fakes.shipped()


@pytest.fixture
async def many(bench: Bench, county: Catalogue) -> Bench:
    bench.terminal.catalogue = county
    bench.post(e.Touched())
    await bench.until(State.SERVICES)
    return bench


def body(bench: Bench) -> ServicesBody:
    assert isinstance(bench.view.body, ServicesBody)
    return bench.view.body


async def press(bench: Bench, event: e.Event) -> ServicesBody:
    serial = bench.view.serial
    bench.post(event)
    while bench.view.serial == serial:
        await bench.breath()
    return body(bench)


async def test_a_small_catalogue_shows_all_its_tiles(bench: Bench) -> None:
    bench.post(e.Touched())
    await bench.until(State.SERVICES)
    assert not body(bench).searchable
    assert len(body(bench).tiles) == len(bench.terminal.catalogue.items)


async def test_many_stand_on_shelves_with_the_most_wanted_beside(many: Bench) -> None:
    seen = body(many)
    assert seen.searchable
    assert len(seen.tiles) == 8
    assert seen.total == len(many.terminal.catalogue.items) > 20
    assert {shelf.key for shelf in seen.shelves} >= {"social_security", "household", "tax"}


async def test_a_shelf_holds_what_it_counts_and_back_leads_to_all(many: Bench) -> None:
    for shelf in body(many).shelves:
        opened = await press(many, e.ShelfOpened(shelf.key))
        assert opened.shelf == shelf
        assert (len(opened.tiles), opened.found) == (shelf.count, shelf.count)
        assert opened.shelves == ()
        await press(many, e.WentBack())
        assert body(many).shelves
    many.post(e.WentBack())
    await many.until(State.ATTRACT)


@pytest.mark.parametrize("facet", ["theme", "department", "level"])
async def test_every_item_stands_on_a_shelf_of_each_kind(many: Bench, facet: str) -> None:
    seen = await press(many, e.FacetChosen(facet))
    assert seen.facet == facet
    found = set()
    for shelf in seen.shelves:
        opened = await press(many, e.ShelfOpened(shelf.key))
        found |= {tile.task_code for tile in opened.tiles}
        await press(many, e.WentBack())
    assert found == {item.task_code for item in many.terminal.catalogue.items}


@pytest.mark.parametrize("words", ["低保", "dibao", "db", "minimum living"])
async def test_words_find_it(many: Bench, words: str) -> None:
    for end in range(1, len(words) + 1):
        seen = await press(many, e.Searched(words[:end]))
    assert seen.words == words
    assert "最低生活保障" in seen.tiles[0].name.zh
    seen = await press(many, e.Searched(""))
    assert seen.shelves


async def test_what_nobody_has_is_said(many: Bench) -> None:
    seen = await press(many, e.Searched("qqqqzzzz"))
    assert (seen.tiles, seen.found) == ((), 0)


async def test_the_guide_leads_back_to_what_was_found(many: Bench) -> None:
    seen = await press(many, e.Searched("dibao"))
    many.post(e.ServiceChosen(seen.tiles[0].task_code))
    await many.until(State.GUIDE)
    many.post(e.WentBack())
    await many.until(State.SERVICES)
    assert body(many).words == "dibao"


async def test_what_was_looked_for_is_forgotten_with_the_visit(many: Bench) -> None:
    await press(many, e.Searched("dibao"))
    many.post(e.Left())
    await many.until(State.ATTRACT)
    many.post(e.Touched())
    await many.until(State.SERVICES)
    assert body(many).words == ""
