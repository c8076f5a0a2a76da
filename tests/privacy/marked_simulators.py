"""The simulated devices, quick, and with a camera whose pictures can be found again.

Takes the same options as `drivers.simulators`.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import cv2

import canarypictures
from drivers import simulators
from drivers.camera import simulator as camera
from drivers.receipt import simulator as receipt
from drivers.statefile import read_json


class MarkedCamera(camera.CameraSimulator):
    """Marked with the number of whoever's card lies on the reader."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self._cards = folder / "idcard.json"
        super().__init__(folder, port)

    def _jpeg(self, _scene: Any) -> bytes:
        now = time.monotonic()
        person = read_json(self._cards, {}).get("person") or {}
        number = int(person.get("number", "0" * 17)[14:17])
        picture = canarypictures.marked(self._actor.frame(now, self._motion(now)), number)
        quality = [cv2.IMWRITE_JPEG_QUALITY, canarypictures.QUALITY]
        return bytes(cv2.imencode(".jpg", picture, quality)[1].tobytes())


if __name__ == "__main__":
    camera.CameraSimulator = MarkedCamera  # type: ignore[misc]
    receipt.ReceiptSimulator = partial(  # type: ignore[assignment, misc]
        receipt.ReceiptSimulator, dots_per_second=60_000, pictures=False
    )
    sys.exit(simulators.main())
