"""A simulated camera: somebody, or nobody, before it; driven by `camera.json`.

Beside the keys of every such camera (`drivers.scenes`): `picture` and `other`, null or paths of
pictures of real people, for the scenes that show one (`other`: who has stepped in, in the scene
`stranger`); `gesture`: null, or what the person does each time that the file is written. A picture
that shows no face changes nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2

from drivers.camera.cast import Actor, Drawn, cast
from drivers.camera.gestures import STILL, Gesture, Motion, motion
from drivers.camera.pictures import Scene
from drivers.scenes import SceneSimulator, defaults

STATE_FILE = "camera.json"
_OWN: Mapping[str, Any] = {"picture": None, "other": None, "gesture": None}
DEFAULTS: Mapping[str, Any] = {**defaults(Scene.FACE), **_OWN}

_log = logging.getLogger(__name__)
_RATE = 16.0  # pictures a second
_QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 88]


class CameraSimulator(SceneSimulator[Scene]):
    def __init__(self, folder: Path, port: int = 0) -> None:
        self._actor: Actor = Drawn(Scene.FACE)
        self._gesture: tuple[Gesture, float] | None = None  # and when it began
        super().__init__(folder / STATE_FILE, port, Scene.FACE, _RATE, self._jpeg, more=_OWN)

    def _ready(self, scene: Scene, state: Mapping[str, Any]) -> bool:
        actor = cast(scene, _path(state["picture"]), _path(state["other"]))
        if actor is None:
            _log.warning("camera.json names a picture in which there is no face")
            return False
        actor.frame(time.monotonic(), motion(Gesture.BLINK, 0.1))  # paints all that is kept
        self._actor = actor
        return True

    def _act(self, state: Mapping[str, Any]) -> None:
        if state["gesture"] in tuple(Gesture):
            self._gesture = Gesture(state["gesture"]), time.monotonic()

    def _jpeg(self, _scene: Scene) -> bytes:
        now = time.monotonic()
        made = cv2.imencode(".jpg", self._actor.frame(now, self._motion(now)), _QUALITY)
        return bytes(made[1].tobytes())

    def _motion(self, now: float) -> Motion:
        begun = self._gesture
        return STILL if begun is None else motion(begun[0], now - begun[1])


def _path(said: object) -> str | None:
    return said if isinstance(said, str) else None
