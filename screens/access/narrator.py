"""What is told of a page: all of it, what is new, where the focus is, what a key did."""

from __future__ import annotations

from kiosk.model import About, Key, Utterance
from kiosk.view import State
from screens.access.focus import Focus
from screens.access.page import Host, Page, words_in
from screens.access.reading import Reading, Words
from screens.access.voice import Teller
from screens.widgets.keys import ERASE, SHIFT
from screens.widgets.keys import Key as ScreenKey

NOBODY = (State.ATTRACT, State.OUT_OF_SERVICE)
MAIN = ("continue", "confirm")  # what ENTER presses after typing
STAYING = ("here",)  # and where somebody is asked whether they are still there
DIGITS = tuple(Key(digit) for digit in "0123456789")
_TOLD_SECONDS = (30, 20, 10, 5)
_ON_KEYPAD = frozenset(f"key:{key}" for key in (*DIGITS, ERASE))  # no need to look for them


class Narrator:
    """Reads the page for the focus, too: what can be chosen is found in the same look."""

    def __init__(self, host: Host, focus: Focus, teller: Teller) -> None:
        self._host, self._focus, self._teller = host, focus, teller
        self.page = Page(host, self.say)

    def say(self, key: str, **values: object) -> str:
        """In the language of the page as it is now."""
        return self._teller.say(key, **values)

    def tell(self, key: str) -> None:
        """One sentence of the program."""
        self._teller.tell([Words(self.say(key))])

    def explain(self, key: Key) -> None:
        """What this key does; with Help the trial is over."""
        name = "digit" if key in DIGITS else str(key)
        self._teller.tell([Words(self.say(f"aloud.key.{name}", digit=key))])

    def look(self, *, switches: bool) -> None:
        """`switches`: whoever uses them has no keys for digits."""
        stops = self.page.look().stops
        if not switches:
            stops = tuple(stop for one in stops if (stop := one.without(_ON_KEYPAD)).members)
        self._focus.take(stops)

    def all(self) -> None:
        """The whole page, from its title."""
        after = self._greeting() if self._state in NOBODY else ()
        self._teller.tell(self.page.opening(len(self._focus.stops)), About.PAGE, after=after)

    def news(self, before: Reading, *, again: bool) -> None:
        """What has changed since then; all of it where that is as good as another page. `again`:
        an answer was not taken, so that silence would tell nothing."""
        if self.page.outdated():
            self._teller.forget()
        new = self.page.news(before)
        if new is None or (again and not new):
            self.all()
        else:
            self._teller.tell(new, About.PAGE, urgent=False)

    def count(self) -> None:
        """The last seconds of a page; each of them would be too many words."""
        if self.page.seconds_left in _TOLD_SECONDS:
            self._teller.tell(self.page.time_left(), urgent=False)

    def focused(self) -> None:
        """On what goes on, also what was typed."""
        focus, words = self._focus, self._focus.words
        if words is None or focus.target is None:
            return
        typed = self.page.reading.typed if focus.target.action in MAIN else ()
        place, count = focus.row + 1, len(focus.stops)
        where = self.say("aloud.place", place=place, count=count)
        self._teller.tell([words, *typed, Words(where)], About.FOCUS)

    def typed(self, key: ScreenKey) -> None:
        """What a key typed is private; of a secret not even that is said, only how much."""
        if self._state is State.PIN:
            return
        named = key.key in (ERASE, SHIFT)
        words = Words(self.page.words_of(key) or key.key, not named)
        self._teller.tell([words], instead="aloud.typed")

    @property
    def _state(self) -> State | None:
        return self._host.view.state if self._host.view is not None else None

    def _greeting(self) -> tuple[Utterance, ...]:
        """Who does not speak the language of the idle page hears how to change it."""
        here = self._teller.language
        other = here.other
        change = words_in(self._host)("aloud.this_language", other)
        return (Utterance(self.say("aloud.keys"), here), Utterance(change, other))
