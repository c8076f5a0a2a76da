"""The real screen process, with a finger that is moved from outside.

    python touched_screen.py SETTINGS SOCKET

Whoever listens at SOCKET is told of each page, without anything personal, and says what is pressed,
key by key: a word that is typed is in this process only as it is in a terminal's.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import Any

from kiosk import programs
from kiosk.bootstrap import configure_logs
from kiosk.programs import Playing
from kiosk.view import View

TICK = 0.02  # seconds between looks at a target that is not there yet
PATIENCE = 4.0  # seconds to wait for a target
TOLD = ("name", "kind", "phase", "whose", "done", "error", "code", "level")
PR_SET_DUMPABLE = 4

Work = Generator[None, None, str]


class Remote:
    """Takes the place of the player. To each line comes an answer: done, or what is missing."""

    def __init__(self, app: Any, place: str) -> None:
        self._app = app
        self._touches = 0
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.connect(place)
        self._tell(pid=os.getpid())
        app.on_shown = lambda view: self._tell(**_page(view))
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._line.shutdown(socket.SHUT_RDWR)

    def _tell(self, **what: object) -> None:
        self._line.send(json.dumps(what).encode())

    def _listen(self) -> None:
        """On a thread of its own, so that an idle screen stays idle."""
        from kivy.clock import Clock

        while action := self._line.recv(100).decode():
            work = self._do(action)
            Clock.schedule_once(partial(self._go_on, work), 0)

    def _go_on(self, work: Work, _seconds: float) -> None:
        from kivy.clock import Clock

        try:
            next(work)
        except StopIteration as end:
            self._tell(did=end.value)
        else:
            Clock.schedule_once(partial(self._go_on, work), TICK)

    def _do(self, action: str) -> Work:
        """`action?`: only if it is offered now."""
        if action == "sign:draw":
            return self._sign()
        return self._press(action.removesuffix("?"), 0 if action.endswith("?") else PATIENCE)

    def _press(self, action: str, patience: float) -> Work:
        from screens.player import middle

        until = time.monotonic() + patience
        while not ((target := self._app.targets().get(action)) and self._app.gate.open):
            if time.monotonic() > until:
                return f"{action} is not offered: {sorted(self._app.targets())}"
            yield
        finger = self._finger(*middle(target))
        finger.down()
        finger.up()
        return "done"

    def _sign(self) -> Work:
        from screens.player import field_of

        until = time.monotonic() + PATIENCE
        while not ((field := field_of(self._app)) and field.ready):
            if time.monotonic() > until:
                return "there is no field to sign in"
            yield
        finger = self._finger(field.x + 30, field.y + 30)
        finger.down()
        for x, y in ((0.4, 0.8), (0.6, 0.2), (0.9, 0.7)):
            yield
            finger.drag(field.x + x * field.width, field.y + y * field.height)
        finger.up()
        return "done"

    def _finger(self, x: float, y: float) -> Any:
        from screens.player import Finger

        self._touches += 1
        return Finger(self._touches, x, y)


def _page(view: View) -> dict[str, object]:
    said = {name: str(getattr(view.body, name)) for name in TOLD if hasattr(view.body, name)}
    tiles = getattr(view.body, "services", getattr(view.body, "tiles", ()))
    closed = [tile.task_code for tile in tiles if tile.why_not]
    return {"state": view.state.value, "closed": closed, **said}


def _player(app: Any, *_others: object) -> Remote:
    """The terminal refuses memory images of itself; this one's shall be searched."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    return Remote(app, sys.argv[2])


def _quick() -> None:
    """Fingers of tests are quicker than those for which the gate waits."""
    from screens import gate

    gate._AFTER_PAGE = 0.02


if __name__ == "__main__":
    configure_logs()
    _quick()
    programs._player = _player  # type: ignore[assignment]
    sys.exit(programs.screen(Path(sys.argv[1]), Playing([])))
