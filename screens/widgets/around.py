"""Beside every service: my cases, complaints and the hotline, and what is made public."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from kiosk.events import ComplaintOpened, EnquiryOpened, Event, InformationOpened
from screens.theme import Look
from screens.widgets.box import Box
from screens.widgets.press import PushButton

_WAYS: dict[str, tuple[type[Event], str]] = {
    "cases": (EnquiryOpened, "file-find"),
    "complaint": (ComplaintOpened, "phone"),
    "information": (InformationOpened, "information-outline"),
}


class Around(Box):
    """A button for each; `fill` names them. `icons=False` where there is little room. `without`:
    the name of one that stands elsewhere."""

    def __init__(
        self, look: Look, post: Callable[[Event], None], *, height: float, icons: bool = True,
        upright: bool = False, gap: float = 24, without: str = "",
    ) -> None:  # fmt: skip
        super().__init__(look, orientation="vertical" if upright else "horizontal", gap=gap)
        self._post = post
        self._buttons = {
            name: PushButton(look, f"around_{name}", partial(self._press, make), kind="plain",
                             icon=icon if icons else "", size="body", height=height)
            for name, (make, icon) in _WAYS.items()
            if name != without
        }  # fmt: skip
        self.size_hint_y = None
        self.bind(minimum_height=self.setter("height"))
        self.hold(*self._buttons.values())

    def fill(self, say: Callable[[str], str], hotline: str = "") -> None:
        """`hotline`: its number, where nothing else shows it."""
        for name, button in self._buttons.items():
            number = f" {hotline}" if hotline and name == "complaint" else ""
            button.say(say(f"around.{name}") + number)

    @property
    def buttons(self) -> tuple[PushButton, ...]:
        return tuple(self._buttons.values())

    def _press(self, make: type[Event]) -> None:
        self._post(make())
