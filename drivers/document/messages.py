"""IPP messages: bytes <-> attributes (RFC 8010). Pure, and the same for both ends of the wire.

`pyipp.parser` is not used: a negative name length leads it round in a circle for ever, and one
enum value that it does not know costs the whole message.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyipp.enums import IppTag

Value = int | bool | str | tuple[int, int]
Attributes = Mapping[str, tuple[Value, ...]]
Tagged = Mapping[str, tuple[IppTag, Sequence[Value]]]

_HEADER = struct.Struct(">BBHI")
_LENGTH = struct.Struct(">H")
_FIRST_VALUE_TAG = 0x10  # smaller ones begin a group
_NUMBERS = (IppTag.INTEGER, IppTag.ENUM)
_WITH_LANGUAGE = (IppTag.TEXT_LANG, IppTag.NAME_LANG)
_STRINGS = range(IppTag.TEXT, IppTag.MEMBER_NAME)


@dataclass(frozen=True, slots=True)
class Message:
    """`code`: operation of a request, status of an answer. `data`: the document behind it.

    Out-of-band values, collections and dates are attributes without values.
    """

    version: tuple[int, int]
    code: int
    request_id: int
    groups: tuple[tuple[int, Attributes], ...] = field(repr=False)
    data: bytes = field(default=b"", repr=False)

    def of(self, group: IppTag) -> tuple[Attributes, ...]:
        return tuple(attributes for tag, attributes in self.groups if tag == group)

    def first(self, group: IppTag) -> Attributes:
        """The first group of that kind; empty when there is none."""
        return next(iter(self.of(group)), {})


class _Malformed(Exception):  # noqa: N818 (never leaves this module)
    """Not an IPP message."""


def decode(raw: bytes) -> Message | None:
    """None: not a whole IPP message. Takes time and memory in proportion to its length."""
    if len(raw) < _HEADER.size:
        return None
    major, minor, code, request_id = _HEADER.unpack_from(raw)
    try:
        groups, end = _groups(raw)
    except _Malformed:
        return None
    return Message((major, minor), code, request_id, groups, raw[end:])


def encode(
    code: int,
    request_id: int,
    groups: Iterable[tuple[int, Tagged]],
    version: tuple[int, int] = (1, 1),
) -> bytes:
    """In IPP/1.1, which every printer speaks, unless another `version` is wanted."""
    parts = [_HEADER.pack(*version, code, request_id)]
    for group, attributes in groups:
        parts.append(bytes([group]))
        for name, (tag, values) in attributes.items():
            parts += [
                _attribute(tag, "" if nth else name, value) for nth, value in enumerate(values)
            ]
    return b"".join((*parts, bytes([IppTag.END])))


def _groups(raw: bytes) -> tuple[tuple[tuple[int, Attributes], ...], int]:
    groups: list[tuple[int, dict[str, tuple[Value, ...]]]] = []
    gathered: dict[str, list[Value]] = {}
    at, name, depth = _HEADER.size, "", 0
    while (tag := _byte(raw, at)) != IppTag.END:
        if tag < _FIRST_VALUE_TAG:
            _close(groups, gathered)
            groups.append((tag, {}))
            at, name, depth, gathered = at + 1, "", 0, {}
            continue
        said, at = _counted(raw, at + 1)
        value, at = _counted(raw, at)
        depth = max(0, depth - (tag == IppTag.END_COLLECTION))
        if not depth and tag != IppTag.END_COLLECTION:
            name = said.decode("utf-8", "replace") or name
            gathered.setdefault(name, []).extend(_understood(tag, value))
        depth += tag == IppTag.BEGIN_COLLECTION
    _close(groups, gathered)
    return tuple(groups), at + 1


def _close(
    groups: list[tuple[int, dict[str, tuple[Value, ...]]]], gathered: Mapping[str, list[Value]]
) -> None:
    if groups:
        groups[-1][1].update({name: tuple(values) for name, values in gathered.items()})


def _byte(raw: bytes, at: int) -> int:
    if at >= len(raw):
        raise _Malformed
    return raw[at]


def _counted(raw: bytes, at: int) -> tuple[bytes, int]:
    """Two bytes of length, and as many bytes; and where they end."""
    begin = at + _LENGTH.size
    if begin > len(raw):
        raise _Malformed
    end = begin + _LENGTH.unpack_from(raw, at)[0]
    if end > len(raw):
        raise _Malformed
    return raw[begin:end], end


def _understood(tag: int, value: bytes) -> list[Value]:
    if tag in _NUMBERS:
        return [_number(value)]
    if tag == IppTag.BOOLEAN and len(value) == 1:
        return [value != b"\0"]
    if tag == IppTag.RANGE and len(value) == 8:
        return [(_number(value[:4]), _number(value[4:]))]
    if tag in _WITH_LANGUAGE:
        _, at = _counted(value, 0)
        value, _ = _counted(value, at)
    elif tag not in _STRINGS and tag != IppTag.STRING:
        return []
    return [value.decode("utf-8", "replace")]


def _number(value: bytes) -> int:
    if len(value) != 4:
        raise _Malformed
    return int.from_bytes(value, "big", signed=True)


def _attribute(tag: IppTag, name: str, value: Value) -> bytes:
    said, packed = name.encode(), _packed(tag, value)
    return bytes([tag]) + _LENGTH.pack(len(said)) + said + _LENGTH.pack(len(packed)) + packed


def _packed(tag: IppTag, value: Value) -> bytes:
    if isinstance(value, tuple):
        return struct.pack(">ii", *value)
    if tag in _NUMBERS:
        return struct.pack(">i", value)
    return bytes([value]) if isinstance(value, bool) else str(value).encode()
