"""What the fleet asks of a terminal waits for its citizens, and survives stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from blindwork import Mouth
from fakes import Bench, bench
from kiosk import events as e
from kiosk.agent.orders import Orders
from kiosk.session.health import Health
from kiosk.session.orders import OrderDesk
from kiosk.view import OutOfServiceBody, State

MESSAGE = {"zh": "今日检修，请到二号窗口。", "en": "Under repair today. Please go to counter 2."}


@asynccontextmanager
async def open_bench(made: Bench, seconds: int = 2) -> AsyncIterator[OrderDesk]:
    """Serving: the engine runs, devices were looked at."""
    health = Health(made.terminal, made.engine)
    desk = OrderDesk(made.terminal, made.engine, health.glance, seconds)
    made.journal.put_status("link", {"online": True})
    task = asyncio.create_task(made.engine.run())
    await asyncio.sleep(0)
    await health.look()
    await made.until(State.ATTRACT)
    try:
        yield desk
    finally:
        task.cancel()


@pytest.fixture
def made(tmp_path: Path) -> Bench:
    return bench(tmp_path)


async def test_a_message_closes_until_it_is_opened_again(made: Bench) -> None:
    orders = Orders(made.journal, "command")
    async with open_bench(made) as desk:
        orders.ask("1", "out_of_service", MESSAGE)
        await desk.look()
        assert orders.answer("1")["outcome"] == "done"
        body = (await made.until(State.OUT_OF_SERVICE)).body
        assert isinstance(body, OutOfServiceBody)
        assert body.message is not None
        assert (body.code, body.message.en) == ("message", MESSAGE["en"])
        again = bench(made.journal.folder)  # a restart
        OrderDesk(again.terminal, again.engine, lambda: None)
        assert again.terminal.condition.closed_by_fleet == "message"
        orders.ask("2", "in_service")
        await desk.look()
        await made.until(State.ATTRACT)


async def test_a_citizen_is_not_disturbed(made: Bench) -> None:
    orders = Orders(made.journal, "command")
    async with open_bench(made) as desk:
        made.post(e.Touched())
        await made.until(State.SERVICES)
        for number, operation in enumerate(("test_print", "out_of_service", "hold", "identify")):
            orders.ask(str(number), operation, MESSAGE)
            await desk.look()
            assert orders.answer(str(number)) == {}
        assert made.view.state is State.SERVICES
        assert made.receipt.printed == []


async def test_who_touches_while_it_closes_is_served_first(made: Bench) -> None:
    orders = Orders(made.journal, "command")
    async with open_bench(made) as desk:
        made.post(e.Touched())  # in the queue before the order is looked at
        orders.ask("1", "test_print")
        await desk.look()
        assert made.view.state is State.SERVICES
        assert (made.receipt.printed, orders.answer("1")) == ([], {})
        assert made.terminal.out_of_service() == ""


async def test_a_test_print_closes_prints_once_and_opens(made: Bench) -> None:
    orders = Orders(made.journal, "command")
    async with open_bench(made) as desk:
        orders.ask("1", "test_print")
        for _ in range(3):
            await desk.look()
        assert orders.answer("1")["outcome"] == "done"
        assert len(made.receipt.printed) == 1
        assert [kind for kind in made.kinds() if kind.startswith("print")] == [
            "print.intent", "print.outcome",
        ]  # fmt: skip
        await made.until(State.ATTRACT)


async def test_what_a_stop_cut_off_is_not_done_again(made: Bench) -> None:
    orders = Orders(made.journal, "command")
    orders.ask("1", "test_print")
    made.journal.put_status("ordered.command", {"id": "1", "outcome": "running", "why": ""})
    async with open_bench(made) as desk:
        task = asyncio.create_task(desk.run())
        await asyncio.sleep(1.5)
        task.cancel()
        assert orders.answer("1")["outcome"] == "interrupted"
        assert made.receipt.printed == []


async def test_it_is_held_closed_until_the_order_is_withdrawn(made: Bench) -> None:
    orders = Orders(made.journal, "update")
    async with open_bench(made) as desk:
        orders.ask("7-software-0.2.0", "hold")
        await desk.look()
        assert orders.answer("7-software-0.2.0")["outcome"] == "done"
        made.post(e.Touched())
        await made.breath()
        assert made.view.state is State.OUT_OF_SERVICE
        orders.withdraw()
        await desk.look()
        await made.until(State.ATTRACT)


async def test_it_shows_which_one_it_is(made: Bench) -> None:
    orders = Orders(made.journal, "command")
    async with open_bench(made) as desk:
        orders.ask("1", "identify")
        await desk.look()
        shown = [view.body for view in made.views if isinstance(view.body, OutOfServiceBody)]
        flashes = [body.flash for body in shown if body.terminal == made.terminal.place.terminal]
        assert {True, False} <= set(flashes)
        assert orders.answer("1")["why"] == "no_sound"
        await made.until(State.ATTRACT)


async def test_it_beeps_and_says_which_one_it_is(made: Bench) -> None:
    mouth = Mouth()
    made.terminal.devices.beside = {**made.terminal.devices.beside, "speech": mouth}
    orders = Orders(made.journal, "command")
    async with open_bench(made) as desk:
        orders.ask("1", "identify")
        await desk.look()
        assert (mouth.beeps, orders.answer("1")["why"]) == (1, "")
        made.post(e.Touched())
        await made.until(State.SERVICES)
        orders.ask("2", "identify")
        await desk.look()
        assert mouth.beeps == 1, "nobody is startled"


async def test_a_picture_is_blank_while_somebody_is_there(made: Bench) -> None:
    async def picture() -> bytes:
        return b"PNG"

    made.terminal.picture = picture
    orders = Orders(made.journal, "command")
    async with open_bench(made) as desk:
        orders.ask("1", "screen_picture")
        await desk.look()
        assert orders.answer("1")["picture"] == "UE5H"
        made.post(e.Touched())
        await made.until(State.SERVICES)
        orders.ask("2", "screen_picture")
        await desk.look()
        answer = orders.answer("2")
        assert (answer["why"], answer.get("picture")) == ("visitor", None)


async def test_a_message_in_one_language_is_refused(made: Bench) -> None:
    orders = Orders(made.journal, "command")
    async with open_bench(made) as desk:
        orders.ask("1", "out_of_service", {"zh": "检修\u202e\n", "en": "  "})
        await desk.look()
        assert orders.answer("1")["outcome"] == "refused"
        orders.ask("2", "reprint")
        await desk.look()
        assert orders.answer("2")["why"] == "unknown"
