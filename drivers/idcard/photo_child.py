"""A photo decoder's own process, with its hands tied. Started by `photo`, never imported.

`photo_child.py program PATH ARGUMENTS…` becomes that program. `photo_child.py library PATH
FUNCTION NUMBER` calls `int function(char *wlt, char *pixels, int number)` and writes the pixels to
the standard output, or the BMP file when that is what it made; zero means that it failed.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_LIMITS = {
    resource.RLIMIT_FSIZE: 0,  # closed decoders like to leave a picture file behind
    resource.RLIMIT_CORE: 1,  # no memory image of a crash; 0 would still feed a collecting pipe
    resource.RLIMIT_CPU: 5,  # seconds
    resource.RLIMIT_AS: 1 << 29,  # bytes
}
_PR_SET_PDEATHSIG = 1
_WLT_SIZE = 1024
_PIXELS = 102 * 126 * 3
_BMP_SIZE = 54 + 126 * (102 * 3 + 2)
_BMP = b"BM" + _BMP_SIZE.to_bytes(4, "little")
_SLACK = 1 << 16  # bytes behind each buffer, for libraries that go too far


def main(kind: str, path: str, *arguments: str) -> int:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file that stays empty is no reason to die
    for limit, value in _LIMITS.items():
        resource.setrlimit(limit, (value, value))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # not to outlive the terminal
    if kind == "program":
        os.execv(path, [path, *arguments])  # noqa: S606
    function, number = arguments
    return _call(path, function, int(number))


def _call(path: str, function: str, number: int) -> int:
    wlt = sys.stdin.buffer.read(_WLT_SIZE)
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what the library prints is not the picture
    pixels = ctypes.create_string_buffer(_PIXELS + _SLACK)
    decode = ctypes.CDLL(path)[function]
    decode.restype = ctypes.c_int
    if not decode(ctypes.create_string_buffer(wlt, _SLACK), pixels, ctypes.c_int(number)):
        return 1
    with os.fdopen(out, "wb") as pipe:
        pipe.write(pixels.raw[: _BMP_SIZE if pixels.raw.startswith(_BMP) else _PIXELS])
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
