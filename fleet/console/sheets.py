"""What a terminal's page says, as plain values that can be compared: tables and lists of facts."""

from __future__ import annotations

from dataclasses import dataclass

from nicegui import ui

from fleet.console import phrases
from fleet.console.cells import DEVICE_ICONS
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Tone, empty, icon, pill, text
from fleet.console.phrases import Truth
from fleet.console.todo import ALARMS, UNNAMED
from fleet.console.words import Words
from fleet.live import TerminalRow


@dataclass(frozen=True, slots=True)
class Named:
    shape: str
    name: str


@dataclass(frozen=True, slots=True)
class Linked:
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Coded:
    """A thing by its own words, with the code that systems call it by."""

    name: str
    code: str


Cell = str | Truth | Named | Linked | Coded


@dataclass(frozen=True, slots=True)
class Sheet:
    """`nothing` stands there when there are no rows."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    nothing: str


Facts = tuple[tuple[str, Cell], ...]


def devices(desk: Desk, picture: Picture, row: TerminalRow) -> Sheet:
    words = desk.words
    columns = ("col.device", "col.state", "col.action", "col.since", "driver")
    lines: list[tuple[Cell, ...]] = []
    for device in row.devices:
        shape = DEVICE_ICONS.get(device.device, "memory")
        name = Named(shape, words.start("device", device.device))
        state = phrases.aged(words, row, phrases.device_state(words, device))
        needs = phrases.worth_telling(device)
        do = [phrases.action(words, need) for need in needs]
        begun = [picture.since.get((row.id, need)) for need in needs]
        since = next((phrases.since(words, picture.read_at, one) for one in begun if one), "")
        lines.append((name, state, words("and").join(dict.fromkeys(do)), since, device.driver))
    return Sheet(tuple(map(words, columns)), tuple(lines), words("no_devices"))


def services(desk: Desk, _picture: Picture, row: TerminalRow) -> Sheet:
    words = desk.words
    lines: list[tuple[Cell, ...]] = [
        (
            desk.item(task_code),
            phrases.aged(words, row, _can(words, why)),
            phrases.start(phrases.reason(words, row, why)) if why else "",
        )
        for task_code, why in row.services.items()
    ]
    headings = (words("col.item"), words("col.state"), words("col.why"))
    return Sheet(headings, tuple(lines), words("no_services"))


def _can(words: Words, why: str) -> Truth:
    return Truth(Tone.BAD, words("cannot")) if why else Truth(Tone.GOOD, words("can"))


def alarms(desk: Desk, picture: Picture, row: TerminalRow) -> Sheet:
    words = desk.words
    lines: list[tuple[Cell, ...]] = [
        (
            Truth(ALARMS.get(alarm.kind, UNNAMED)[0], words.start("alarm", alarm.kind)),
            alarm.case_no or (f"#{alarm.seq}" if alarm.seq else ""),
            phrases.clock(alarm.last_at, picture.read_at),
            f"×{alarm.times}",
        )
        for alarm in picture.alarms
        if alarm.terminal == row.id
    ]
    headings = (words("col.alarm"), words("col.about"), words("col.last"), words("col.times"))
    return Sheet(headings, tuple(lines), words("no_alarms"))


def ledger(desk: Desk, _picture: Picture, row: TerminalRow) -> Facts:
    """The gap ledger: what the fleet can prove that it holds."""
    words = desk.words
    held = words("held", through=row.through) if row.through else words("held.none")
    gaps = words("missing.none")
    if row.missing:
        gaps = words("missing", ranges=phrases.ranges(row.missing))
    chain = words("chain_broken") if row.chain_broken else words("chain_holds")
    known = Tone.GOOD if row.through else Tone.DIM
    return (
        (words("held.label"), Truth(known, held)),
        (words("missing.label"), Truth(Tone.BAD if row.missing else known, gaps)),
        (words("chain"), Truth(Tone.BAD if row.chain_broken else known, chain)),
        (words("outbox"), str(row.outbox)),
        (words("journal"), row.journal or words("unknown")),
    )


def identity(desk: Desk, _picture: Picture, row: TerminalRow) -> Facts:
    words = desk.words
    unknown = words("unknown")
    return (
        (words("id"), row.id),
        (words("site"), row.site or unknown),
        (words("screen"), words.start("screen", row.screen) if row.screen else unknown),
        (words("boot"), str(row.boot)),
        (words("session"), str(row.session)),
        *_machine(words, row),
    )


def _machine(words: Words, row: TerminalRow) -> Facts:
    """Zero everywhere means that no health has come, not an empty disk."""
    if not row.uptime_s:
        return ()
    return (
        (words("uptime"), phrases.age(words, row.uptime_s)),
        (words("cpu"), f"{row.cpu_percent:.0f} %"),
        (words("memory"), f"{row.memory_mb:.0f} MB"),
        (words("disk"), f"{row.disk_free_mb / 1024:.1f} GB"),
        *_certificate(words, row),
    )


def _certificate(words: Words, row: TerminalRow) -> Facts:
    """Of the link; nothing where the link has none."""
    if row.certificate_days is None:
        return ()
    left = words("days_left", days=row.certificate_days)
    return ((words("certificate"), ", ".join([left, *row.link_faults])),)


def draw_sheet(sheet: Sheet) -> None:
    if not sheet.rows:
        empty("inbox", sheet.nothing)
        return
    with ui.element("div").classes("k-wide"), ui.element("table").classes("k-table"):
        with ui.element("thead"), ui.element("tr"):
            for heading in sheet.headings:
                text("th", heading).props("scope=col")
        with ui.element("tbody"):
            for row in sheet.rows:
                with ui.element("tr"):
                    for cell in row:
                        with ui.element("td"):
                            draw_cell(cell)


def draw_facts(facts: Facts) -> None:
    with ui.element("dl").classes("k-facts"):
        for name, cell in facts:
            text("dt", name)
            with ui.element("dd"):
                draw_cell(cell)


def draw_cell(cell: Cell) -> None:
    match cell:
        case Truth(tone, sentence):
            pill(tone, sentence)
        case Named(shape, name):
            with ui.element("span").classes("k-named"):
                icon(shape)
                text("span", name)
        case Coded(name, code):
            with ui.element("span").classes("k-coded"):
                text("span", name)
                text("small", code, "k-sub k-mono")
        case Linked(path, name):
            text("a", name, "k-nowrap").props["href"] = path
        case _:
            text("span", cell)
