"""Everything that Kivy reads before its first import, in one place.

Kivy fixes its window, input and logging while it is imported, so `prepare` must run before any
module that imports Kivy (`screens.app`, `screens.gallery` and so on).
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

_ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_ENV_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_LOG_MODE": "PYTHON",  # leaves stderr and the root logger alone
    "KIVY_WINDOW": "sdl2",  # the x11 provider would end the process without a display
    "KIVY_CLIPBOARD": "sdl2",  # xclip outlives the program and keeps what was typed
    "KIVY_METRICS_DENSITY": "1",  # sizes come from `Look` alone
    "SDL_NO_SIGNAL_HANDLERS": "1",  # or SIGTERM becomes a close request, which we refuse
    "SDL_MOUSE_TOUCH_EVENTS": "0",
}

_CONFIG = (
    ("graphics", "multisamples", "0"),  # doubles the time of a frame without a graphics chip
    ("graphics", "maxfps", "60"),
    ("graphics", "vsync", "0"),
    ("graphics", "resizable", "0"),
    ("graphics", "allow_screensaver", "0"),
    ("kivy", "exit_on_escape", "0"),
    ("kivy", "kivy_clock", "interrupt"),  # an event of another thread is shown at once
    ("kivy", "keyboard_mode", ""),
    ("kivy", "log_level", "warning"),
    ("input", "mouse", "mouse,disable_multitouch"),
)


def prepare(
    home: Path,
    width: int,
    height: int,
    *,
    fullscreen: bool = False,
    left: int | None = None,
    cursor: bool | None = None,
) -> None:
    """Set environment and configuration; `home` takes what Kivy would write to `~/.kivy`.

    `left`: the window's place on a desktop; None leaves it to the window manager. `cursor`: show
    a pointer; None means only in a window.
    """
    if "kivy" in sys.modules:
        raise RuntimeError("screens.settings.prepare must run before Kivy is imported")
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(_ENVIRONMENT, KIVY_HOME=str(home.resolve()))
    # Kivy reports a missing multitouch library, which we do not use, with a whole traceback.
    logging.getLogger("kivy").addFilter(lambda record: "MTDev" not in record.getMessage())
    from kivy.config import Config

    for section, key, value in _CONFIG:
        Config.set(section, key, value)
    # The default input reads /dev/input beside X: every touch would count twice.
    Config.remove_option("input", "%(name)s")
    pointer = not fullscreen if cursor is None else cursor
    window = {
        "width": str(width),
        "height": str(height),
        "fullscreen": "auto" if fullscreen else "0",
        "borderless": "1" if fullscreen else "0",
        "show_cursor": "1" if pointer else "0",
    }
    if left is not None:
        window |= {"position": "custom", "left": str(left), "top": "0"}
    for key, value in window.items():
        Config.set("graphics", key, value)
