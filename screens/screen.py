"""The base of all screens: built once, then filled by one view after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from kivy.uix.widget import Widget

from kiosk.events import Event
from kiosk.model import Language, Text
from kiosk.model.characters import shown
from kiosk.ports import FrameSlot
from kiosk.view import Elsewhere, Notice, View
from screens.theme import Look
from screens.widgets.box import Column, Row, gap
from screens.widgets.text import Label

B = TypeVar("B")


@dataclass(frozen=True)
class Kit:
    """What a screen is built with."""

    look: Look
    post: Callable[[Event], None]
    frames: FrameSlot
    appear: Callable[[], None] = lambda: None  # opens the choice of text size and colours


class Screen(Column, Generic[B]):
    """The part of the window between header and footer.

    `fill` takes one body; `wipe` empties whatever may hold a citizen's data, and stops what
    moves. A screen is never built again, so what it holds must be emptied.
    """

    def __init__(self, kit: Kit, **kwargs: Any) -> None:
        look = kit.look
        edges = (56, 48, 56, 24) if look.portrait else (64, 40, 64, 36)
        super().__init__(look, pad=kwargs.pop("pad", edges), **kwargs)
        self.kit, self.language = kit, Language.ZH

    def draw(self, view: View) -> None:
        self.language = view.language
        self.fill(view.body)  # type: ignore[arg-type]

    def fill(self, body: B) -> None:
        """Show this body."""

    def enter(self) -> None:
        """The screen appears after another one."""

    def wipe(self) -> None:
        """The screen has left the window."""
        for widget in self.walk(restrict=True):
            if isinstance(widget, Label):
                widget.wipe()

    def kept(self) -> object:
        """What was typed and is nowhere else; for the same page in another look."""
        return None

    def restore(self, kept: Any) -> None:
        """Take what `kept` gave; the page's view has been drawn already."""

    def prepare(self) -> bool:
        """Build one more part before it is needed. False: there is none left."""
        return False

    def post(self, event: Event) -> None:
        self.kit.post(event)

    def say(self, key: str, **values: object) -> str:
        return self.look.words.say(key, self.language, **values)

    def for_staff(self, notices: Sequence[Notice], most: int) -> str:
        """One line for each of the first faults: device, what is wrong, what to do about it."""
        faulty = [notice for notice in notices if notice.fault]
        lines = []
        for one in faulty[:most]:
            parts = (f"device.{one.device}", f"fault.{one.fault}", f"action.{one.action}")
            device, fault, action = (self.say(part) for part in parts)
            lines.append(self.say("notice.why", device=device, fault=fault, action=action))
        if len(faulty) > most:
            lines[-1] += self.say("notice.more", count=len(faulty) - most)
        return "\n".join(lines)

    def next_terminal(self, one: Elsewhere) -> str:
        """Where it is, and when it is open."""
        hours = self.say(f"elsewhere.{one.hours}", time=one.time)
        site, way = self.text(one.site), self.text(one.way)
        return self.say("elsewhere", site=site, way=way, hours=hours)

    def text(self, text: Text) -> str:
        return shown(text, self.language)


def two(look: Look, first: Widget, second: Widget, share: float = 0.5) -> Widget:
    """Landscape's two columns; in portrait the first stands above the second."""
    if look.portrait:
        return Column(look, first, second, gap=40)
    first.size_hint_x, second.size_hint_x = share, 1 - share
    return Row(look, first, second, gap=72)


def spread(look: Look, *widgets: Widget, space: float = 40) -> Column:
    """Widgets with their own heights, together in the middle of the height there is."""
    return Column(look, gap(look), Column(look, *widgets, gap=space, flow=True), gap(look))
