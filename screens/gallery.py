"""Pictures of every screen and component: state, language, theme, text size and orientation; and
an index.

`kiosk gallery --out DIR`. Kivy lives once in a process, so each window size has one of its own.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screens.gallery_looks import Wanted

if TYPE_CHECKING:
    from PIL import Image

    from kiosk.model import Language
    from screens.app import KioskApp
    from screens.theme import Appearance

_CONFIG = Path(__file__).parents[1] / "config"
_PAGE = Path(__file__).with_suffix(".html")
_FONTS = Path(tempfile.gettempdir()) / "kiosk-fonts"
_SHOTS = "/*SHOTS*/[]"
DIAGONAL, LOWER_EDGE = 686.0, 750.0  # of the panel that the pictures are of: 27 inches


Shot = dict[str, Any]


def draw(out: Path, wanted: Wanted) -> list[Shot]:
    """A row for each picture that was drawn. Makes a display where there is none."""
    out.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(len(wanted.windows)) as several:
        parts = several.map(lambda window: _apart(out, window, wanted), wanted.windows)
        shots = [shot for part in parts for shot in part]
    kept = [shot for shot in shots if not wanted.faulty or shot["faults"]]
    page = _PAGE.read_text("utf-8").replace(_SHOTS, json.dumps(kept))
    (out / "index.html").write_text(page, "utf-8")
    return shots


def _apart(out: Path, window: str, wanted: Wanted) -> list[Shot]:
    """One window size, in a process with a display of its own."""
    from screens.xvfb import display

    width, height = (int(part) for part in window.split("x"))
    with display(width, height) as number:
        command = [sys.executable, "-m", "screens.gallery", str(out), window]
        environment = {**os.environ, "DISPLAY": number}
        environment.setdefault("LP_NUM_THREADS", "1")  # of the drawing: the processes are several
        said = json.dumps(asdict(wanted))
        subprocess.run(command, env=environment, input=said, text=True, check=True)
    part = out / f"{window}.json"
    shots: list[Shot] = json.loads(part.read_text())
    part.unlink()
    return shots


def _one(out: Path, window: str, wanted: Wanted) -> None:
    """Draw one window size on the display there is."""
    from screens.settings import prepare

    width, height = (int(part) for part in window.split("x"))
    with tempfile.TemporaryDirectory() as home:
        prepare(Path(home), width, height, cursor=False)
        shots = list(_shots(out, (width, height), wanted))
    (out / f"{window}.json").write_text(json.dumps(shots))


def _shots(out: Path, size: tuple[int, int], wanted: Wanted) -> Iterator[Shot]:
    from kiosk.model import Language
    from screens.theme import Appearance

    app = _started(size)
    looks = itertools.product(wanted.themes, wanted.texts)
    choices = [Appearance(theme, text) for theme, text in looks]
    choices += [Appearance(wanted.themes[0], low=True)] if wanted.low else []
    for choice, language in itertools.product(choices, wanted.languages):
        yield from _in_look(app, out, wanted, choice, Language(language))


def _in_look(
    app: KioskApp, out: Path, wanted: Wanted, choice: Appearance, language: Language
) -> Iterator[Shot]:
    """Every page, and of what was cut out of them every component."""
    from screens.gallery_components import Sheets
    from screens.step import picture, undrawn

    high = choice.theme.startswith("contrast")
    sheets = Sheets(wanted.only, _FONTS, check=wanted.check, high=high)
    for name in _names():
        if wanted.only not in name and not sheets.of(name):
            continue
        with undrawn():
            _show(app, name, language, choice)
        image = picture()
        if wanted.only in name:
            found = _measured(app, image, high=high) if wanted.check else {}
            found |= {"kind": "screen", "name": name, "shown": _shown(app)}
            yield _put(out, wanted, image, {**_row(app, choice, language), **found})
        sheets.cut(app, name, image)
    for name, image, found in sheets.drawn(app.look):
        told = {"kind": "component", "name": name, "shown": choice.text}
        yield _put(out, wanted, image, {**_row(app, choice, language), **told, **found})


def _row(app: KioskApp, choice: Appearance, language: Language) -> Shot:
    return {
        "window": "portrait" if app.look.portrait else "landscape",
        "language": language, "theme": choice.theme, "text": choice.text,
        "low": "low" if choice.low else "full",
    }  # fmt: skip


def _put(out: Path, wanted: Wanted, image: Image.Image, shot: Shot) -> Shot:
    from screens.step import keep

    low = "-low" if shot["low"] == "low" else ""
    look = f"{shot['theme']}-{shot['text']}{low}"
    file = Path(shot["window"], look, shot["language"], f"{shot['name']}.png")
    if not wanted.faulty or shot["faults"]:
        keep(image, out / file)
    return {**shot, "file": str(file), "size": image.size}


def _started(size: tuple[int, int]) -> KioskApp:
    from kiosk.ports import FrameSlot
    from screens.app import KioskApp
    from screens.samples import SITE
    from screens.step import begin
    from screens.theme import Glass

    glass = Glass(*size, DIAGONAL, LOWER_EDGE)
    app = KioskApp(
        lambda _event: None, FrameSlot(), _CONFIG / "locales", _FONTS, size=size, site=SITE,
        glass=glass,
    )  # fmt: skip
    begin(app)
    return app


def _names() -> list[str]:
    from screens.samples import bodies

    return [*bodies(), APPEAR]


APPEAR = "appear"  # the choice of text size and colours, over a page


_serials = itertools.count(1)


def _show(app: KioskApp, name: str, language: Language, choice: Appearance) -> None:
    from kiosk.view import State
    from screens.pictures import nobody, paper
    from screens.samples import bodies, sample
    from screens.step import frames

    state, body = bodies()["services" if name == APPEAR else name]
    app.frames.put(*(paper() if state is State.SCAN else nobody()))
    app.adapt(choice)
    if app.frame is not None:
        app.frame.put_away()  # as in another visit
    app.show(sample(state, body, language, next(_serials)))
    frames(2)
    app.adapt(choice)  # where nobody is, the usual look has come back
    frames(4)
    if name == APPEAR:
        app.targets()[APPEAR].act()
        frames(3)
    _sign(app)
    _type(app)


def _shown(app: KioskApp) -> int:
    """The text size in which the page fits."""
    frame = app.frame
    state = frame and (frame.above or frame.current)  # a question may stand over no page
    return frame.screens[state].look.text if frame and state else 0


def _measured(app: KioskApp, image: Image.Image, *, high: bool) -> Shot:
    from screens.fit import crowded, misfits
    from screens.legible import measure

    frame = app.frame
    assert frame is not None
    top = frame.parts[0] if frame.above or frame.laid else frame
    found = asdict(measure(image, top, frame.look, high=high))
    laid = (*misfits(top, frame.look), *crowded(app.targets(), frame.look))
    return {**found, "faults": [*found["faults"], *laid]}


def _sign(app: KioskApp) -> None:
    """A page to sign on is shown signed."""
    from screens.player import field_of, write
    from screens.step import frames

    field = field_of(app)
    while field is not None and not field.ready:
        frames(1)
    for _ in write(field) if field is not None else ():
        frames(1)


def _type(app: KioskApp) -> None:
    """A page for a secret is shown while it is typed."""
    from kiosk.view import PinBody
    from screens.player import Finger, middle
    from screens.step import frames

    body = app.view.body if app.view is not None else None
    for key in "8362" if isinstance(body, PinBody) and not body.error else "":
        target = app.targets().get(f"key:{key}")
        if target is not None:
            finger = Finger(0, *middle(target))
            finger.down()
            finger.up()
            frames(1)


if __name__ == "__main__":
    given = json.load(sys.stdin)
    _one(Path(sys.argv[1]), sys.argv[2], Wanted(**given))
