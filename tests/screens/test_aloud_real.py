"""Heard for real: bytes of a keypad go in, espeak-ng speaks, and two sound devices keep the WAV.

The session, the pages, both drivers and the programs are those of a terminal.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import fakes
from drivers.keypad.simulator import EVENTS, STATE_FILE, KeypadSimulator
from drivers.keypad.transport import EvdevKeypad, KeypadOptions
from drivers.options import Site
from drivers.statefile import replace_json
from kiosk import events as e
from kiosk.model import Language, Spoken, Voice
from kiosk.session.aloud import Aloud
from kiosk.session.terminal import Limits
from kiosk.view import State
from livework import Live
from speechwork import ESPEAK, Bench, loudness

pytestmark = pytest.mark.skipif(ESPEAK is None, reason="espeak-ng is not installed")

PATIENCE = 60.0
LIMITS = Limits(idle=600, poll=0.01)
TYPED = "7。"  # what is spoken when that key was pressed


class Unplugged(Live):
    """Whoever comes has brought no headphones yet."""

    def ears(self) -> Aloud:
        aloud = super().ears()
        self.headphones(plugged=False)
        return aloud


class Room:
    """A terminal's speech and keypad; `step` lets it live."""

    def __init__(self, stage: Any, folder: Path) -> None:
        self.sound = Bench(folder)
        self.simulator = KeypadSimulator(folder)
        self.simulator.start()
        options = KeypadOptions.model_validate({"path": str(folder / EVENTS)})
        self.keypad = EvdevKeypad.build(options, Site())
        self.folder, self.noticed = folder, list[bool]()
        self._tell = stage.app.access.plugged
        self.live = Unplugged(stage, folder, LIMITS, fakes.few())
        self.live.mouth, self.live.hand = self.sound.speech, self.keypad  # type: ignore[assignment]

    def until(self, true: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end
            self.live.frame()

    def press(self, key: str) -> None:
        """Returns when it was typed."""
        followed = self.simulator.followed
        replace_json(self.folder / STATE_FILE, {"key": key})
        self.until(lambda: self.simulator.followed > followed)

    def plug(self, *, plugged: bool) -> None:
        """Returns when the terminal has looked at the socket."""
        self.sound.plugged = plugged
        self.live.headphones(plugged=plugged)
        self.until(lambda: self.noticed[-1:] == [plugged])

    def notice(self, plugged: bool) -> None:
        self.noticed.append(plugged)
        self._tell(plugged)

    def count(self, name: str) -> int:
        return len(self.sound.heard(name))

    def go(self, state: State, *events: e.Event) -> None:
        for event in events:
            self.live.bench.post(event)
        self.until(lambda: self.live.stage.app.view.state is state)


@pytest.fixture
def room(portrait: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    room = Room(portrait, tmp_path)
    monkeypatch.setattr(portrait.app.access, "plugged", room.notice)
    yield room
    room.simulator.stop()


def spoken(folder: Path, text: str) -> bytes:
    """How espeak-ng says this, in a room of its own."""
    folder.mkdir()
    alone = Bench(folder)

    async def say() -> Spoken:
        try:
            return await alone.say(text, Language.ZH, voice=Voice())
        finally:
            await alone.speech.close()

    assert asyncio.run(say()) is Spoken.SAID
    [sound] = alone.heard()
    return bytes(sound.samples)


def test_a_citizen_hears_the_terminal_and_nobody_else_hears_what_is_private(
    room: Room, tmp_path: Path
) -> None:
    digit = spoken(tmp_path / "digit", TYPED)
    words = room.live.stage.app.look.words.say("aloud.typed", Language.ZH)
    instead = spoken(tmp_path / "instead", words)
    with room.live.running():
        room.press("help")
        room.until(lambda: room.count("loud"))
        assert all(loudness(one) > 1000 for one in room.sound.heard()), (
            "that is heard across a hall"
        )
        room.live.bench.reader.answers = [fakes.ZHANG]
        room.go(State.QUESTION, e.Touched(), e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
        room.plug(plugged=True)
        room.until(lambda: room.count("private"))
        before = room.count("loud")
        room.press("7")
        room.until(lambda: digit in samples(room, "private"))
        assert room.count("loud") == before, "with headphones nobody else hears anything"
        room.plug(plugged=False)
        room.until(lambda: room.count("loud") > before)
        heard = room.count("private")
        assert instead not in samples(room, "loud")
        room.press("7")
        room.until(lambda: instead in samples(room, "loud"))
        assert digit not in samples(room, "loud")
        assert room.count("private") == heard


def samples(room: Room, name: str) -> list[bytes]:
    return [bytes(one.samples) for one in room.sound.heard(name)]
