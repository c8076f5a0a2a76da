"""The sample citizen finds every service: on its shelf, and by the letters of its name."""

from __future__ import annotations

import pytest

import fakes
from fakes import Bench
from kiosk import events as e
from kiosk.model import DeviceState, DeviceStatus
from kiosk.play import Play, place_of
from kiosk.services.item import Item
from kiosk.view import ServicesBody, State

ITEMS = {item.task_code: item for item in fakes.shipped().items}
PLACES = {code: place_of(item) for code, item in ITEMS.items()}
MOST = 12  # presses until a service is found
each = pytest.mark.parametrize(
    "item", [pytest.param(one, id=one.task_name.en) for one in ITEMS.values()]
)


class Screen:
    """What presses on the list of services become."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.typed, self.pressed = bench, "", list[str]()

    async def press(self, action: str) -> None:
        kind, _, rest = action.partition(":")
        self.typed += rest if kind == "key" else ""
        events = {
            "start": e.Touched(),
            "service": e.ServiceChosen(rest),
            "shelf": e.ShelfOpened(rest),
            "facet": e.FacetChosen(rest),
            "search": e.Searched(" "),
            "key": e.Searched(self.typed),
        }
        serial = self.bench.view.serial
        self.pressed.append(kind)
        self.bench.post(events[kind])
        while self.bench.view.serial == serial:
            await self.bench.breath()


async def found(bench: Bench, play: Play) -> list[str]:
    """What was pressed until the guide was there."""
    screen = Screen(bench)
    while bench.view.state in (State.ATTRACT, State.SERVICES):
        actions = play.actions(bench.view)
        assert actions, bench.view.body
        for action in actions:
            await screen.press(action)
        assert len(screen.pressed) < MOST, screen.pressed
    assert bench.view.state is State.GUIDE
    assert bench.engine.visit.item is not None
    assert bench.engine.visit.item.task_code == play.task
    return screen.pressed


@each
async def test_it_is_found_on_its_shelf_and_then_by_words(bench: Bench, item: Item) -> None:
    bench.terminal.catalogue = fakes.shipped()
    chip = DeviceStatus("chipcard", DeviceState.ONLINE)
    bench.terminal.condition.statuses["chipcard"] = chip
    play = Play.of([item.task_code], lambda *_: None, places=PLACES)
    assert await found(bench, play) == ["start", "shelf", "service"]
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    pressed = await found(bench, play)
    assert pressed[:2] == ["start", "search"]
    assert pressed[2:-1] == ["key"] * len(PLACES[item.task_code].words)


async def test_a_page_of_few_is_chosen_from_directly(bench: Bench) -> None:
    play = Play.of([fakes.QUERY], lambda *_: None, places=PLACES)
    assert await found(bench, play) == ["start", "service"]


async def test_another_kind_of_shelves_is_changed_first(bench: Bench) -> None:
    bench.terminal.catalogue = fakes.shipped()
    play = Play.of([fakes.RESIDENCE], lambda *_: None, places=PLACES)
    play.actions(bench.view)
    screen = Screen(bench)
    for action in ("start", "facet:level"):
        await screen.press(action)
    assert play.actions(bench.view) == ["facet:theme"]


async def test_a_letter_whose_answer_is_still_to_come_is_not_typed_twice(bench: Bench) -> None:
    bench.terminal.catalogue = fakes.shipped()
    play = Play.of([fakes.RESIDENCE], lambda *_: None, places=PLACES)
    play.actions(bench.view)
    play.searches = True
    screen = Screen(bench)
    for action in ("start", "search"):
        await screen.press(action)
    assert isinstance(bench.view.body, ServicesBody)
    assert play.actions(bench.view) == ["key:j"]
    assert play.actions(bench.view) == []
