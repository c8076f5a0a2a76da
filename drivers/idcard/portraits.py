"""Portraits of sample cards: a face from a picture file, as cards show and store it."""

from __future__ import annotations

import hashlib
import logging
import threading
from pathlib import Path

import cv2

from drivers.camera.likeness import of_file, placed
from drivers.idcard.pictures import HEIGHT, WIDTH

FACE = 0.54  # of the portrait's width, as the cascade frames a face
MIDDLE = (0.5, 0.47)  # of width and height: where the face is
QUALITY = 25  # of a JPEG that loses about as much as WLT does
FINER = 4  # times as many pixels are cropped as are kept

_log = logging.getLogger(__name__)
_Version = tuple[str, int]  # a picture's path, and when it was changed


class Portraits:
    """Made on a thread of their own: a reader goes on answering meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[_Version, str | None] = {}  # None: it is being made

    def key(self, picture: str) -> str | None:
        """Under which `sample_decoder` finds the portrait; empty: no face; None: ask again."""
        try:
            version = picture, Path(picture).stat().st_mtime_ns
        except (OSError, ValueError):
            version = picture, 0
        if version not in self._keys:
            self._keys[version] = None
            threading.Thread(target=self._make, args=(version,), daemon=True).start()
        return self._keys[version]

    def _make(self, version: _Version) -> None:
        key = ""
        try:
            made = portrait(Path(version[0]))
            key = store(made, self._folder) if made else ""
        finally:  # whatever went wrong: a card without a portrait
            self._keys[version] = key
        if not key:
            _log.warning("idcard.json names a portrait in which there is no face")


def portrait(picture: Path) -> bytes:
    """A BMP of 102 x 126 pixels; empty when no face is in the picture."""
    shown = of_file(picture)
    if shown is None:
        return b""
    size = (WIDTH * FINER, HEIGHT * FINER)
    cropped = placed(shown, (MIDDLE[0] * size[0], MIDDLE[1] * size[1]), FACE * size[0], size)
    small = cv2.resize(cropped, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    coarse = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]
    seen = cv2.imdecode(coarse, cv2.IMREAD_COLOR)
    return b"" if seen is None else bytes(cv2.imencode(".bmp", seen)[1].tobytes())


def store(made: bytes, folder: Path) -> str:
    """Its key."""
    key = hashlib.sha256(made).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{key}.part"
    part.write_bytes(made)
    part.replace(folder / f"{key}.bmp")
    return key
