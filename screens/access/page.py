"""The page that is shown: what it says when it opens, and what is new on it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from kiosk.model import Language
from kiosk.view import State, View
from screens.access.reading import Reader, Reading, Say, Words
from screens.access.veil import Veil
from screens.access.voice import has_lost, what_is_new
from screens.frame import Frame
from screens.widgets.press import Pressable

_HINTS = {State.SIGN: "sign", State.PAYMENT: "payment", State.PIN: "pin", State.CARD: "card",
          State.SCAN: "scan", State.STILL_THERE: "still_there"}  # fmt: skip
_ENDING = (State.STILL_THERE, State.PROBLEM, State.RATING, State.THANKS)  # by themselves
_WAITING = ("", "waiting", "watching")
NOTHING = Reading((), (), ())


class Host(Protocol):
    """The application, as far as it is needed here."""

    frame: Frame | None
    view: View | None


class Page:
    """`say`: words of the program in the language of the page."""

    def __init__(self, host: Host, say: Say) -> None:
        self._host, self._say = host, say
        self.reading = self._told = NOTHING
        self._typing = False

    def look(self) -> Reading:
        """Read it as it is now."""
        view, frame = self._host.view, self._host.frame
        if view is not None and frame is not None:
            self.reading = Reader(self._say, Veil(view)).read(*frame.parts)
        return self.reading

    def forget(self) -> None:
        self.reading = self._told = NOTHING
        self._typing = False

    @property
    def types(self) -> bool:
        """Are there keys for digits?"""
        return self.offered("key:1") is not None

    def offered(self, *actions: str) -> Pressable | None:
        frame = self._host.frame
        found = frame.targets if frame is not None else {}
        return next((found[action] for action in actions if action in found), None)

    def words_of(self, target: Pressable) -> str:
        told = (
            words.text
            for stop in self.reading.stops
            for one, words in zip(stop.members, stop.words, strict=True)
            if one is target
        )
        return next(told, "")

    def opening(self, stops: int) -> list[Words]:
        """Title, texts and what to do; `stops`: how many things can be chosen."""
        self._typing, self._told = self.types, self.reading
        reading, state = self.reading, self._host.view.state if self._host.view else None
        words = [*reading.title, *reading.texts, *reading.typed]
        hints = [f"aloud.hint.{_HINTS[state]}"] if state in _HINTS and self._waits else []
        hints += ["aloud.type"] if self._typing else []
        hints += ["aloud.letters"] if self.offered("key:q") else []
        words += [Words(self._say(hint)) for hint in hints]
        words += self.time_left() if self.seconds_left else []
        return [*words, Words(self._say("aloud.stops", count=stops))] if stops else words

    @property
    def seconds_left(self) -> int:
        """Until the page ends by itself; 0: it does not."""
        view = self._host.view
        if view is None or view.state not in _ENDING:
            return 0
        return getattr(view.body, "seconds_left", 0)

    def time_left(self) -> list[Words]:
        return [Words(self._say("aloud.left", seconds=self.seconds_left))]

    @property
    def _waits(self) -> bool:
        """For something that the citizen does."""
        phase = getattr(self._host.view.body, "phase", "") if self._host.view else ""
        return phase in _WAITING

    def news(self, before: Reading) -> list[Words] | None:
        """What is new since then; None: it is as good as another page."""
        if self.types and not self._typing:
            return None
        self._typing = self.types
        new = what_is_new(before, self.reading)
        secret = self._host.view is not None and self._host.view.state is State.PIN
        counted = secret and before.typed != self.reading.typed
        if not counted:
            return new
        self._told = self.reading
        return [*self.reading.typed, *new]

    def outdated(self) -> bool:
        """Is what was said of it no longer so? Of each change, yes once. What is new is said, but
        an answer only with the whole page."""
        lost = has_lost(self._told, self.reading)
        self._told = replace(self.reading, typed=() if lost else self._told.typed)
        return lost


def words_in(host: Host) -> Callable[..., str]:
    """Words of the program: key, language, values."""

    def say(key: str, language: Language, **values: object) -> str:
        return host.frame.look.words.say(key, language, **values) if host.frame else ""

    return say
