"""A simulated document camera: what lies on its plate, by `doccam.json`; see `pictures.Scene`."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import cv2

from drivers.doccam import pictures
from drivers.doccam.pictures import STAGES, Scene
from drivers.scenes import SceneSimulator, defaults

STATE_FILE = "doccam.json"
DEFAULTS = defaults(Scene.NONE)

_RATE = 6.0  # pictures a second
_SHOTS = 3  # different ones of a scene, with noise of their own
_QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 90]


class DocumentCameraSimulator(SceneSimulator[Scene]):
    def __init__(self, folder: Path, port: int = 0) -> None:
        self._shot = 0
        super().__init__(folder / STATE_FILE, port, Scene.NONE, _RATE, self._jpeg)

    def _jpeg(self, scene: Scene) -> bytes:
        """Never the shot before, nor in a cycle: who takes every third would see it stand still."""
        self._shot = (self._shot + random.randrange(1, _SHOTS)) % _SHOTS
        return shots(scene)[self._shot]


@cache
def shots(scene: Scene) -> tuple[bytes, ...]:
    """As JPEG; painted once."""
    made = pictures.shots(STAGES[scene], range(_SHOTS))
    return tuple(bytes(cv2.imencode(".jpg", one, _QUALITY)[1].tobytes()) for one in made)
