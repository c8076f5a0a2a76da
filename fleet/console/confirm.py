"""Acts that are asked for twice: a button opens what will happen, and only then it is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from nicegui import ui

from fleet.console.acting import Acting
from fleet.console.parts import Watched, button, text
from fleet.console.words import Words
from fleet.people.roles import Who

MOST = 120  # characters of a reason


@dataclass(frozen=True, slots=True)
class Choice:
    """`name`: words `act.<name>` and `act.<name>.more`. `do`: gets who it is, the mark of what was
    shown when the box opened, and the reason; raises `ActError`. `asks`: for a reason."""

    name: str
    do: Callable[[Who, Any, str], Any]
    asks: bool = False
    danger: bool = False


class Acts:
    """`mark`: of what the page shows now; `after`: once something was done, or refused."""

    def __init__(
        self, words: Words, acting: Acting, mark: Callable[[], Any],
        after: Callable[[], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._words, self._acting, self._mark, self._after = words, acting, mark, after
        self._choices: Mapping[str, Choice] = {}
        self._values: Mapping[str, object] = {}
        self._buttons = Watched(self._draw_buttons, "k-row")
        self._box = ui.element("div").classes("k-confirm").props("role=group")
        self._box.set_visibility(False)
        self._said = text("div", "", "k-said").props("role=status tabindex=-1")

    def show(self, choices: tuple[Choice, ...], **values: object) -> None:
        """`values`: for the sentence of what will happen. An open box stays as it is: what it
        offers is judged when it is done."""
        self._choices, self._values = {one.name: one for one in choices}, values
        self._buttons.show(tuple((one.name, one.danger) for one in choices))

    def _draw_buttons(self, names: tuple[tuple[str, bool], ...]) -> None:
        for name, danger in names:
            made = button(self._words(f"act.{name}"), partial(self._open, name))
            made.classes("k-danger" if danger else "")

    def _open(self, name: str) -> None:
        choice, seen, words = self._choices[name], self._mark(), self._words
        self._said.text = ""
        self._box.clear()
        self._box.set_visibility(True)
        self._box.props["aria-label"] = words(f"act.{name}")
        with self._box:
            text("p", words(f"act.{name}.more", **self._values))
            reason = None
            if choice.asks:
                reason = ui.input(label=words("order.reason"))
                reason.props(f"dense outlined maxlength={MOST}")
            with ui.element("div").classes("k-row"):
                sure = button(
                    words("act.yes", act=words(f"act.{name}")),
                    lambda: self._do(choice, seen, str(reason.value or "") if reason else ""),
                )
                sure.classes("k-danger" if choice.danger else "k-main-act")
                button(words("act.no"), self._close)
        (reason or sure).run_method("focus")

    def _close(self) -> None:
        """The keyboard's focus goes on from what was said, not from the page's beginning."""
        self._box.set_visibility(False)
        self._said.run_method("focus")

    async def _do(self, choice: Choice, seen: Any, reason: str) -> None:
        told, _ = await self._acting.do(lambda who: choice.do(who, seen, reason))
        self._close()
        self._said.text = self._words(f"refused.{told}") if told else self._words("act.done")
        await self._after()
