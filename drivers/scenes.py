"""A simulated camera of any kind: a stream of scenes, driven by a state file.

`scene`: what it sees; `power`: off takes no connections, and those that were open break; `fault`:
null, `hang`, `stop`, `garbage` or `frozen`, see `drivers.mjpeg`. Words that it can't know change
nothing. No two pictures that follow each other may be equal: only a frozen camera gives such.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from drivers.mjpeg import FAULTS, MjpegServer
from drivers.statefile import StateFile

_TICK = 0.05  # seconds between looks at the state file
_STOP_SECONDS = 5.0
S = TypeVar("S", bound=StrEnum)


def defaults(scene: StrEnum) -> dict[str, Any]:
    return {"scene": scene.value, "power": "on", "fault": None}


class SceneSimulator(Generic[S]):
    """Serves `http://127.0.0.1:<port>/stream.mjpg`. Port 0: `start` finds a free one.

    `jpeg` paints a scene; it is asked once before the scene is shown, so that the stream does not
    stop for it, and then for each picture. `more`: keys beside those of every camera, and what
    they are when the file does not say.
    """

    def __init__(
        self,
        file: Path,
        port: int,
        first: S,
        rate: float,
        jpeg: Callable[[S], bytes],
        *,
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.port = port
        self._state = StateFile(file, {**defaults(first), **more})
        self._seen: tuple[int, int] | None = None
        self._scene, self._rate, self._paint = first, rate, jpeg
        self._fault: str | None = None
        self._server: MjpegServer | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """When it returns `port` is known and, unless switched off, connections are taken.

        What the file had people do before is not done.
        """
        self._state.path.parent.mkdir(parents=True, exist_ok=True)
        self._stopping.clear()
        self._paint(self._scene)
        self._plug()  # also when switched off: this is how a free port is found
        self._show(self._follow())
        name = f"{self._state.path.stem}-simulator"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
        self._unplug()

    def _ready(self, scene: S, state: Mapping[str, Any]) -> bool:
        """Make ready to show it; False: it can't be shown, and what was stays."""
        self._paint(scene)
        return True

    def _act(self, state: Mapping[str, Any]) -> None:
        """The file was written: do what is done each time that it says so."""

    def _run(self) -> None:
        while not self._stopping.wait(_TICK):
            before = self._seen
            state = self._follow()
            if self._seen != before:
                self._show(state)
                self._act(state)

    def _follow(self) -> Mapping[str, Any]:
        self._seen = _written(self._state.path)
        state = self._state.get()
        if state["fault"] in (None, *FAULTS):
            self._fault = state["fault"]
        if state["power"] == "off":
            self._unplug()
        elif state["power"] == "on" and self._server is None:
            self._plug()
        return state

    def _show(self, state: Mapping[str, Any]) -> None:
        kind, word = type(self._scene), state["scene"]
        scene = kind(word) if word in tuple(kind) else self._scene
        if self._ready(scene, state):
            self._scene = scene

    def _plug(self) -> None:
        self._server = MjpegServer(
            self.port, self._rate, lambda: self._paint(self._scene), lambda: self._fault
        )
        self.port = self._server.port

    def _unplug(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.stop()


def _written(path: Path) -> tuple[int, int] | None:
    """Another one after each writing of the file, even of equal words."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
