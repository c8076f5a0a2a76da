"""The choice of terminals: single ones, a filter, or all of them when somebody says so."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from fleet.console.chips import Chips
from fleet.console.parts import text
from fleet.console.words import Words
from fleet.rollouts.shapes import Shown, Where
from fleet.rows import TerminalRow

MOST_VERSIONS = 8  # that are offered


def split(names: str) -> list[str]:
    """Ids, however they are separated; each once, in their order."""
    return list(dict.fromkeys(one for one in re.split(r"[\s,;，；、]+", names) if one))


class Whom:
    """`change`: after every choice. Without any choice nobody is meant: `where` gives None."""

    def __init__(self, words: Words, chosen: str, change: Callable[[], Awaitable[None]]) -> None:
        self._words, self._change = words, change
        self._software, self._state, self._every = "", "", False
        self._ids = ui.input(label=words("new.ids"), value=chosen, on_change=change)
        self._site = ui.input(label=words("new.site"), on_change=change)
        for field in (self._ids, self._site):
            field.props("dense outlined clearable debounce=300")
        self._states = self._row("new.state", self._choose_state)
        self._versions = self._row("new.software", self._choose_software)
        self._all = Chips(words("new.every"), self._choose_every, "")
        self._states.show(
            (("", words("new.any")), *((one.value, words(f"shown.{one}")) for one in Shown)), ""
        )
        self._show()

    def _row(self, word: str, choose: Callable[[str], Awaitable[None]]) -> Chips:
        with ui.element("div").classes("k-row"):
            text("span", self._words(word), "k-sub")
            return Chips(self._words(word), choose, "")

    def offer(self, rows: Sequence[TerminalRow]) -> None:
        """The versions that there are."""
        versions = sorted({row.software for row in rows if row.software})[:MOST_VERSIONS]
        choices = (("", self._words("new.any")), *((one, one) for one in versions))
        self._versions.show(choices, self._software)

    def ids(self) -> list[str]:
        return split(str(self._ids.value or ""))

    def where(self) -> Where | None:
        site = str(self._site.value or "").strip()
        chosen = self.ids() or site or self._software or self._state or self._every
        if not chosen:
            return None
        state = Shown(self._state) if self._state else None
        return Where(ids=self.ids(), site=site, software=self._software, state=state)

    async def _choose_state(self, state: str) -> None:
        self._state = state
        await self._renew()

    async def _choose_software(self, version: str) -> None:
        self._software = version
        await self._renew()

    async def _choose_every(self, _value: str) -> None:
        self._every = not self._every
        await self._renew()

    async def _renew(self) -> None:
        self._show()
        await self._change()

    def _show(self) -> None:
        self._states.choose(self._state)
        self._versions.choose(self._software)
        self._all.show((("all", self._words("new.every")),), "all" if self._every else "")
