"""A simulated scanner: a serial line and a keyboard at once, driven by `scanner.json`.

`code`: null, or what is scanned; writing it, even unchanged, is one scan; plugging in is none.
`symbology`: as in `kiosk.model.Code`. `fault`: null, `garbage`, `too_long` or `cut`, of the next
scans. `plugged`: true or false.

The serial line is the pty `scanner.tty`. Keystrokes are real `struct input_event`s, but in a FIFO,
`scanner.events`: an input device of the kernel's own would need /dev/uinput, which containers
lack. So no grab happens there; `EvdevSource` does it on devices only.
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
import tty
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from drivers.evdev import InputEvent, pack
from drivers.scanner.keys import alt_code, typed
from drivers.statefile import StateFile
from kiosk.model import MAX_CODE

STATE_FILE = "scanner.json"
TTY = "scanner.tty"
EVENTS = "scanner.events"
GARBAGE, TOO_LONG, CUT = FAULTS = ("garbage", "too_long", "cut")
DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {"code": None, "symbology": "qr", "fault": None, "plugged": True}
)
RUBBISH = b"\x80\xff\x81\x30\xff\xfe"  # of no charset

_AIM = {
    "qr": "]Q1", "code128": "]C0", "ean13": "]E0", "ean8": "]E4", "code39": "]A0",
    "pdf417": "]L2", "datamatrix": "]d1",
}  # fmt: skip
_TICK = 0.02  # seconds between looks at the state file
_STOP_SECONDS = 5.0
_WRITE_SECONDS = 1.0  # that a reader may take; what it does not take is lost


class ScannerSimulator:
    """Serves `<folder>/scanner.tty` and `<folder>/scanner.events` from a daemon thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._state = StateFile(folder / STATE_FILE, DEFAULTS)
        self._now: dict[str, Any] = dict(DEFAULTS)
        self._mark: tuple[int, int] | None = None
        self._ends: tuple[int, int, int] | None = None  # pty: ours, theirs; the FIFO
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """When it returns both can be opened, unless it is unplugged. Scans nothing by itself."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._unplug()  # what a simulator that was killed left behind
        self._stopping.clear()
        self._written()
        self._now = self._state.get()
        self._follow_plug()
        self._thread = threading.Thread(target=self._run, name="scanner-simulator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join(_STOP_SECONDS)
        self._unplug()

    def _run(self) -> None:
        while not self._stopping.wait(_TICK):
            if not self._written():
                continue
            before, self._now = self._now, self._state.get()
            self._follow_plug()
            told = {key for key in DEFAULTS if before[key] != self._now[key]}
            if self._ends and isinstance(self._now["code"], str) and told != {"plugged"}:
                self._scan(*self._ends)

    def _written(self) -> bool:
        """Has the state file been written since the last call?"""
        try:
            found = self._state.path.stat()
            mark = found.st_ino, found.st_mtime_ns
        except FileNotFoundError:
            mark = None
        before, self._mark = self._mark, mark
        return mark != before

    def _scan(self, line: int, _theirs: int, keyboard: int) -> None:
        text = _AIM.get(self._now["symbology"], "") + self._now["code"]
        fault = self._now["fault"]
        self._send(line, [telegram(text, fault)])
        self._send(keyboard, (pack(strokes) for strokes in keystrokes(text, fault)))

    def _send(self, end: int, parts: Iterable[bytes]) -> None:
        deadline = time.monotonic() + _WRITE_SECONDS
        for part in parts:
            rest = part
            while rest:
                left = deadline - time.monotonic()
                if left <= 0 or not select.select([], [end], [], left)[1]:
                    return
                with contextlib.suppress(BlockingIOError):
                    rest = rest[os.write(end, rest) :]

    def _follow_plug(self) -> None:
        if self._now["plugged"] and self._ends is None:
            self._plug()
        elif not self._now["plugged"]:
            self._unplug()

    def _plug(self) -> None:
        ours, theirs = os.openpty()
        tty.setraw(theirs)
        os.set_blocking(ours, False)
        fresh = self._folder / f"{TTY}.new"
        fresh.symlink_to(os.ttyname(theirs))
        fresh.replace(self._folder / TTY)
        pipe = self._folder / f"{EVENTS}.new"
        os.mkfifo(pipe)
        keyboard = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
        pipe.replace(self._folder / EVENTS)
        self._ends = ours, theirs, keyboard

    def _unplug(self) -> None:
        # the names first: the pty's number may be given to another program at once
        for name in (TTY, EVENTS, f"{TTY}.new", f"{EVENTS}.new"):
            (self._folder / name).unlink(missing_ok=True)
        ends, self._ends = self._ends, None
        for end in ends or ():
            os.close(end)


def telegram(text: str, fault: str | None) -> bytes:
    """What the serial line carries."""
    data = text.encode("utf-8")
    return {
        GARBAGE: RUBBISH + b"\r\n",
        TOO_LONG: data + b"9" * MAX_CODE + b"\r\n",
        CUT: data[: len(data) // 2],
    }.get(fault or "", data + b"\r\n")


def keystrokes(text: str, fault: str | None) -> Iterator[list[InputEvent]]:
    """What the keyboard sends, key by key."""
    if fault == CUT:
        yield from typed(text[: len(text) // 2], enter=False)
    elif fault == GARBAGE:
        yield from (alt_code(byte) for byte in RUBBISH)
        yield from typed("")
    else:
        yield from typed(text + "9" * (MAX_CODE if fault == TOO_LONG else 0))
