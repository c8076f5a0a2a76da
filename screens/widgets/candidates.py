"""What the open pinyin may mean: a line of words to choose from, with pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from screens.theme import Look
from screens.widgets.box import Column, Middle, Row, Surface, fix, gap
from screens.widgets.press import Act, Pressable
from screens.widgets.text import Icon, Label

MOST = 12  # words on one page
_ASKED = 24  # at once; some may have no glyph
_TYPED, _HIGH, _LEAST, _PAD, _GAP, _TURN = 50, 100, 100, 24, 12, 100
_EDGE = 12
# The fonts draw few characters beyond; they would be boxes. (Rare names: a helper's desk.)
_LAST_GLYPH = "\uffff"


class _Word(Pressable):
    """As wide as its word, and never narrower than a finger."""

    def __init__(self, look: Look, choose: Callable[[int], None]) -> None:
        super().__init__(look, "", lambda: choose(self._index))
        self._index, self._first = 0, False
        fix(look, self, _LEAST, _HIGH)
        self._surface = Surface(look, self, "paper", radius=18)
        self.label = Label(look, "lead", bold=True, align="center", hug=True, even=True)
        self.label.tall = look.u(_HIGH)
        self.add_widget(Middle(self.label))

    def fill(self, word: str, index: int, most: float, *, first: bool) -> None:
        self._index, self._first = index, first
        self.action = f"candidate:{index}"
        self.label.most = most - 2 * self.look.u(_PAD)
        self.label.say(word)
        self.width = max(self.look.u(_LEAST), self.label.width + 2 * self.look.u(_PAD))
        self.dress()

    def dress(self) -> None:
        down = self.state == "down"
        self._surface.show("press" if down else "accent_soft" if self._first else "paper")


class _Turn(Pressable):
    def __init__(self, look: Look, action: str, icon: str, act: Act) -> None:
        self._icon = Icon(look, icon, 60, "accent")
        super().__init__(look, action, act, Middle(self._icon))
        fix(look, self, _TURN, _HIGH)
        self._surface = Surface(look, self, "paper", radius=18)

    def dress(self) -> None:
        self._icon.color = self.look.colour("accent" if self.enabled else "line")
        self._surface.show("press" if self.state == "down" else "paper")


class CandidateBar(Column):
    """`ask(start, count)` gives words; `choose(index)` is told which one was pressed."""

    def __init__(
        self,
        look: Look,
        ask: Callable[[int, int], Sequence[str]],
        choose: Callable[[int], None],
    ) -> None:
        super().__init__(look, pad=(_EDGE, 0, _EDGE, 4))
        fix(look, self, height=_TYPED + _HIGH + 4)
        Surface(look, self, "paper", radius="field", border="line")
        self._ask = ask
        self._starts, self._next = [0], 0
        self._typed = Label(look, "body", bold=True, colour="accent", box=True)
        self._above = fix(look, Row(look, self._typed, pad=(_PAD, 4, _PAD, 0)), height=_TYPED)
        self._hint = Label(look, "body", colour="muted", align="center", box=True)
        self._words = [_Word(look, choose) for _ in range(MOST)]
        self._before = _Turn(look, "candidates_before", "chevron-left", lambda: self._turn(-1))
        self._after = _Turn(look, "candidates_after", "chevron-right", lambda: self._turn(1))
        self._space = gap(look)
        self._line = fix(look, Row(look, gap=_GAP), height=_HIGH)
        self.hold(self._hint)
        self.bind(width=lambda *_: self._show())

    def hint(self, text: str) -> None:
        """What to do, while nothing is typed."""
        self._hint.say(text)

    def show(self, typed: str) -> None:
        """The first page for these letters."""
        self._typed.say(typed)
        self._starts = [0]
        self._show()

    def wipe(self) -> None:
        self._typed.say("")
        self._starts = [0]
        self._show()

    def _turn(self, way: int) -> None:
        if way > 0:
            self._starts.append(self._next)
        else:
            self._starts.pop()
        self._show()

    def _show(self) -> None:
        start = self._starts[-1]
        words = self._ask(start, _ASKED) if self._typed.raw else []
        drawn = [(start + i, word) for i, word in enumerate(words) if max(word) <= _LAST_GLYPH]
        count = self._fit(drawn)
        for word in self._words[count:]:
            word.label.say("")
        self._next = drawn[count][0] if count < len(drawn) else start + len(words)
        self._before.enabled = start > 0
        self._after.enabled = count < len(drawn) or len(words) == _ASKED
        shown = self._words[:count]
        self._line.hold(*shown, *((self._space, self._before, self._after) if shown else ()))
        self.hold(*((self._above, self._line) if self._typed.raw else (self._hint,)))

    def _fit(self, words: Sequence[tuple[int, str]]) -> int:
        """Fill as many as there is room for, at least one; how many?"""
        look = self.look
        space = self._line.spacing
        room = self.width - 2 * look.u(_EDGE) - 2 * (look.u(_TURN) + space) - space
        left = room
        for number, (index, word) in enumerate(words[:MOST]):
            cell = self._words[number]
            cell.fill(word, index, room, first=index == 0)
            left -= cell.width + space
            if left < 0 and number:
                return number
        return min(len(words), MOST)
