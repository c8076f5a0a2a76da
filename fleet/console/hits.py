"""Whom a command would hit, before it is given."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from fleet.console import orderlines as lines
from fleet.console.parts import Tone, Watched, empty, pill, text
from fleet.console.words import Words
from fleet.rollouts.orders import Preview
from fleet.rollouts.where import Known

MOST = 100  # terminals that are named


class Hits:
    def __init__(self, words: Words) -> None:
        self._words = words
        self._box = Watched(self._draw, "k-stack")

    def show(self, found: Preview | None, asked: Sequence[str]) -> None:
        """`asked`: ids that somebody has typed, of which some may be nobody's."""
        known = {one.terminal for one in found.terminals} if found else set()
        strange = tuple(name for name in asked if found and name not in known)
        rows = tuple(map(_row, found.terminals)) if found else ()
        self._box.show((found is None, found.second if found else False, rows, strange))

    def _draw(self, told: tuple[bool, bool, tuple[tuple[str, str, str], ...], tuple[str, ...]]
              ) -> None:  # fmt: skip
        nothing, second, rows, strange = told
        words = self._words
        if nothing:
            empty("checklist", words("new.choose"))
            return
        if strange:
            text("p", words("new.unknown", names=words("and").join(strange)), "k-tone k-bad")
        if not rows:
            empty("filter_alt_off", words("new.nobody"))
            return
        self._draw_sum(rows, second)
        self._draw_rows(rows)

    def _draw_sum(self, rows: tuple[tuple[str, str, str], ...], second: bool) -> None:
        words = self._words
        text("p", words("new.hits", terminals=lines.terminals(words, len(rows))), "k-sum")
        for state in ("away", "visited"):
            if count := sum(row[2] == state for row in rows):
                text("p", words(f"new.{state}", count=count), "k-sub")
        with ui.element("div"):
            pill(Tone.WARN if second else Tone.GOOD, words("new.second" if second else "new.alone"),
                 "how_to_reg" if second else "")  # fmt: skip

    def _draw_rows(self, rows: tuple[tuple[str, str, str], ...]) -> None:
        words = self._words
        box = ui.element("ul").classes("k-hits").props("tabindex=0 role=list")
        box.props["aria-label"] = words("order.to")
        with box:
            for name, site, state in rows[:MOST]:
                with ui.element("li"):
                    text("span", name, "k-code")
                    text("span", site, "k-sub")
                    if state != "here":
                        shown = "serving" if state == "visited" else "away"
                        pill(Tone.WARN if state == "visited" else Tone.DIM, words(f"shown.{shown}"),
                             "person" if state == "visited" else "cloud_off")  # fmt: skip
            if len(rows) > MOST:
                text("li", words("new.more", count=len(rows) - MOST), "k-sub")


def _row(one: Known) -> tuple[str, str, str]:
    """Id, site, and how it stands: here, away, visited."""
    return one.terminal, one.site, "visited" if one.visited else "here" if one.online else "away"
