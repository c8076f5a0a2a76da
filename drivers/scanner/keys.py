"""What a scanner types, as a keyboard with the US layout. Pure, but for the keys that are held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from drivers.evdev import (
    DOWN,
    EV_KEY,
    EV_SYN,
    SYN_DROPPED,
    SYN_REPORT,
    UP,
    InputEvent,
)
from drivers.scanner.frames import Mark, Piece

# Codes of linux/input-event-codes.h; a row's keys have one code after the other.
_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (15, "\tqwertyuiop[]", "\tQWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
)
_PAD = {
    55: "*", 98: "/", 74: "-", 78: "+", 83: ".",
    71: "7", 72: "8", 73: "9", 75: "4", 76: "5", 77: "6", 79: "1", 80: "2", 81: "3", 82: "0",
}  # fmt: skip
PLAIN: Mapping[int, str] = MappingProxyType(
    {first + at: one for first, plain, _ in _ROWS for at, one in enumerate(plain)} | _PAD
)
SHIFTED: Mapping[int, str] = MappingProxyType(
    {first + at: one for first, _, shifted in _ROWS for at, one in enumerate(shifted)} | _PAD
)
ENTERS = frozenset({28, 96})
SHIFTS = frozenset({42, 54})
CONTROLS = frozenset({29, 97})
ALTS = frozenset({56, 100})
_HELD = SHIFTS | CONTROLS | ALTS
_MAX_DIGITS = 7  # of a number typed with Alt


class AltCodes(StrEnum):
    """What a number typed on the pad while Alt is held means."""

    OFF = "off"
    GBK = "gbk"  # up to 255 one byte, beyond it two bytes of a GBK character
    UNICODE = "unicode"  # a code point


class Typing:
    """Follows one keyboard's events; what they type comes out as bytes and marks."""

    def __init__(self, alt_codes: AltCodes) -> None:
        self._alt_codes = alt_codes
        self._held: set[int] = set()
        self._number = ""

    def pieces(self, event: InputEvent) -> Iterator[Piece]:
        if (event.type, event.code) == (EV_SYN, SYN_DROPPED):
            self.release()
            yield Mark.LOST
        elif event.type == EV_KEY and event.code in _HELD:
            yield from self._hold(event)
        elif event.type == EV_KEY and event.value == DOWN:
            yield from self._press(event.code)

    def release(self) -> None:
        """No key is held any more."""
        self._held.clear()
        self._number = ""

    def _hold(self, event: InputEvent) -> Iterator[Piece]:
        if event.value != UP:
            self._held.add(event.code)
            return
        self._held.discard(event.code)
        if event.code in ALTS and self._number:
            number, self._number = self._number, ""
            yield from _numbered(int(number), self._alt_codes)

    def _press(self, code: int) -> Iterator[Piece]:
        if code in ENTERS:
            yield Mark.END
        elif self._held & ALTS:
            digit = _PAD.get(code, "")
            if self._alt_codes is not AltCodes.OFF and digit.isdecimal():
                self._number = (self._number + digit)[-_MAX_DIGITS:]
        elif self._held & CONTROLS:
            if "@" <= self._one(code).upper() <= "_":
                yield bytes([ord(self._one(code)) & 0x1F])  # GS, as GS1 has it, is Ctrl and ]
        elif one := self._one(code):
            yield one.encode("ascii")

    def _one(self, code: int) -> str:
        return (SHIFTED if self._held & SHIFTS else PLAIN).get(code, "")


def _numbered(number: int, alt_codes: AltCodes) -> Iterator[Piece]:
    if alt_codes is AltCodes.UNICODE:
        try:
            yield chr(number).encode("utf-8")
        except (ValueError, OverflowError):  # no code point, or half a pair
            yield Mark.LOST
    elif number <= 0xFF:
        yield bytes([number])
    else:
        try:
            yield number.to_bytes(2, "big").decode("gb18030").encode("utf-8")
        except (UnicodeDecodeError, OverflowError):
            yield Mark.LOST


# ---- A scanner's side, for simulators and tests ----------------------------------------------

_SHIFT, _ALT, _CONTROL, _ENTER = 42, 56, 29, 28
_KEY_OF: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {one: (_SHIFT, code) for code, one in SHIFTED.items()}
    | {one: (code,) for code, one in _PAD.items()}
    | {one: (code,) for code, one in PLAIN.items() if code not in _PAD}
)
_PAD_OF: Mapping[str, int] = MappingProxyType({one: code for code, one in _PAD.items()})


def typed(text: str, *, enter: bool = True) -> Iterator[list[InputEvent]]:
    """The events that a scanner sends for `text`, key by key; what has no key as Alt codes of GBK,
    what GBK does not have as a question mark."""
    for one in text:
        if (keys := _KEY_OF.get(one)) is not None:
            yield _chord(*keys)
        elif "\x01" <= one <= "\x1f":
            yield _chord(_CONTROL, *_KEY_OF[chr(ord(one) | 0x40).lower()])
        else:
            yield alt_code(int.from_bytes(one.encode("gbk", "replace"), "big"))
    if enter:
        yield _chord(_ENTER)


def alt_code(number: int) -> list[InputEvent]:
    """Alt held, the number on the pad, Alt let go."""
    digits = [event for digit in str(number) for event in _chord(_PAD_OF[digit])]
    return [*_stroke(_ALT, DOWN), *digits, *_stroke(_ALT, UP)]


def _chord(*keys: int) -> list[InputEvent]:
    down = [event for key in keys for event in _stroke(key, DOWN)]
    return down + [event for key in reversed(keys) for event in _stroke(key, UP)]


def _stroke(key: int, value: int) -> list[InputEvent]:
    return [InputEvent(EV_KEY, key, value), InputEvent(EV_SYN, SYN_REPORT, 0)]
