"""Pictures of every state in both languages: `python -m screens.gallery OUT [WIDTHxHEIGHT …]`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screens.app import KioskApp

_LOCALES = Path(__file__).parents[1] / "config" / "locales"
_SIZES = ("1080x1920", "1920x1080")


def main(arguments: list[str]) -> None:
    """Kivy lives once in a process, so each window size has its own."""
    from screens.xvfb import display

    out, sizes = Path(arguments[0]), arguments[1:] or list(_SIZES)
    for size in sizes:
        width, height = (int(part) for part in size.split("x"))
        with display(width, height) as number:
            command = [sys.executable, "-m", "screens.gallery", "--one", str(out), size]
            subprocess.run(command, env={**os.environ, "DISPLAY": number}, check=True)


def one(out: Path, size: str) -> None:
    """Draw one window size on the display there is."""
    width, height = (int(part) for part in size.split("x"))
    from screens.settings import prepare

    with tempfile.TemporaryDirectory() as home:
        prepare(Path(home), width, height, cursor=False)
        _draw(out, size, (width, height))


def _draw(out: Path, size: str, window: tuple[int, int]) -> None:
    from kiosk.model import Language
    from kiosk.ports import FrameSlot
    from kiosk.view import State
    from screens.app import KioskApp
    from screens.samples import SITE, bodies, sample
    from screens.step import begin, frames, save

    slot = FrameSlot()
    cache = Path(tempfile.gettempdir()) / "kiosk-fonts"
    theme = os.environ.get("KIOSK_THEME", "calm")
    app = KioskApp(lambda _event: None, slot, _LOCALES, cache, size=window, site=SITE, theme=theme)
    begin(app)
    slot.put(*_nobody())
    serial = 0
    for language in Language:
        for number, (name, (state, body)) in enumerate(bodies().items()):
            serial += 1
            if state is State.SCAN:
                slot.put(*_paper())
            app.show(sample(state, body, language, serial))
            frames(6)
            _sign(app)
            _type(app)
            save(out / size / f"{language.value}-{number:02}-{name}.png")
            slot.put(*_nobody())


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


def _nobody() -> tuple[int, int, bytes]:
    """A drawn figure in the place of a camera's picture: 640 × 480, BGR."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (640, 480), (196, 208, 220))
    pen = ImageDraw.Draw(image)
    pen.ellipse((160, 360, 480, 700), fill=(74, 98, 130))
    pen.rectangle((285, 300, 355, 400), fill=(205, 165, 140))
    pen.ellipse((230, 110, 410, 345), fill=(222, 184, 158))
    pen.pieslice((222, 80, 418, 320), 180, 360, fill=(52, 44, 42))
    for x in (278, 346):
        pen.ellipse((x, 222, x + 16, 234), fill=(40, 36, 36))
    pen.arc((288, 262, 352, 302), 20, 160, fill=(150, 80, 80), width=5)
    blue, green, red = image.split()[::-1]
    return 640, 480, Image.merge("RGB", (blue, green, red)).tobytes()


def _paper() -> tuple[int, int, bytes]:
    """A sheet on the document camera's plate: 640 × 480, BGR."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (640, 480), (62, 64, 66))
    pen = ImageDraw.Draw(image)
    pen.polygon(((170, 34), (462, 22), (480, 446), (182, 456)), fill=(248, 247, 243))
    for row in range(13):
        y, long = 96 + row * 25, 250 if row % 4 else 190
        pen.line((200 + row * 0.6, y, 200 + long, y - 4), fill=(92, 96, 104), width=6)
    pen.ellipse((384, 356, 452, 424), outline=(196, 52, 48), width=6)
    blue, green, red = image.split()[::-1]
    return 640, 480, Image.merge("RGB", (blue, green, red)).tobytes()


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        one(Path(sys.argv[2]), sys.argv[3])
    else:
        main(sys.argv[1:])
