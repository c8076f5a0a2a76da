"""BER-TLV (ISO 7816-4, X.690) as cards use it: definite lengths, tags of up to three bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

MAX_LENGTH = 0xFFFFFF
_MAX_OBJECTS = 256  # on one level; files of cards have a handful


class Tlv(NamedTuple):
    """`tag` holds the tag's bytes as one number: 0x5F1F."""

    tag: int
    value: bytes


class _MalformedError(ValueError):
    pass


def parse(data: bytes) -> tuple[Tlv, ...] | None:
    """The objects of one level in their order; None when the bytes are no TLV to their end.

    Bytes 00 and FF between objects are padding (ISO 7816-4, 5.2.2).
    """
    try:
        return tuple(_objects(data))
    except _MalformedError:
        return None


def find(data: bytes, *path: int) -> bytes | None:
    """The value at the end of a path of tags, the first at each level; None when it is not there.

    What follows the object on its level may be damaged: readers pad files with rubbish.
    """
    for tag in path:
        try:
            data = next(one.value for one in _objects(data) if one.tag == tag)
        except (StopIteration, _MalformedError):
            return None
    return data


def build(tag: int, value: bytes) -> bytes:
    size = len(value)
    head = tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big")
    if size < 0x80:
        return head + bytes([size]) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return head + bytes([0x80 | len(length)]) + length + value


def whole_size(head: bytes) -> int | None:
    """How many bytes the object takes that begins with `head`; None when that cannot be told."""
    try:
        _, start, length = _head(head, 0)
    except _MalformedError:
        return None
    return start + length


def _objects(data: bytes) -> Iterator[Tlv]:
    place = count = 0
    while place < len(data):
        if data[place] in (0x00, 0xFF):
            place += 1
            continue
        tag, start, length = _head(data, place)
        place = start + length
        count += 1
        if place > len(data) or count > _MAX_OBJECTS:
            raise _MalformedError
        yield Tlv(tag, data[start:place])


def _head(data: bytes, place: int) -> tuple[int, int, int]:
    """Tag, where the value starts, how long it is."""
    end = place + 1
    if data[place : place + 1] and data[place] & 0x1F == 0x1F:
        while end < min(place + 3, len(data)) and (end == place + 1 or data[end - 1] & 0x80):
            end += 1
        if data[end - 1] & 0x80 or end == place + 1:
            raise _MalformedError
    if end >= len(data):
        raise _MalformedError
    tag, first = int.from_bytes(data[place:end], "big"), data[end]
    end += 1
    if first < 0x80:
        return tag, end, first
    count = first & 0x7F
    length = int.from_bytes(data[end : end + count], "big")
    if not 1 <= count <= 3 or end + count > len(data) or length > MAX_LENGTH:
        raise _MalformedError
    return tag, end + count, length
