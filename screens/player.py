"""Plays a visit by itself, with touches that go through Kivy's own input.

A press is a real touch at the middle of the target: it meets the same dispatch, debounce and
layout as a finger, so a target that is hidden, covered or off the screen cannot be pressed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.input.motionevent import MotionEvent

from kiosk.view import PapersBody, QuestionBody, State, TicketBody, View
from screens.app import KioskApp
from screens.sample_ink import strokes
from screens.script import SIGN, same_phase, spelled, told
from screens.step import save
from screens.upcoming import page_of
from screens.widgets.ink import Ink
from screens.widgets.press import Pressable

_SETTLE = 2  # frames after a view before anything is pressed
_MIRROR_SECONDS = 1.5
_PATIENCE = 3.0  # seconds to wait for a target
_PAGES = 12  # presses of "more below" before a target counts as missing


class TargetMissingError(RuntimeError):
    """The script asked for an action that this screen does not offer."""


class Finger(MotionEvent):
    """One touch at a place in window pixels."""

    def __init__(self, number: int, x: float, y: float) -> None:
        place = (x / max(1, Window.width - 1), y / max(1, Window.height - 1))
        super().__init__("player", number, place, is_touch=True, type_id="touch")
        self.profile = ["pos"]

    def depack(self, args: tuple[float, float]) -> None:
        self.sx, self.sy = args
        super().depack(args)

    def drag(self, x: float, y: float) -> None:
        self.move((x / max(1, Window.width - 1), y / max(1, Window.height - 1)))
        EventLoop.post_dispatch_input("update", self)

    def down(self) -> None:
        EventLoop.post_dispatch_input("begin", self)

    def up(self) -> None:
        EventLoop.post_dispatch_input("end", self)


def middle(target: Pressable) -> tuple[float, float]:
    x, y = target.to_window(*target.center)
    return float(x), float(y)


def _pictured(view: View) -> tuple[State, str]:
    """One picture for each state; the list of services has more pages than one."""
    return page_of(view) if view.state is State.SERVICES else (view.state, "")


def field_of(app: KioskApp) -> Ink | None:
    """The field to sign in, on a page that has one."""
    shown = app.frame.walk(restrict=True) if app.frame is not None else ()
    return next((widget for widget in shown if isinstance(widget, Ink)), None)


def write(field: Ink) -> Generator[None, None, None]:
    """Sign as the sample citizen does; one frame for each stroke."""
    wide = min(field.width * 0.84, field.height * 0.56 * 3.2)
    corner = field.center_x - wide / 2, field.y + field.height * 0.31
    signed = [[(x, y / 3.2) for x, y in stroke] for stroke in strokes()]
    yield from draw(signed, corner, wide)


def draw(
    shape: Sequence[Sequence[tuple[float, float]]], corner: tuple[float, float], size: float
) -> Generator[None, None, None]:
    """Strokes in shares of a square with that lower left corner; one frame for each."""
    for number, stroke in enumerate(shape):
        places = [(corner[0] + x * size, corner[1] + y * size) for x, y in stroke]
        finger: Any = Finger(number, *places[0])
        finger.down()
        for place in places[1:]:
            finger.drag(*place)
        finger.up()
        yield


class Player:
    """`script` says, for each view, which actions to press in turn; none waits for the next.

    `on_step` is called with what was done and the seconds since the start. With `pictures`, every
    page that is entered leaves a picture there, taken once it has settled; the numbers begin again
    with each visit, so that playing for ever fills no disk. `pause`: seconds to rest on each page,
    for people who watch; a countdown begins the rest anew, so keep it under one second.
    """

    def __init__(
        self,
        app: KioskApp,
        script: Callable[[View], list[str]],
        pictures: Path | None,
        on_step: Callable[[str, float], None],
        pause: float = 0.0,
    ) -> None:
        self._pause = pause
        self._app, self._script = app, script
        self._pictures, self._on_step = pictures, on_step
        self._started = time.monotonic()
        self._touches, self._pages = 0, -1
        self._last: tuple[State, str] | None = None
        self._seen: View | None = None
        self._work: Generator[None, None, None] | None = None
        app.hold = self._picture_due
        self._event = Clock.schedule_interval(self._tick, 0)

    def close(self) -> None:
        self._app.hold = lambda: False
        self._event.cancel()

    def _picture_due(self) -> bool:
        """A page that has not had its picture yet stays for it, however quick the visit is."""
        view = self._app.view
        return self._pictures is not None and view is not None and _pictured(view) != self._last

    def _tick(self, _seconds: float) -> None:
        view = self._app.view
        if view is None:
            return
        if view is not self._seen:
            old, self._seen = self._seen, view
            if not self._goes_on(old, view):
                self._work = self._play()
        if self._work is not None:
            try:
                next(self._work)
            except StopIteration:
                self._work = None

    def _goes_on(self, old: View | None, view: View) -> bool:
        """The same page anew while it settles, or while an answer is typed: do not begin again."""
        if old is None or self._work is None or page_of(old) != page_of(view):
            return False
        typing = isinstance(view.body, QuestionBody) or same_phase(old, view)
        return _pictured(view) != self._last or typing

    def _play(self) -> Generator[None, None, None]:
        """Runs frame by frame; another page takes its place."""
        if self._view.state is State.FACE:
            yield from self._until_mirrored()
        for _ in range(_SETTLE):
            yield
        self._photograph()
        rested = time.monotonic() + self._pause
        while time.monotonic() < rested:
            yield
        view = self._view
        for action in spelled(self._script(view)):
            if action == SIGN:
                yield from self._sign()
                continue
            target = yield from self._find(action)
            while not self._app.gate.open:
                yield
            self._step(told(view, action))
            yield from self._press(target)

    def _until_mirrored(self) -> Generator[None, None, None]:
        """The camera needs a moment; a page without its mirror would make a poor picture."""
        patience = time.monotonic() + _MIRROR_SECONDS
        while not self._app.mirroring() and time.monotonic() < patience:
            yield
        for _ in range(_SETTLE):
            yield

    @property
    def _view(self) -> View:
        assert self._seen is not None
        return self._seen

    def _photograph(self) -> None:
        view = self._view
        if _pictured(view) != self._last:
            if view.state is State.ATTRACT:
                self._pages = 0
            self._last = _pictured(view)
            self._pages += 1
            self._step(view.state.value)
        elif not (isinstance(view.body, PapersBody | TicketBody) and view.body.done):
            return  # the picture of this state is already there
        if self._pictures is not None:
            save(self._pictures / f"{self._pages:02}-{view.state.value}.png")

    def _find(self, action: str) -> Generator[None, None, Pressable]:
        """Turns pages until the target is in sight."""
        pages = 0
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            found = self._app.targets()
            if action in found:
                return found[action]
            if "page_down" in found and pages < _PAGES:
                pages += 1
                yield from self._press(found["page_down"])
            yield
        offered = ", ".join(sorted(self._app.targets()))
        raise TargetMissingError(f"{action} is not offered; there are: {offered}")

    def _press(self, target: Pressable) -> Generator[None, None, None]:
        self._touches += 1
        finger: Any = Finger(self._touches, *middle(target))
        finger.down()
        yield
        finger.up()
        yield

    def _sign(self) -> Generator[None, None, None]:
        field = field_of(self._app)
        if field is None:
            raise TargetMissingError(f"{SIGN} is not offered: this page has no field to sign in")
        until = time.monotonic() + _PATIENCE
        while not field.ready and time.monotonic() < until:
            yield
        self._step(f"{self._view.state.value}: {SIGN}")
        yield from write(field)

    def _step(self, what: str) -> None:
        self._on_step(what, time.monotonic() - self._started)
