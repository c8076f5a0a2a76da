"""A character read from its picture: neither the order of strokes nor joined ones matter.

The model is PP-OCRv4's for lines of Chinese print and handwriting (Apache-2.0), as the package
`rapidocr-onnxruntime` brings it; nothing else of that package is used.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from screens.writing.places import MissingError, Squared

_PACKAGE, _MODEL = "rapidocr_onnxruntime", "models/ch_PP-OCRv4_rec_infer.onnx"
_HIGH, _WIDE = 48, 96  # pixels of what the model reads; the character stands in the middle
_FINE = 4  # drawn so many times larger, then reduced: smooth edges
# How much of the height the character fills, and how thick its pen is: a small one in a thick pen
# helps those of few strokes, a large one in a thin pen those of many (measured).
_LOOKS = ((0.8, 0.04), (0.65, 0.06), (0.5, 0.08))
_HAN = "\u4e00", "\u9fff"


class PictureReader:
    """Raises MissingError. Takes 75 MB and a sixth of a second to load."""

    def __init__(self) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise MissingError("onnxruntime is missing: the extra `handwriting`") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # it would keep pictures
        providers = ["CPUExecutionProvider"]
        self._model: Any = onnxruntime.InferenceSession(_model(), options, providers=providers)
        self._input = self._model.get_inputs()[0].name
        signs = self._model.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._signs = ("", *signs, " ")  # the first is "nothing stands here"

    def candidates(self, squared: Squared, count: int) -> list[str]:
        """Only Chinese characters, the likeliest first."""
        pictures = np.stack([_picture(squared, *look) for look in _LOOKS])
        [read] = self._model.run(None, {self._input: pictures})
        likely = read.max(axis=1).sum(axis=0)  # wherever in the picture it saw them
        found = (self._signs[place] for place in np.argsort(-likely)[: 4 * count])
        return [sign for sign in found if _HAN[0] <= sign <= _HAN[1]][:count]


def _model() -> str:
    found = find_spec(_PACKAGE)
    path = Path(found.origin).parent / _MODEL if found is not None and found.origin else None
    if path is None or not path.is_file():
        raise MissingError(f"{_MODEL} is missing: the extra `handwriting`")
    return str(path)


def _picture(squared: Squared, fill: float, pen: float) -> np.ndarray[Any, np.dtype[np.float32]]:
    """(3, high, wide) from -1, ink, to 1, paper."""
    side = _HIGH * _FINE
    drawn = Image.new("L", (_WIDE * _FINE, side), 255)
    draw, thick, middle = ImageDraw.Draw(drawn), round(pen * side), _WIDE * _FINE / 2
    for stroke in squared:
        places = [(middle + x * fill * side, side / 2 + y * fill * side) for x, y in stroke]
        draw.line(places, fill=0, width=thick)
        for place in places:
            draw.circle(place, thick / 2, fill=0)
    pixels = np.asarray(drawn.reduce(_FINE), dtype=np.float32) / 127.5 - 1
    return np.broadcast_to(pixels, (3, _HIGH, _WIDE))
