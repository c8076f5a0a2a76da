"""No way out, no crash, no dead end: keys of keyboards, many fingers, and anything at random.

With KIOSK_LONG=1 a hundred thousand random events, by fifty seeds. KIOSK_SEED is the first.
"""

from __future__ import annotations

import os
import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

import fakes
from kiosk import events as e
from kiosk.model import CardFault, Key, Language
from kiosk.session.terminal import Limits
from kiosk.view import State
from livework import Live

EVENTS = 2_000
SEED = int(os.environ.get("KIOSK_SEED", "1"))
SEEDS = range(SEED, SEED + (50 if os.environ.get("KIOSK_LONG") else 1))
LIMITS = Limits(
    idle=5, still_there=2, thanks=1, rating=1, problem=1, face=1, ack=0.05, decision=0.05,
    poll=0.01, payment_poll=0.01, paid=0.01, payment_silence=1,
)  # fmt: skip
# Esc, Tab, Return, Delete, F1 to F12, Print, Pause, Menu, Super: as SDL numbers them.
KEYS = (27, 9, 13, 127, *range(282, 294), 316, 19, 319, 311)
COMBINED = ("alt", "ctrl", "shift", "meta")
RARE = ("leave", "leave_now", "staff")
SLOW = ("appear",)  # another look builds every page anew: seen to in its own tests
NO_WAY_ON = {"language", "appear"}
# These pass by themselves, in bounded time.
PASSING = {State.SUBMITTING, State.LOOKUP, State.COLLECTING, State.APPOINTMENT_ACT, State.PAPERS,
           State.OUT_OF_SERVICE, State.SLIP, State.TICKET, State.NOTICE}  # fmt: skip


@pytest.mark.parametrize(
    "modifiers", [[], *([one] for one in COMBINED), ["ctrl", "alt"], list(COMBINED)]
)
def test_no_key_of_any_keyboard_leads_out(portrait: Any, modifiers: list[str]) -> None:
    from kivy.core.window import Window

    portrait.show("guide", Language.EN)
    children = list(Window.children)
    for key in (*KEYS, *range(32, 127)):
        assert Window.dispatch("on_key_down", key, 0, None, modifiers)
        assert Window.dispatch("on_keyboard", key, 0, None, modifiers)
        Window.dispatch("on_key_up", key, 0)
        Window.dispatch("on_textinput", chr(key))
    assert Window.dispatch("on_request_close")
    assert Window.children == children
    assert not portrait.posted


def test_several_fingers_press_no_more_than_one_thing(portrait: Any) -> None:
    from screens.player import Finger, middle
    from screens.step import frames

    portrait.show("consent", Language.EN)
    portrait.app.gate.shown(new_page=False)
    found = portrait.app.targets()
    fingers = [Finger(n, *middle(found[name])) for n, name in enumerate(("agree", "disagree"))]
    for finger in fingers:
        finger.down()
    frames(1)
    for finger in fingers:
        finger.up()
    frames(1)
    assert len(portrait.posted) == 1


def test_a_long_press_is_a_press(portrait: Any) -> None:
    from screens.player import Finger, middle
    from screens.step import frames

    portrait.show("guide", Language.EN)
    portrait.app.gate.shown(new_page=False)
    finger = Finger(1, *middle(portrait.app.targets()["accept_guide"]))
    finger.down()
    until = time.monotonic() + 1.2
    while time.monotonic() < until:
        frames(1)
        time.sleep(0.05)
    assert not portrait.posted
    finger.up()
    frames(1)
    assert [type(one) for one in portrait.posted] == [e.GuideAccepted]


def test_the_touch_that_wakes_it_does_nothing_else(portrait: Any) -> None:
    """Wherever it is, and however late the finger goes up: on what lies there by then."""
    from screens.player import Finger, middle
    from screens.step import frames

    portrait.show("services", Language.EN)
    below = {name: middle(one) for name, one in portrait.app.targets().items()}
    assert len(below) > 5
    for number, (name, place) in enumerate(below.items()):
        portrait.show("attract", Language.EN)
        if any(one.collide_point(*place) for one in portrait.app.targets().values()):
            continue
        portrait.app.gate.shown(new_page=False)
        finger = Finger(number, *place)
        finger.down()
        frames(1)
        portrait.show("services", Language.EN)
        portrait.app.gate.shown(new_page=False)
        finger.up()
        frames(1)
        assert {type(one) for one in portrait.posted} <= {e.Touched}, name
        assert len(portrait.posted) <= 1
        portrait.posted.clear()


