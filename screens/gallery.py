"""Pictures of every state in both languages: `python -m screens.gallery OUT [WIDTHxHEIGHT …]`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

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
            app.show(sample(state, body, language, serial))
            frames(6)
            save(out / size / f"{language.value}-{number:02}-{name}.png")
            slot.put(*_nobody())


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


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        one(Path(sys.argv[2]), sys.argv[3])
    else:
        main(sys.argv[1:])
