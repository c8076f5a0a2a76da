"""The newest receipt and the first page of the newest certificate, below the dock's keys."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from kivy.core.image import Image as CoreImage
from kivy.uix.image import Image

from screens.dock_files import newest_certificate, newest_receipt
from screens.dock_rows import Say
from screens.theme import Look
from screens.widgets.box import Surface, fix
from screens.widgets.press import Pressable
from screens.widgets.text import Label

_DOTS_PER_INCH = "75"
_PATIENCE = 10.0  # seconds for one page


class Paper(Pressable):
    """One paper; a press shows it large, another puts it back."""

    def __init__(self, look: Look, name: str, act: Callable[[Paper], None]) -> None:
        super().__init__(
            look, f"paper:{name}", lambda: act(self), orientation="vertical", pad=16, gap=8
        )
        Surface(look, self, "paper", radius=18, border="line")
        self._caption = fix(look, Label(look, "small", colour="muted", align="center"), height=46)
        self._picture = Image(fit_mode="contain", color=(1, 1, 1, 0))
        self._shown: tuple[Path, int] | None = None
        self.add_widget(self._caption)
        self.add_widget(self._picture)
        self.enabled = False

    def say(self, text: str) -> None:
        self._caption.say(text)

    def show(self, picture: Path | None) -> None:
        if picture is None:
            return
        state = (picture, picture.stat().st_mtime_ns)
        if state != self._shown:
            self._shown = state
            self._picture.texture = CoreImage(str(picture), nocache=True).texture
            self._picture.color = (1, 1, 1, 1)
            self.enabled = True


class Papers:
    """`home`: a folder for pictures of pages; pdftoppm makes them beside the window's own work."""

    def __init__(
        self, look: Look, folder: Path, home: Path, say: Say, act: Callable[[Paper], None]
    ) -> None:
        self._folder, self._home, self._say = folder, home, say
        self.both = (Paper(look, "receipt", act), Paper(look, "certificate", act))
        self._pdf: Path | None = None
        self._work: subprocess.Popen[bytes] | None = None
        self._until = 0.0

    def look_again(self) -> None:
        slip, page = self.both
        receipt = newest_receipt(self._folder)
        slip.say(self._say("newest" if receipt else "none_yet"))
        slip.show(receipt)
        pdf = newest_certificate(self._folder)
        page.say(self._say("newest_certificate" if pdf else "no_certificate_yet"))
        if self._work is not None:
            self._follow(self._work)
        elif pdf is not None and pdf != self._pdf:
            self._pdf = pdf
            self._begin(pdf)

    def close(self) -> None:
        if self._work is not None:
            self._work.kill()
            self._work.wait()

    def _begin(self, pdf: Path) -> None:
        argv = ["pdftoppm", "-png", "-singlefile", "-r", _DOTS_PER_INCH, str(pdf), self._stem(pdf)]
        with contextlib.suppress(FileNotFoundError):  # without poppler there is no picture
            self._work = subprocess.Popen(argv, stderr=subprocess.DEVNULL)
            self._until = time.monotonic() + _PATIENCE

    def _follow(self, work: subprocess.Popen[bytes]) -> None:
        if work.poll() is None:
            if time.monotonic() > self._until:
                work.kill()
            return
        self._work = None
        if work.returncode == 0 and self._pdf is not None:
            self.both[1].show(Path(f"{self._stem(self._pdf)}.png"))

    def _stem(self, pdf: Path) -> str:
        return str(self._home / pdf.stem)
