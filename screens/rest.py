"""At rest the loop sleeps in SDL until an event comes, instead of looking again and again.

Kivy's loop wakes at its rate, 60 times a second, to look whether there is anything to do. Its clock
sleeps on a `threading.Event`, which is set when another thread schedules something at once. `Bell`
takes that event's place: it sleeps in SDL, so a touch wakes it too, and a thread by an event of
SDL's own. So it may sleep on until a timer is due. (A low rate would not do: Kivy runs timers early
by a third of a frame.)
"""

from __future__ import annotations

import ctypes
import threading
from pathlib import Path
from typing import Any

from kivy.clock import Clock

_WAITING = (b"x11", b"wayland")  # SDL's other drivers ask every millisecond: no gain
_USER = 0x8000  # SDL_USEREVENT: Kivy takes no notice of it
_EVENT_BYTES = 128  # more than SDL_Event has
_IDLE_RATE, _RATE = 15, 60  # looks a second where the bell is not: nobody is here; somebody is
_LONGEST = 0.25  # seconds: so much later comes a timer, not due at once, of another thread


class Bell:
    """What the clock uses of `threading.Event`."""

    def __init__(self, sdl: Any) -> None:
        self._sdl, self._flag = sdl, threading.Event()
        self._asleep = False
        self.is_set, self.clear = self._flag.is_set, self._flag.clear

    def set(self) -> None:
        """From any thread."""
        self._flag.set()
        if self._asleep:
            event = ctypes.create_string_buffer(_EVENT_BYTES)
            ctypes.c_uint32.from_buffer(event).value = _USER
            self._sdl.SDL_PushEvent(event)

    def wait(self, seconds: float | None = None) -> bool:
        """Until it is set, an event of the window comes, or a timer is due."""
        due = Clock.get_min_timeout() - Clock.time()
        longest = max(seconds or 0, min(due, _LONGEST))
        self._asleep = True
        try:
            if not self._flag.is_set():
                self._sdl.SDL_WaitEventTimeout(None, max(1, round(1000 * longest)))
        finally:
            self._asleep = False
        return self._flag.is_set()


def begin() -> bool:
    """Put the bell into Kivy's clock; False where SDL cannot sleep, and nothing is changed."""
    sdl = _sdl()
    if sdl is None or sdl.SDL_GetCurrentVideoDriver() not in _WAITING:
        return False
    Clock._event = Bell(sdl)
    Clock._max_fps = _RATE
    return True


def pace(*, nobody: bool) -> None:
    """How often the loop looks for touches by itself."""
    slow = nobody and not isinstance(Clock._event, Bell)
    Clock._max_fps = _IDLE_RATE if slow else _RATE


def _sdl() -> Any:
    """The library that Kivy's window uses, which is in memory already."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    for path in {line.partition("/")[2] for line in lines if "/libSDL2-2" in line}:
        sdl = ctypes.CDLL("/" + path)
        sdl.SDL_GetCurrentVideoDriver.restype = ctypes.c_char_p
        return sdl
    return None
