"""Sets of places in a text as one long integer each: a bit for each place.

The whole search stands on three cheap acts of such integers: `&` keeps the places where the next
letter fits, `<< 1` goes on to the place after them, and one addition finds the lines they are on.
"""

from __future__ import annotations

import re
import struct
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

_SPARSE, _DENSE = b"s", b"d"
_DENSE_FROM = 256  # one bit of so many: from here on the bits themselves are quicker to read
_SOMETHING = re.compile(rb"[^\0]")


def pack(places: Sequence[int], size: int) -> bytes:
    """The bytes of a set for the file; `places` rise, and are below `size`."""
    if len(places) * _DENSE_FROM < size:
        steps = [after - before for before, after in zip((0, *places), places, strict=False)]
        return _SPARSE + zlib.compress(struct.pack(f"<{len(steps)}I", *steps), 6)
    return _DENSE + zlib.compress(_bytes(places, size), 6)


def unpack(data: bytes) -> int:
    content = zlib.decompress(data[1:])
    if data[:1] == _DENSE:
        return int.from_bytes(content, "little")
    places = list(accumulate(struct.unpack(f"<{len(content) // 4}I", content)))
    return int.from_bytes(_bytes(places, places[-1] + 1 if places else 0), "little")


def members(bits: int) -> Iterator[int]:
    """The places in a set, rising."""
    signs = bin(bits)[:1:-1]
    at = signs.find("1")
    while at >= 0:
        yield at
        at = signs.find("1", at + 1)


def line_ends(hits: int, inside: int, ends: int) -> int:
    """The ends of the lines that hold a hit. `inside`: every place that is not an end.

    In the sum, the carry of a hit runs through the ones of its line and stops at the end.
    """
    return (inside + (hits & inside)) & ends


def lines(hits: int, starts: Sequence[int]) -> Iterator[int]:
    """Numbers of the lines with a hit, rising. `starts`: where each begins, and the text's end."""
    data = hits.to_bytes((hits.bit_length() + 7) // 8, "little")
    at = 0
    while at >> 3 < len(data):
        rest = data[at >> 3] >> (at & 7)
        if not rest:
            found = _SOMETHING.search(data, (at >> 3) + 1)
            if found is None:
                return
            at, rest = found.start() * 8, data[found.start()]
        line = bisect_right(starts, at + (rest & -rest).bit_length() - 1) - 1
        yield line
        at = starts[line + 1]


def _bytes(places: Sequence[int], size: int) -> bytearray:
    content = bytearray((size + 7) // 8)
    for place in places:
        content[place >> 3] |= 1 << (place & 7)
    return content