@pytest.mark.parametrize("times", [3, 5, 10])
def test_many_fingers_at_once_open_nothing(portrait: Any, times: int) -> None:
    """Corners, edges, a whole hand, swiped from the border inwards."""
    from kivy.core.window import Window

    from screens.player import Finger
    from screens.step import frames

    portrait.show("card", Language.EN)
    children = list(Window.children)
    fingers = [Finger(n, 2 + 1076 * (n % 2), 2 + 1916 * n / times) for n in range(times)]
    for finger in fingers:
        finger.down()
    frames(1)
    for finger in fingers:
        finger.drag(540, 960)
    frames(1)
    for finger in fingers:
        finger.up()
    frames(1)
    assert Window.children == children
    assert portrait.app.view.state is State.CARD
    assert not portrait.posted


class Storm:
    """Touches, keys and devices, as chance has it."""

    def __init__(self, live: Live, dice: random.Random) -> None:
        self.live, self.dice, self.fingers = live, dice, 0
        self.down: list[Any] = []
        self.ways: dict[State, set[str]] = defaultdict(set)
        self.acts: list[tuple[int, Callable[[], None]]] = [
            (50, self._press), (12, self._touch), (5, self._drag), (14, self._lift),
            (12, self._key), (2, self._keyboard), (2, self._card), (1, self._plug),
            (1, self._network), (1, self._wait),
        ]  # fmt: skip

    def go(self, events: int) -> None:
        weights = [weight for weight, _ in self.acts]
        for _, act in self.dice.choices(self.acts, weights, k=events):
            act()
            self.live.frame(0.001)
            self._look()
        while self.down:
            self._lift()

    def _look(self) -> None:
        app = self.live.stage.app
        if app.view is not None:
            self.ways[app.view.state] |= set(app.targets()) - NO_WAY_ON

    def _finger(self, x: float, y: float) -> None:
        from screens.player import Finger

        self.fingers += 1
        finger = Finger(self.fingers, x, y)
        finger.down()
        self.down.append(finger)

    def _press(self) -> None:
        from screens.player import middle

        targets = self.live.stage.app.targets()
        names = [name for name in targets if not name.startswith(RARE)]
        name = self.dice.choice(sorted(names if self.dice.random() < 0.98 else targets) or [""])
        if name and not name.startswith(SLOW):
            self._finger(*middle(targets[name]))
            self.live.frame(0)
            self._lift()

    def _touch(self) -> None:
        place = self.dice.uniform(0, 1080), self.dice.uniform(0, 1920)
        slow = [t for name, t in self.live.stage.app.targets().items() if name.startswith(SLOW)]
        if len(self.down) < 3 and not any(one.collide_point(*place) for one in slow):
            self._finger(*place)

    def _drag(self) -> None:
        for finger in self.down:
            finger.drag(self.dice.uniform(-50, 1130), self.dice.uniform(-50, 1970))

    def _lift(self) -> None:
        if self.down:
            self.down.pop(self.dice.randrange(len(self.down))).up()

    def _key(self) -> None:
        access, key = self.live.stage.app.access, self.dice.choice(list(Key))
        target = access.focus.target
        if target is None or not target.action.startswith(SLOW):
            access.key(key)

    def _keyboard(self) -> None:
        from kivy.core.window import Window

        assert Window.dispatch("on_keyboard", self.dice.choice(KEYS), 0, None, ["alt"])

    def _card(self) -> None:
        cards = (fakes.ZHANG, fakes.LI, *CardFault)
        self.live.bench.reader.answers = [self.dice.choice(cards)]

    def _plug(self) -> None:
        self.live.headphones(plugged=self.dice.random() < 0.5)

    def _network(self) -> None:
        self.live.terminal.condition.online = self.dice.random() < 0.7
        self.live.bench.post(e.ServicesChanged())

    def _wait(self) -> None:
        if e.WaitedTooLong in self._possible():
            self.live.bench.post(e.WaitedTooLong())

    def _possible(self) -> set[type[e.Event]]:
        from kiosk.session import states

        return set(states.TABLE[self.live.bench.engine.state])


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
def test_anything_at_random_leads_nowhere_else(
    portrait: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    catalogue = replace(fakes.shipped(), index=None)  # one of this thread is of no use there
    live = Live(portrait, tmp_path, LIMITS, catalogue)
    quick = portrait.app.gate._clock
    monkeypatch.setattr(portrait.app.gate, "_clock", lambda: quick() * 30)
    storm = Storm(live, random.Random(seed))
    with capture_logs() as logs, live.running() as begun:
        storm.go(EVENTS)
        assert not any(one.done() for one in begun), "the session has ended"
        live.headphones(plugged=False)
        until = time.monotonic() + 60
        while live.bench.engine.state is not State.ATTRACT and time.monotonic() < until:
            live.frame()
        assert live.bench.engine.state is State.ATTRACT, (
            f"left alone, it stays at {live.bench.view.state}"
        )
    broken = [one for one in logs if one["event"] in ("event_failed", "step_failed")]
    assert not broken
    dead = [state for state, ways in storm.ways.items() if not ways and state not in PASSING]
    assert not dead
    assert len(storm.ways) >= 10, f"seed {seed} got nowhere: {sorted(storm.ways)}"
