"""What stands in a cell: each pair of functions turns a row into a plain value, and draws it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from nicegui import ui

from fleet.archive.pages import AWAITED
from fleet.console import phrases
from fleet.console.parts import SHAPES, Tone, icon, pill, text
from fleet.console.phrases import Truth
from fleet.console.visits import PaperOutcome, Visit
from fleet.console.words import Words
from fleet.live import DeviceRow, TerminalRow

DEVICE_ICONS = {
    "idcard": "badge",
    "camera": "photo_camera",
    "receipt": "receipt_long",
    "chipcard": "sim_card",
    "scanner": "qr_code_scanner",
    "doccam": "document_scanner",
    "keypad": "dialpad",
    "sensors": "sensors",
    "speech": "record_voice_over",
    "document": "print",
}
BARS = {"full": 3, "low": 1}
STANDINGS = {
    "approved": (Tone.GOOD, ""),
    "decided": (Tone.GOOD, ""),
    "received": (Tone.DIM, "move_to_inbox"),
    "accepted": (Tone.DIM, "move_to_inbox"),
    "pending": (Tone.DIM, "schedule"),
    "carried": (Tone.DIM, "forward"),
    "refused": (Tone.WARN, "block"),
    "provisional": (Tone.WARN, "cloud_off"),
    "interrupted": (Tone.BAD, ""),
}
RUNGS = {
    "presented": (Tone.GOOD, "check"),
    "taken": (Tone.GOOD, "done_all"),
    "retracted": (Tone.WARN, "keyboard_return"),
    "unconfirmed": (Tone.WARN, "warning"),
}


class Name(NamedTuple):
    id: str
    site: str


class Tile(NamedTuple):
    shape: str
    name: str
    told: Truth


class Gauge(NamedTuple):
    name: str
    code: str
    told: Truth


class Known(NamedTuple):
    """Things that may be the last known of a silent terminal only."""

    old: bool
    things: tuple[Tile, ...] | tuple[Gauge, ...]


def draw_name(name: Name) -> None:
    text("a", name.id, "k-code").props(f'href="/terminals/{name.id}"')
    text("div", name.site, "k-sub")


def truths(words: Words, row: TerminalRow, heard: float | None) -> tuple[Truth, ...]:
    return (
        phrases.connection(words, row),
        phrases.liveness(words, row, heard),
        phrases.service(words, row),
    )


def draw_truths(told: tuple[Truth, ...]) -> None:
    with ui.element("div").classes("k-truths"):
        for truth in told:
            with ui.element("div").classes(f"k-truth {truth.tone}"):
                icon(SHAPES[truth.tone])
                text("span", truth.sentence)


def devices(words: Words, row: TerminalRow) -> Known:
    return Known(row.stale, tuple(_tile(words, device) for device in row.devices))


def _tile(words: Words, device: DeviceRow) -> Tile:
    shape = DEVICE_ICONS.get(device.device, "memory")
    return Tile(shape, words.start("device", device.device), phrases.device_state(words, device))


def draw_devices(words: Words, known: Known) -> None:
    with ui.element("div").classes("k-devices k-old" if known.old else "k-devices"):
        for tile in known.things:
            assert isinstance(tile, Tile)
            with ui.element("div").classes(f"k-device {tile.told.tone}") as element:
                element.props["title"] = f"{tile.name}: {tile.told.sentence}"
                icon(tile.shape)
                text("span", tile.name, "k-hidden")
                text("span", tile.told.sentence)
    if known.old and known.things:
        text("div", words("last_known"), "k-caption")


def supplies(words: Words, row: TerminalRow) -> Known:
    return Known(
        row.stale,
        tuple(
            Gauge(
                phrases.start(phrases.supply(words, device.device, source)),
                code,
                phrases.level(words, code),
            )
            for device in row.devices
            for source, code in device.supplies.items()
        ),
    )


def draw_supplies(known: Known) -> None:
    with ui.element("div").classes("k-supplies k-old" if known.old else "k-supplies"):
        for gauge in known.things:
            assert isinstance(gauge, Gauge)
            text("span", gauge.name)
            _bars(gauge)
            text("span", gauge.told.sentence, f"k-tone {gauge.told.tone}")


def _bars(gauge: Gauge) -> None:
    with ui.element("span").classes(f"k-level {gauge.told.tone}").props("aria-hidden=true"):
        for bar in range(3):
            ui.element("i").classes("k-on" if bar < BARS.get(gauge.code, 0) else "")


def moment(visit: Visit, now: float) -> tuple[str, bool]:
    """The terminal's own time of the act, and whether it was told later."""
    return when(visit.time, visit.received_at, now), visit.historical


def when(time: str, received_at: float, now: float) -> str:
    """A terminal's own time, in the fleet's time zone; without one, when it was received."""
    try:
        at = datetime.fromisoformat(time).timestamp()
    except ValueError:
        at = received_at
    local = datetime.fromtimestamp(at).astimezone()
    today = local.date() == datetime.fromtimestamp(now).astimezone().date()
    return local.strftime("%H:%M:%S" if today else "%m-%d %H:%M")


def draw_standing(words: Words, visit: Visit) -> None:
    if visit.standing:
        tone, shape = STANDINGS.get(visit.standing, (Tone.DIM, ""))
        pill(tone, words.of("standing", visit.standing), shape)
    if visit.payment:
        text("div", words.of("payment", visit.payment), "k-sub")
    if visit.standing == "pending" and visit.due_date:
        text("div", words("due", date=visit.due_date), "k-sub")
    if visit.reason == AWAITED:
        text("div", words("pages.awaited"), "k-sub")
    if visit.bundle:
        text("div", words("bundle", number=visit.bundle), "k-sub")
    if visit.staff:
        text("div", words("helped", staff=visit.staff), "k-sub")


def draw_papers(words: Words, papers: tuple[PaperOutcome, ...]) -> None:
    with ui.element("div").classes("k-papers"):
        for paper in papers:
            tone, shape = RUNGS.get(paper.rung, (Tone.BAD, ""))
            outcome = words.of("fault" if paper.fault else "rung", paper.fault or paper.rung)
            name = words.of("paper", paper.paper)
            pill(tone, f"{name}{words('gap')}{outcome}", shape)


def draw_rating(words: Words, level: int) -> None:
    if not level:
        return
    with (
        ui.element("span")
        .classes("k-stars")
        .props(f'role=img aria-label="{words("stars", level=level)}"')
    ):
        text("span", "★" * level)
        text("i", "★" * (5 - level))
