"""From input events to the keys of a keypad. Pure, but for the keys that are held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from drivers.evdev import DOWN, EV_KEY, EV_SYN, SYN_DROPPED, UP, InputEvent
from kiosk.model import Key

# Codes of linux/input-event-codes.h.
_DIGITS = ((11, "0"), *((1 + at, str(at)) for at in range(1, 10)))  # KEY_0, KEY_1 ...
_PAD = ((82, "0"), (79, "1"), (80, "2"), (81, "3"), (75, "4"))
_PAD_ABOVE = ((76, "5"), (77, "6"), (71, "7"), (72, "8"), (73, "9"))
KEYS: Mapping[int, Key] = MappingProxyType(
    {
        28: Key.ENTER,  # KEY_ENTER
        96: Key.ENTER,  # KEY_KPENTER
        1: Key.CANCEL,  # KEY_ESC
        223: Key.CANCEL,  # KEY_CANCEL
        14: Key.CLEAR,  # KEY_BACKSPACE
        83: Key.CLEAR,  # KEY_KPDOT: Delete, on a numeric block
        111: Key.CLEAR,  # KEY_DELETE
        355: Key.CLEAR,  # KEY_CLEAR
        59: Key.HELP,  # KEY_F1
        138: Key.HELP,  # KEY_HELP
        103: Key.UP,
        108: Key.DOWN,
        105: Key.LEFT,
        106: Key.RIGHT,
        15: Key.NEXT,  # KEY_TAB: what interfaces of switches commonly send
        57: Key.CHOOSE,  # KEY_SPACE
    }
    | {code: Key(digit) for code, digit in (*_DIGITS, *_PAD, *_PAD_ABOVE)}
)
_MOST_HELD = 256  # more keys than any keypad has


class Hands:
    """Which keys are pressed, and since when. Times are of a monotonic clock."""

    def __init__(self, keys: Mapping[int, Key]) -> None:
        self._keys = keys
        self._held: dict[int, float] = {}

    def see(self, events: Iterable[InputEvent], now: float) -> list[Key]:
        """The keys that went down. A repetition is none: a key counts when it is pressed."""
        pressed = []
        for event in events:
            if (event.type, event.code) == (EV_SYN, SYN_DROPPED):
                self._held.clear()  # a release may have been among the lost
            elif event.type == EV_KEY and event.value == UP:
                self._held.pop(event.code, None)
            elif event.type == EV_KEY and event.code in self._keys:
                if event.value == DOWN:
                    pressed.append(self._keys[event.code])
                if len(self._held) < _MOST_HELD:
                    self._held.setdefault(event.code, now)
        return pressed

    def held(self, now: float) -> float:
        """For how many seconds the longest pressed key has been down; 0 when none is."""
        return now - min(self._held.values(), default=now)

    def release(self) -> None:
        """The keypad was away: nothing is known to be held."""
        self._held.clear()
