"""Looking for a service by words: what is typed, what is found, and the keys."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock

from kiosk.events import Searched
from kiosk.view import ServicesBody, ServiceTile
from screens.screen import Kit, Screen
from screens.tiles import Line
from screens.widgets.box import Column, Middle, Row, Surface, fix
from screens.widgets.keys import ERASE, Keyboard
from screens.widgets.lend import lend
from screens.widgets.marks import Medallion
from screens.widgets.pages import Pages
from screens.widgets.press import PushButton
from screens.widgets.searchbar import SearchBar
from screens.widgets.text import Label

BLANK = " "  # what an open field says that has nothing in it: '' would be all shelves again
_LONGEST = 24  # characters; the session takes more
_KEYS = {True: 546, False: 434}  # height of the keyboard: portrait, landscape


class Draft:
    """What is typed, before and after the session knows it.

    It shows at once and is asked at once. The gate lets nothing pass between a question and its
    answer, so what was typed meanwhile is asked when the answer comes.
    """

    def __init__(self, kit: Kit) -> None:
        self._post = kit.post
        self.text, self._waiting, self._repeated = "", False, False
        self._again = Clock.create_trigger(lambda _dt: self._ask(), 0)

    def change(self, text: str) -> None:
        self.text, self._waiting, self._repeated = text[:_LONGEST], True, False
        self._ask()

    def answered(self, words: str) -> None:
        """The session shows what it found for `words`."""
        if self._waiting and words != (self.text or BLANK) and not self._repeated:
            self._repeated = True
            self._again()
            return
        self._waiting = False
        self.text = "" if words.isspace() else words

    def wipe(self) -> None:
        self.text, self._waiting, self._repeated = "", False, False
        self._again.cancel()

    def _ask(self) -> None:
        self._post(Searched(self.text or BLANK))


class Search(Column):
    """`bar` is the screen's, so that the field stays where it was."""

    def __init__(self, kit: Kit, bar: SearchBar) -> None:
        look = kit.look
        super().__init__(look, gap=18)
        self._bar, self._hint, self._found = bar, "", True
        self.draft, self._typing = Draft(kit), True
        self._keyboard = Keyboard(look, self._typed)
        self._keyboard.size_hint_y, self._keyboard.height = None, look.u(_KEYS[look.portrait])
        self._toggle = PushButton(look, "keyboard", self._flip, kind="plain", icon="keyboard",
                                  size="body")  # fmt: skip
        fix(look, self._toggle, width=330).height = bar.height
        self._hits: Pages[ServiceTile] = Pages(
            look, lambda: Line(kit), cols=1 if look.portrait else 2, least=114, most=150,
            space=10 if look.portrait else 14, bar="below" if look.portrait else "apart",
        )  # fmt: skip
        self._words, self._fresh = ("", ""), True
        self._hits.bar.pos_hint = {"center_y": 0.5}
        fix(look, self._hits.bar, width=444)
        self._line = Row(look, gap=18, size_hint_y=None, height=bar.height)
        self._nothing = _Nothing(kit)

    def open(self) -> None:
        """The field was pressed: show it, or bring the keys back."""
        self._typing, self._fresh = True, False
        if self.parent is None:
            self.draft.change("")
        else:
            self._arrange()

    def enter(self) -> None:
        """From another page: what was found there has the room of the keys."""
        self._fresh = True

    def clear(self) -> None:
        self._changed("")

    def wipe(self) -> None:
        self.draft.wipe()
        self._bar.wipe()
        self._keyboard.wipe()
        self._hits.wipe()
        self._nothing.wipe()

    def kept(self) -> tuple[str, bool]:
        return self.draft.text, self._typing

    def restore(self, kept: tuple[str, bool]) -> None:
        """Words that the session does not know yet are asked anew."""
        text, self._typing = kept
        if self.parent is None:
            return
        if text != self.draft.text:
            self.draft.change(text)
        self._arrange()

    def fill(self, body: ServicesBody, screen: Screen[Any]) -> None:
        before = self.draft.text
        self.draft.answered(body.words)
        if self.draft.text != before:
            self._hits.rewind()
        if self._fresh:
            self._typing, self._fresh = not self.draft.text, False
        self._hint, self._found = screen.say("search.hint"), bool(body.tiles)
        self._words = (screen.say("search.hide"), screen.say("search.keys"))
        self._hits.bar.name(screen.say("page.up"), screen.say("page.down"))
        if not self._found:
            self._nothing.say(screen.say("search.nothing"), screen.say("search.nothing.help"))
        self._hits.show(body.tiles, lambda line, tile: line.fill(tile, screen), screen.language)
        self._arrange()

    def _typed(self, key: str) -> None:
        text = self.draft.text
        self._changed(text[:-1] if key == ERASE else (text + key).lstrip())

    def _changed(self, text: str) -> None:
        self.draft.change(text)
        self._hits.rewind()
        self._show()

    def _flip(self) -> None:
        self._typing = not self._typing
        self._arrange()

    def _show(self) -> None:
        self._bar.show(self.draft.text, self._hint, typing=self._typing)

    def _arrange(self) -> None:
        self._toggle.say(self._words[0 if self._typing else 1])
        below = (self._keyboard,) if self._typing else ()
        lend(self._line, self._bar)
        turn = (self._hits.bar,) if self._hits.several and not self.look.portrait else ()
        self._line.hold(self._bar, *turn, self._toggle)
        self._hits.least = self.look.tall(116 if self._typing else 136)
        self.hold(self._line, self._hits if self._found else self._nothing, *below)
        self._show()


class _Nothing(Middle):
    """Nothing was found: what to do now."""

    def __init__(self, kit: Kit) -> None:
        look = kit.look
        self._title = Label(look, "lead", bold=True, even=True)
        self._help = Label(look, "body", colour="muted", even=True)
        self._inside = Column(look, self._title, self._help, gap=10, flow=True)
        self._inside.pos_hint = {"center_y": 0.5}
        icon = Medallion(look, "magnify-minus", 120, ink="warn", ground="warn_soft")
        row = Row(look, icon, self._inside, gap=36, pad=(40, 24, 40, 24))
        card = fix(look, row, height=270)
        card.size_hint_x = 1
        Surface(look, card, "paper", border="line")
        super().__init__(card, y="top")

    def say(self, title: str, help_: str) -> None:
        self._title.say(title)
        self._help.say(help_)

    def wipe(self) -> None:
        self._title.wipe()
        self._help.wipe()
