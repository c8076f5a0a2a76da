"""Help, then 7, through keypad, pages, session and speech: what was cut goes on, and never beyond
its page or its visit."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import fakes
import roomwork
from earwork import Ear
from kiosk import events as e
from kiosk.model import (
    About,
    Cut,
    DeviceState,
    DeviceStatus,
    Key,
    Language,
    Speaking,
    Spoken,
    Utterance,
    Voice,
)
from kiosk.session.terminal import Limits
from kiosk.view import State
from livework import Live

PATIENCE = 60.0
LIMITS = Limits(idle=600, poll=0.01)
NAME = "张秀兰"
GUIDE = "居住证签注。"
NOTHING = "没有可以接着读的内容。"


class Mouth(roomwork.Mouth):
    """Each sentence lasts until it is cut, or told to end."""

    def __init__(self) -> None:
        super().__init__()
        self.quick, self.plugged = False, True
        self.loop: asyncio.AbstractEventLoop | None = None

    async def say(
        self, text: str, language: Language, voice: Voice, *, private: bool = False
    ) -> Spoken:
        self.loop = asyncio.get_running_loop()
        return await super().say(text, language, voice, private=private)

    def over(self) -> None:
        """From any thread: what is being said, if anything is, has come to its end."""
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self.end)

    async def status(self) -> DeviceStatus:  # type: ignore[override]
        return DeviceStatus("speech", DeviceState.ONLINE)


class Room:
    """A terminal, and somebody with a keypad and headphones."""

    def __init__(self, stage: Any, folder: Path) -> None:
        self.live = Live(stage, folder, LIMITS, fakes.few())
        self.mouth = Mouth()
        self.live.mouth = self.mouth  # type: ignore[assignment]

    def until(self, true: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, self.mouth.begun
            self.live.frame()

    def key(self, *keys: Key | str) -> str:
        """The sentence that begins then."""
        for key in keys:
            self._another(lambda key=key: self.live.hand.press(Key(key)))  # type: ignore[misc]
        return self.mouth.begun[-1]

    def then(self, count: int = 1) -> list[str]:
        """The next sentences, each when the one before is over."""
        for _ in range(count):
            self._another(self.mouth.over)
        return self.mouth.begun[-count:]

    def go(self, state: State, *events: e.Event) -> None:
        for event in events:
            self.live.bench.post(event)
        self.until(lambda: self.live.stage.app.view.state is state)

    def _another(self, act: Callable[[], object]) -> None:
        count = len(self.mouth.begun)
        act()
        self.until(lambda: len(self.mouth.begun) > count)


@pytest.fixture
def room(portrait: Any, tmp_path: Path) -> Iterator[Room]:
    """A guide is being read."""
    room = Room(portrait, tmp_path)
    with room.live.running():
        room.go(State.GUIDE, e.Touched(), e.ServiceChosen(fakes.RESIDENCE))
        room.until(lambda: GUIDE in room.mouth.begun)
        yield room


def test_a_page_goes_on_at_the_sentence_that_help_cut(room: Room) -> None:
    page = [room.mouth.begun[-1], *room.then(3)]
    assert len(set(page)) == 4
    assert room.key(Key.HELP) == "帮助。"
    assert "7，从停下的地方接着读。" in room.then(4)
    assert room.key("7") == page[3]
    room.key(Key.HELP, "1")
    assert [room.mouth.begun[-1], *room.then(3)] == page, "1 still reads it from its title"


def test_a_page_goes_on_behind_what_other_keys_have_told(room: Room) -> None:
    page = [room.mouth.begun[-1], *room.then(2)]
    first = room.key(Key.DOWN)
    assert first not in page
    assert room.key(Key.HELP, "4").startswith("语速"), "slower"
    assert room.key("7") == first
    place, again = room.then(2)
    assert place.startswith("第1项")
    assert again == page[2]


def test_on_another_page_there_is_nothing_to_go_on_with(room: Room) -> None:
    room.then(2)
    room.key(Key.HELP)
    room.mouth.quick = True
    room.go(State.SERVICES, e.WentBack())
    room.until(lambda: "可以选择" in room.mouth.begun[-1])
    count = len(room.mouth.begun)
    room.key(Key.HELP, "7")
    room.until(lambda: NOTHING in room.mouth.begun[count:])


def test_nothing_that_could_go_on_is_in_memory_after_the_visit(portrait: Any) -> None:
    """Whether its last page was read to somebody or not."""
    portrait.show("attract", Language.ZH)
    ear = Ear(portrait)
    mouth = Mouth()
    with speaking(mouth) as here:
        portrait.app.speak = here.aloud.say
        ear.key(Key.HELP)
        ear.page("check", Language.ZH)
        until(lambda: any(NAME in one for one in here.mouth.begun) or mouth.over())
        ear.key(Key.HELP)
        assert kept(NAME), "it is what would go on"
        portrait.show("attract", Language.ZH)
        until(lambda: not kept(NAME))
    ear.leave()


@contextmanager
def speaking(mouth: Mouth) -> Iterator[roomwork.Room]:
    """On a loop of its own, as on a terminal."""
    here = roomwork.Room(mouth)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(here.aloud.run(), loop)
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(PATIENCE)  # it has begun
    try:
        yield here
    finally:
        asyncio.run_coroutine_threadsafe(end_all(), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


async def end_all() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_no_longer_stands_on_a_page_does_not_go_on(portrait: Any) -> None:
    """And what is new on it does no harm, nor what was typed since."""
    portrait.show("attract", Language.EN)
    ear = Ear(portrait)
    ear.key(Key.HELP)
    ear.page("question-phone", value="")
    ear.said.clear()
    ear.key("1", "3")
    ear.page("question-error", name="phone", value="13")
    assert forgotten(ear) == 0
    ear.page("question-phone", value="13")
    assert forgotten(ear) == 1, "the error was told"
    ear.key(Key.HELP, "1")
    ear.key("9")
    assert forgotten(ear) == 2, "it would tell what is typed no more"
    ear.key("0", "0")
    assert forgotten(ear) == 2
    ear.page("question-error", name="phone", value="13900")
    assert forgotten(ear) == 2
    ear.page("pin")
    ear.said.clear()
    ear.key("1")
    ear.key("2")
    assert forgotten(ear) == 2, "of a PIN the count is told"
    ear.leave()


def forgotten(ear: Ear) -> int:
    return sum(one.cut is Cut.FORGOTTEN for one in ear.said)


def kept(words: str) -> list[object]:
    """What is still there of things to say."""
    from screens.access.reading import Words

    gc.collect()
    said = [one for one in gc.get_objects() if isinstance(one, Utterance | Words)]
    return [one for one in said if words in one.text]


def test_a_key_before_the_new_page_is_read_finds_nothing_of_the_old_one(portrait: Any) -> None:
    portrait.show("attract", Language.EN)
    ear = Ear(portrait)
    ear.key(Key.HELP)
    ear.page("guide")
    ear.said.clear()
    portrait.show("check", Language.EN)
    access = portrait.app.access
    for key in (Key.HELP, Key.D7):
        access.key(key)
    told: list[Speaking] = ear.said
    cuts = [one.cut for one in told]
    assert cuts.index(Cut.FORGOTTEN) < cuts.index(Cut.RESUMED)
    assert all(one.about is About.PROGRAM for one in told)
    ear.leave()
