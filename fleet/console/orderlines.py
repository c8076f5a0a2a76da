"""An order and its commands as plain values for a row, and how they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote

from nicegui import ui

from fleet.console import phrases
from fleet.console.parts import Tone, pill, text
from fleet.console.words import Words
from fleet.rollouts.rows import Counts, OrderRow, SentRow
from fleet.rollouts.shapes import OPEN, Ordered, Sent, Where

ICONS = {
    "report": "sync", "renew_certificate": "verified_user", "restart": "restart_alt",
    "out_of_service": "block", "maintenance": "build", "in_service": "play_circle",
    "identify": "campaign", "collect_logs": "description", "screen_picture": "screenshot_monitor",
    "test_print": "print",
}  # fmt: skip
ORDERED = {
    Ordered.APPROVAL: (Tone.WARN, "how_to_reg"), Ordered.SENDING: (Tone.DIM, "schedule"),
    Ordered.REFUSED: (Tone.BAD, "block"), Ordered.WITHDRAWN: (Tone.DIM, "undo"),
    Ordered.ENDED: (Tone.GOOD, "task_alt"),
}  # fmt: skip
SENDING = {
    **dict.fromkeys(OPEN, (Tone.DIM, "schedule")),
    Sent.DONE: (Tone.GOOD, ""), Sent.FAILED: (Tone.BAD, ""), Sent.REFUSED: (Tone.BAD, "block"),
    Sent.INTERRUPTED: (Tone.BAD, ""), Sent.EXPIRED: (Tone.WARN, "timer_off"),
    Sent.WITHDRAWN: (Tone.DIM, "undo"),
}  # fmt: skip
MOST_IDS = 4  # that a line names


class Asked(NamedTuple):
    number: int
    icon: str
    title: str
    whom: str


def terminals(words: Words, count: int) -> str:
    return words("count.one" if count == 1 else "count.many", count=count)


def title(words: Words, row: OrderRow) -> str:
    count = terminals(words, sum(row.counts.values()))
    return words("order.title", operation=operation(words, row.operation), terminals=count)


def operation(words: Words, name: str) -> str:
    return words(f"operation.{name}")


def whom(words: Words, where: Where) -> str:
    """The filter in words."""
    ids = words("and").join(where.ids[:MOST_IDS]) + (" …" if len(where.ids) > MOST_IDS else "")
    state = words(f"shown.{where.state}") if where.state else ""
    share = f"{where.share:.0%}" if where.share < 1 else ""
    parts = {"ids": ids, "site": where.site, "software": where.software, "state": state,
             "share": share}  # fmt: skip
    told = [words(f"where.{name}", value=value) for name, value in parts.items() if value]
    return words("and").join(told) or words("where.all")


def asked(words: Words, row: OrderRow) -> Asked:
    return Asked(row.id, ICONS[row.operation], title(words, row), whom(words, row.where))


def who(words: Words, row: OrderRow, now: float) -> tuple[str, str]:
    return row.asked_by, phrases.clock(row.asked_at, now)


def standing(words: Words, row: OrderRow) -> tuple[Tone, str, str]:
    """Of the whole order; one that ended badly for some does not look well."""
    tone, shape = ORDERED[Ordered(row.state)]
    if row.state == Ordered.ENDED and set(row.counts) - {Sent.DONE.value}:
        tone, shape = Tone.WARN, ""
    return tone, shape, words(f"ordered.{row.state}")


def tally(words: Words, counts: Counts) -> tuple[tuple[Tone, str, str], ...]:
    """A part for each state that there is, in the order of a command's life."""
    return tuple(
        (*SENDING[state], f"{words(f'sending.{state}')} {counts[state]}")
        for state in Sent
        if counts.get(state)
    )


def sent(words: Words, row: SentRow) -> tuple[tuple[Tone, str, str], str]:
    """The state of one command, and why it is so."""
    tone, shape = SENDING[Sent(row.state)]
    return (tone, shape, words(f"sending.{row.state}")), why(words, row.why)


def why(words: Words, code: str) -> str:
    return phrases.start(words.of("order_why", code)) if code else ""


def arguments(words: Words, given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((words(f"order.{name}"), given[name]) for name in ("zh", "en") if name in given)


def draw_asked(one: Asked) -> None:
    with ui.element("span").classes("k-named"):
        ui.icon(one.icon).props("aria-hidden=true")
        text("a", one.title).props(f"href=/commands/{one.number}")
    text("div", one.whom, "k-sub")


def draw_who(told: tuple[str, str]) -> None:
    text("div", told[0])
    text("div", told[1], "k-sub k-nowrap")


def draw_pill(told: tuple[Tone, str, str]) -> None:
    pill(told[0], told[2], told[1])


def draw_tally(told: tuple[tuple[Tone, str, str], ...]) -> None:
    with ui.element("div").classes("k-papers"):
        for one in told:
            draw_pill(one)


def draw_sent(told: tuple[tuple[Tone, str, str], str]) -> None:
    draw_pill(told[0])
    if told[1]:
        text("div", told[1], "k-sub")


def draw_terminal(name: str) -> None:
    text("a", name, "k-code").props["href"] = f"/terminals/{quote(name)}"


def draw_text(told: str) -> None:
    text("span", told)
