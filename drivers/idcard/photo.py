"""The portrait of a card: 1024 bytes of WLT, which only closed programs and libraries decode.

Each portrait gets a process of its own (`photo_child`), so that a decoder that crashes, hangs or
floods costs this portrait and nothing else. The WLT goes in, and the picture comes out, through
memory; nothing touches a disk.
"""

from __future__ import annotations

import os
import re
import selectors
import shlex
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import IO

from drivers.idcard.pictures import LARGEST, picture

SYNTAX = (
    "program:/path/to/tool [arguments], where {wlt} is the name of the portrait's file, "
    "which is also the standard input; or library:/path/to/lib.so:function[:number]"
)
DECODE_SECONDS = 3.0
_TICK = 0.05  # seconds between looks at `stop`
_LIBRARY = re.compile(r"(?P<path>/[^:]+):(?P<function>\w+)(?::(?P<number>\d{1,9}))?")
_NUMBER = "708"  # the third argument that most of these libraries are called with
_CHILD = Path(__file__).with_name("photo_child.py")
_WLT_FILE = "/proc/self/fd/0"
# Not the terminal's environment: its settings may be secret. No rights to a home folder either.
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}


class PhotoState(StrEnum):
    """What a device's status says of the portraits; none of it stops a card from being read."""

    NO_DECODER = "no_decoder"  # none is set
    READY = "ready"
    MISSING = "missing"  # the program or library is not there
    FAILED = "failed"  # the last portrait did not become a picture


class PhotoDecoder:
    """`setting`: see `SYNTAX`; empty for no decoder. ValueError when it is neither."""

    def __init__(self, setting: str) -> None:
        self._command = _command(setting) if setting else ()
        self._failed = False

    def state(self) -> PhotoState:
        if not self._command:
            return PhotoState.NO_DECODER
        if not Path(self._command[1]).is_file():
            return PhotoState.MISSING
        return PhotoState.FAILED if self._failed else PhotoState.READY

    def decode(self, wlt: bytes, stop: threading.Event, seconds: float = DECODE_SECONDS) -> bytes:
        """A picture file, or nothing. Blocks until then, until `stop`, or for `seconds`."""
        if self.state() in (PhotoState.NO_DECODER, PhotoState.MISSING):
            return b""
        made = picture(_run(self._command, wlt, stop, seconds))
        self._failed = not made
        return made


def _command(setting: str) -> tuple[str, ...]:
    """Kind, path of the decoder, and what else `photo_child` is called with."""
    kind, _, what = setting.partition(":")
    library = _LIBRARY.fullmatch(what)
    if kind == "library" and library:
        return kind, library["path"], library["function"], library["number"] or _NUMBER
    words = shlex.split(what) if kind == "program" else []
    if not words or not words[0].startswith("/"):
        raise ValueError(SYNTAX)
    return kind, *(word.replace("{wlt}", _WLT_FILE) for word in words)


def _run(command: tuple[str, ...], wlt: bytes, stop: threading.Event, seconds: float) -> bytes:
    """What the decoder said, if it then ended well; otherwise nothing. Leaves no process behind."""
    memory = os.memfd_create("wlt", os.MFD_CLOEXEC)
    try:
        os.write(memory, wlt)
        os.lseek(memory, 0, os.SEEK_SET)
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_CHILD), *command],
            stdin=memory, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd="/", env=_ENVIRONMENT, start_new_session=True,
        )  # fmt: skip
    except OSError:  # no memory, no processes: no portrait
        return b""
    finally:
        os.close(memory)
    assert process.stdout is not None
    with process.stdout as stdout:
        try:
            output = _listen(stdout, process.pid, stop, time.monotonic() + seconds)
        finally:
            with suppress(ProcessLookupError):  # with all that it has started itself
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return output if process.returncode == 0 else b""


def _listen(stdout: IO[bytes], pid: int, stop: threading.Event, deadline: float) -> bytes:
    """Until the process has ended, or its time, or its right to speak. It is not reaped here."""
    output = bytearray()
    os.set_blocking(stdout.fileno(), False)
    ended = os.pidfd_open(pid)
    with selectors.DefaultSelector() as selector:
        selector.register(stdout, selectors.EVENT_READ)
        selector.register(ended, selectors.EVENT_READ)
        alive = True
        while alive and time.monotonic() < deadline and not stop.is_set():
            ready = {key.fd for key, _ in selector.select(_TICK)}
            alive = ended not in ready
            if stdout.fileno() in ready and not _take(stdout, output):
                selector.unregister(stdout)
            if len(output) > LARGEST:
                break
    os.close(ended)
    return bytes(output)


def _take(stdout: IO[bytes], output: bytearray) -> bool:
    """Move what waits; False when nothing more will come."""
    while len(output) <= LARGEST:
        try:
            part = os.read(stdout.fileno(), LARGEST)
        except BlockingIOError:
            return True
        if not part:
            return False
        output += part
    return True
