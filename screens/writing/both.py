"""Two readers that err differently: one goes by strokes, the other by the picture."""

from __future__ import annotations

import logging
import threading

from screens.writing.picture import PictureReader
from screens.writing.places import squared
from screens.writing.port import Strokes
from screens.writing.zinnia import StrokeReader

_log = logging.getLogger(__name__)
_ASKED = 24  # of each reader
# What a place in a reader's list counts: weight / (place + 2). Weights by what each reads right.
_STROKES, _PICTURE, _STEEP = 0.5, 1.0, 2


class Both:
    """Reads by strokes from the start. The picture's model is loaded beside, when it is first
    needed, and until then, or where it is missing, strokes alone count.

    Raises MissingError.
    """

    def __init__(self) -> None:
        self._strokes = StrokeReader()
        self._picture: PictureReader | None = None
        self._loading: threading.Thread | None = None

    def prepare(self) -> None:
        """Somebody is about to write."""
        if self._loading is None:
            self._loading = threading.Thread(target=self._load, name="handwriting", daemon=True)
            self._loading.start()

    def wait(self, seconds: float) -> bool:
        """Until it is loaded; does it read pictures, too?"""
        self.prepare()
        if self._loading is not None:
            self._loading.join(seconds)
        return self._picture is not None

    def candidates(self, strokes: Strokes, count: int) -> list[str]:
        """As `screens.writing.port.Handwriting` has it."""
        self.prepare()
        one = squared(strokes)
        if not one:
            return []
        lists = [(_STROKES, self._strokes.candidates(one, _ASKED))]
        if self._picture is not None:
            lists.append((_PICTURE, self._picture.candidates(one, _ASKED)))
        scores: dict[str, float] = {}
        for weight, signs in lists:
            for place, sign in enumerate(signs):
                scores[sign] = scores.get(sign, 0) + weight / (place + _STEEP)
        return sorted(scores, key=lambda sign: -scores[sign])[:count]

    def _load(self) -> None:
        try:
            self._picture = PictureReader()
        except Exception as error:  # noqa: BLE001 - it costs this reader, and nothing else
            _log.warning("handwriting_without_pictures why=%s", error)
