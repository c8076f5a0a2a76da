"""Who is before the simulated camera, by the words of `camera.json`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import cv2
import numpy as np

from drivers.camera.gestures import Motion
from drivers.camera.likeness import Likeness, Picture, likeness, of_file
from drivers.camera.photograph import Photograph
from drivers.camera.pictures import STAGES, Scene, picture, portrait
from drivers.camera.portrait import MAN, WOMAN, Person
from drivers.camera.sitter import SIZE, Sitter

_KEPT = 4  # people: making one takes as long as many frames


class Actor(Protocol):
    """Somebody, or nobody. Any thread."""

    def frame(self, seconds: float, motion: Motion) -> Picture:
        """What the camera sees at that moment (of any clock that goes on); always of one size."""


class Drawn:
    """An invented person, or nobody; wider than the drawing, for a camera has one size."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def frame(self, seconds: float, motion: Motion) -> Picture:
        drawn = picture(self._scene, seconds, motion)
        rows, columns = drawn.shape[:2]
        beside = (rows * SIZE[0] // SIZE[1] - columns) // 2
        wide = cv2.copyMakeBorder(drawn, 0, 0, beside, beside, cv2.BORDER_REPLICATE)
        return np.asarray(cv2.resize(wide, SIZE), np.uint8)


def cast(scene: Scene, shown: str | None, other: str | None) -> Actor | None:
    """`shown`, `other`: paths of pictures; without one, an invented person's. None: no face."""
    if scene in STAGES:
        return Drawn(scene)
    steps_in = scene is Scene.STRANGER
    path = other if steps_in else shown
    if path is None:
        return _invented(scene, MAN if steps_in else WOMAN)
    try:
        changed = Path(path).stat().st_mtime_ns
    except (OSError, ValueError):
        return None
    return _real(scene, path, changed)


def _with_glasses(shown: Likeness) -> Sitter:
    return Sitter(shown, glasses=True)


_MAKERS: Mapping[Scene, Callable[[Likeness], Actor]] = MappingProxyType(
    {
        Scene.PICTURE: Sitter,
        Scene.PHOTO: Photograph,
        Scene.SUNGLASSES: _with_glasses,
        Scene.STRANGER: Sitter,
    }
)


@lru_cache(_KEPT)
def _real(scene: Scene, path: str, _changed: int) -> Actor | None:
    shown = of_file(Path(path))
    return None if shown is None else _MAKERS[scene](shown)


@cache
def _invented(scene: Scene, person: Person) -> Actor | None:
    shown = likeness(portrait(person))
    return None if shown is None else _MAKERS[scene](shown)
