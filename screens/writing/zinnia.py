"""zinnia's C interface (zinnia.h of libzinnia 0.06, Debian 12) with the tegaki project's model.

The model knows the 6,763 characters of GB 2312 by their strokes in their usual order.
"""

from __future__ import annotations

import ctypes as c
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from screens.writing.places import MissingError, Squared

_LIBRARY = "libzinnia.so.0"
MODEL = Path("/usr/share/tegaki/models/zinnia/handwriting-zh_CN.model")

_SIDE = 1000  # of the square in which zinnia sees a character
_FILLED = 0.6  # of it by the character's longer side (measured)
_POINTERS = ("recognizer_new", "character_new", "recognizer_classify")


class StrokeReader:
    """Raises MissingError. The model's file is mapped: pages of it are read as they are needed."""

    def __init__(self) -> None:
        try:
            self._lib = c.CDLL(_LIBRARY)
        except OSError as error:
            raise MissingError(f"{_LIBRARY} is missing: apt-get install libzinnia0") from error
        for name in _POINTERS:
            getattr(self._lib, f"zinnia_{name}").restype = c.c_void_p
        self._lib.zinnia_result_value.restype = c.c_char_p
        self._lib.zinnia_result_size.restype = c.c_size_t
        self._recogniser = c.c_void_p(self._lib.zinnia_recognizer_new())
        if not self._lib.zinnia_recognizer_open(self._recogniser, bytes(MODEL)):
            raise MissingError(
                f"{MODEL} is missing or damaged: apt-get install tegaki-zinnia-simplified-chinese"
            )

    def candidates(self, squared: Squared, count: int) -> list[str]:
        """The likeliest first."""
        with self._character(squared) as character:
            found = self._lib.zinnia_recognizer_classify(
                self._recogniser, character, c.c_size_t(count)
            )
        if not found:
            return []
        result = c.c_void_p(found)
        try:
            values = range(self._lib.zinnia_result_size(result))
            return [self._lib.zinnia_result_value(result, c.c_size_t(i)).decode() for i in values]
        finally:
            self._lib.zinnia_result_destroy(result)

    @contextmanager
    def _character(self, squared: Squared) -> Iterator[c.c_void_p]:
        made, unit = c.c_void_p(self._lib.zinnia_character_new()), _FILLED * _SIDE
        try:
            self._lib.zinnia_character_set_width(made, c.c_size_t(_SIDE))
            self._lib.zinnia_character_set_height(made, c.c_size_t(_SIDE))
            for number, stroke in enumerate(squared):
                for place in stroke:
                    x, y = (round(_SIDE / 2 + part * unit) for part in place)
                    self._lib.zinnia_character_add(made, c.c_size_t(number), x, y)
            yield made
        finally:
            self._lib.zinnia_character_destroy(made)
