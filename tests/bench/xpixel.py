"""A finger and an eye on an X display: XTest presses, and the colour of one pixel.

The libraries come with Chromium and SDL; their functions are declared here as far as used.
"""

from __future__ import annotations

import ctypes
import time
from ctypes import c_char_p, c_int, c_uint, c_ulong, c_void_p

Colour = tuple[int, int, int]
_ALL_PLANES, _Z_PIXMAP, _NEAR = ctypes.c_ulong(-1).value, 2, 12


class Eye:
    """`display`: as ":90"."""

    def __init__(self, display: str) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        self._test = ctypes.CDLL("libXtst.so.6")
        self._x.XOpenDisplay.restype, self._x.XOpenDisplay.argtypes = c_void_p, [c_char_p]
        self._x.XDefaultRootWindow.restype = c_ulong
        self._x.XDefaultRootWindow.argtypes = [c_void_p]
        self._x.XGetImage.restype = c_void_p
        self._x.XGetImage.argtypes = [
            c_void_p, c_ulong, c_int, c_int, c_uint, c_uint, c_ulong, c_int,
        ]  # fmt: skip
        self._x.XGetPixel.restype, self._x.XGetPixel.argtypes = c_ulong, [c_void_p, c_int, c_int]
        self._x.XDestroyImage.argtypes = [c_void_p]
        self._x.XFlush.argtypes = self._x.XCloseDisplay.argtypes = [c_void_p]
        self._test.XTestFakeMotionEvent.argtypes = [c_void_p, c_int, c_int, c_int, c_ulong]
        self._test.XTestFakeButtonEvent.argtypes = [c_void_p, c_uint, c_int, c_ulong]
        self._display = self._x.XOpenDisplay(display.encode())
        if not self._display:
            raise RuntimeError(f"no display {display}")
        self._root = self._x.XDefaultRootWindow(self._display)

    def close(self) -> None:
        self._x.XCloseDisplay(self._display)

    def colour(self, x: int, y: int) -> Colour:
        image = self._x.XGetImage(
            self._display, self._root, x, y, 1, 1, _ALL_PLANES, _Z_PIXMAP
        )  # fmt: skip
        value = int(self._x.XGetPixel(image, 0, 0))
        self._x.XDestroyImage(image)
        return value >> 16 & 255, value >> 8 & 255, value & 255

    def wait(self, x: int, y: int, wanted: Colour, seconds: float) -> float:
        """Seconds until that pixel has about this colour."""
        begin = time.perf_counter()
        while not near(self.colour(x, y), wanted):
            if time.perf_counter() - begin > seconds:
                raise TimeoutError(f"({x}, {y}) is {self.colour(x, y)}, not {wanted}")
            time.sleep(0.0004)
        return time.perf_counter() - begin

    def move(self, x: int, y: int) -> None:
        self._test.XTestFakeMotionEvent(self._display, -1, x, y, 0)
        self._x.XFlush(self._display)

    def button(self, *, down: bool) -> None:
        self._test.XTestFakeButtonEvent(self._display, 1, int(down), 0)
        self._x.XFlush(self._display)


def near(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))
