"""Who is on a list of people, each with what was said of them; one can be changed or removed."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.events import PersonChanged, PersonRemoved
from kiosk.model import Text
from kiosk.view import QuestionBody
from screens.screen import Kit
from screens.widgets.box import Column, Row, Surface, fix, gap
from screens.widgets.marks import Medallion
from screens.widgets.press import PushButton
from screens.widgets.text import Icon, Label

Say = Callable[..., str]
_BUTTON, _HIGH = 188, 100
_DETAILS = 120  # characters that are shown of what was said of somebody


class _Person(Row):
    """Removing asks once more, in the same row: where *remove* was pressed, *keep* stands then.

    In a landscape window the buttons stand below the words.
    """

    def __init__(self, kit: Kit, ask: Callable[[int], None]) -> None:
        look = kit.look
        super().__init__(look, gap=20, pad=(28, 24, 24, 24), flow=True)
        self.orientation = "horizontal" if look.portrait else "vertical"
        Surface(look, self, "paper", radius="field", border="line", thick=3)
        self._place, self._kit = 0, kit
        self._disc = Medallion(look, "account", 76)
        self._name = Label(look, "lead", bold=True)
        self._details = Label(look, "small", colour="muted")
        self._words = Column(look, self._name, self._details, gap=6, flow=True)
        self._words.pos_hint = {"center_y": 0.5}
        self._change = self._button("secondary", lambda: self._post(PersonChanged))
        self._remove = self._button("plain", lambda: ask(self._place))
        self._keep = self._button("secondary", lambda: ask(-1))
        self._sure = self._button("primary", lambda: self._post(PersonRemoved))
        self._who = Row(look, self._disc, self._words, gap=24, flow=True)
        self._acts = fix(look, Row(look, gap=20), height=_HIGH)
        self._acts.pos_hint = {"center_y": 0.5}
        if look.portrait:
            fix(look, self._acts, width=2 * _BUTTON + 20)
        self._who.pos_hint = {"center_y": 0.5}
        self.hold(self._who, self._acts)

    def _button(self, kind: str, act: Callable[[], None]) -> PushButton:
        return PushButton(self.look, "", act, kind=kind, size="body", height=_HIGH)

    def _post(self, event: type[PersonChanged] | type[PersonRemoved]) -> None:
        self._kit.post(event(self._place))

    def fill(self, place: int, name: str, details: str, say: Say, *, asking: bool) -> None:
        self._place = place
        self._disc.count(place + 1, "accent", "accent_soft")
        self._name.say(name)
        self._details.say(say("people.remove.sure") if asking else details)
        self._details.paint("bad" if asking else "muted")
        names = ("change", "remove", "remove_sure", "keep")
        buttons = (self._change, self._remove, self._sure, self._keep)
        words = ("people.change", "people.remove", "people.remove", "people.keep")
        for button, action, key in zip(buttons, names, words, strict=True):
            button.action = f"{action}:{place}"
            button.say(say(key))
        self._acts.hold(*(buttons[2:] if asking else buttons[:2]))

    def wipe(self) -> None:
        self._name.say("")
        self._details.say("")


class People(Column):
    """The rows, or what to do while there are none. Built once, used for every list."""

    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(look, gap=20, flow=True)
        self._kit, self._asking, self._count = kit, -1, 0
        self._rows: list[_Person] = []
        self._last: Callable[[], None] = lambda: None
        self._nobody = Label(look, "lead", bold=True, align="center", even=True)
        self._how = Label(look, "body", colour="muted", align="center", even=True)
        icon = Row(
            look, gap(look), Icon(look, "account-multiple-outline", 112, "accent"), gap(look)
        )
        fix(look, icon, height=112)
        self._empty = Column(look, icon, self._nobody, self._how, gap=20, pad=48, flow=True)
        Surface(look, self._empty, "paper", radius="field", border="line", thick=3)

    def begin(self) -> None:
        self._asking = -1

    def show(self, body: QuestionBody, say: Say, text: Callable[[Text], str]) -> None:
        """`text`: in the language that is shown."""
        while len(self._rows) < len(body.people):
            self._rows.append(_Person(self._kit, self._ask))
        shown = self._rows[: len(body.people)]
        if len(shown) != self._count:  # this one is gone: the next has its place now
            self._asking, self._count = -1, len(shown)
        for place, (row, person) in enumerate(zip(shown, body.people, strict=True)):
            said = say("people.and").join(map(text, person.details))
            details = said if len(said) <= _DETAILS else f"{said[:_DETAILS]}…"
            row.fill(place, text(person.name), details, say, asking=place == self._asking)
        for row in self._rows[len(shown) :]:
            row.wipe()
        self._nobody.say(say("people.none"))
        self._how.say(say("people.none.optional" if body.optional else "people.none.how"))
        self.hold(*(shown or (self._empty,)))
        self._last = lambda: self.show(body, say, text)

    def wipe(self) -> None:
        self._asking, self._count, self._last = -1, 0, lambda: None
        for row in self._rows:
            row.wipe()

    def _ask(self, place: int) -> None:
        """Whether this one is to be removed; -1: nobody."""
        self._asking = place
        self._last()
