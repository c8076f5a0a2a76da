"""What was cut off, for who wants it to go on. Forgotten with its page."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kiosk.model import About, Speaking, Utterance, sentences

_ORDER = (About.FOCUS, About.PAGE)  # whoever goes on hears first where they are


def by_sentence(parts: Iterable[Utterance]) -> Iterator[Utterance]:
    for part in parts:
        yield from (replace(part, text=text) for text in sentences(part.text))


class Unsaid:
    """`begin` with what is said; the first of `rest` is being said now."""

    def __init__(self) -> None:
        self.rest: deque[Utterance] = deque()
        self._about = About.PROGRAM
        self._left: dict[About, tuple[Utterance, ...]] = {}

    def begin(self, speaking: Speaking) -> None:
        self.rest, self._about = deque(by_sentence(speaking.parts)), speaking.about

    def cut(self, waiting: Iterable[Speaking] = ()) -> None:
        """What is being said, and `waiting` behind it, is not said now."""
        self._keep(self._about, self.rest)
        self.rest = deque()
        for speaking in waiting:
            self._keep(speaking.about, by_sentence(speaking.parts))

    def outdate(self, speaking: Speaking) -> None:
        """By where the focus is now; by all of the page, not by what is new on it."""
        if speaking.about is not About.PROGRAM:
            self._left.pop(About.FOCUS, None)
        if speaking.about is About.PAGE and speaking.urgent:
            self._left.pop(About.PAGE, None)

    def resume(self, speaking: Speaking) -> Iterator[Speaking]:
        """What was cut, in the voice of `speaking`; itself where nothing was."""
        left, self._left = self._left, {}
        if not left:
            yield speaking
        for about in _ORDER:
            if about in left:
                yield replace(speaking, parts=left[about], about=about)

    def forget(self) -> None:
        """What is being said is said to its end, and not kept when it is cut."""
        self._left.clear()
        self._about = About.PROGRAM

    def _keep(self, about: About, cut: Iterable[Utterance]) -> None:
        kept = (*self._left.get(about, ()), *cut)
        if kept and about is not About.PROGRAM:
            self._left[about] = kept
