"""One talk with a receipt printer, over whatever line. Blocking; for a worker thread.

python-escpos opens the lines. Its own status calls are not used: they take silence for "paper
adequate" and know neither cover nor cutter. Nor are its writes: they lose what a line did not
take in time.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.resources import files
from tempfile import NamedTemporaryFile
from typing import Any, Protocol

from drivers.receipt.answers import Answer, Kind, Question, split
from drivers.receipt.escpos import CLEAR_BUFFERS
from drivers.receipt.status import REPLIES, understand
from kiosk.model import DeviceStatus

STATUS_SECONDS = 4.5  # for all four questions together
_TICK = 0.1  # seconds that one wait on a line takes at most, so that closing ends it soon
_PIECE = 4096  # bytes given to a line at once
_PATIENCE = 2.5  # timeouts that a slip may stand still: a head that is too hot pauses
_REFRESHES = 16
_CLEAR_SECONDS = 0.5
_QUIET_SECONDS = 0.1
_PROFILES = "ESCPOS_CAPABILITIES_FILE"


class Wire(Protocol):
    """A line's bytes. Every method raises `OSError` when the line breaks."""

    bytes_per_second: int  # what it carries at the very least

    def send(self, data: bytes, seconds: float, *, urgent: bool = False) -> int:
        """How many bytes the line took within that time.

        `urgent`: a real-time command, which a printer obeys even while it holds the line up.
        """

    def receive(self, seconds: float) -> bytes:
        """What came; empty when nothing did in that time."""

    def close(self, *, drop: bool) -> None:
        """`drop`: what the line has not yet carried is thrown away."""


class Link:
    """Raises `OSError` when the line breaks; `TimeoutError`, which is one, when it stands still.

    `closing`: set from another thread, it ends every wait.
    """

    def __init__(self, wire: Wire, timeout: float, closing: threading.Event) -> None:
        self._wire = wire
        self._timeout = timeout
        self._closing = closing
        self._held = b""
        self._awaited: Kind | None = None
        self.done = False  # the answer to the question of `expect` has come
        self.lost = False  # an answer stayed out, and may come when another one is expected

    def refresh(self) -> None:
        """Throw away what came while nobody listened."""
        self._held = b""
        for _ in range(_REFRESHES):
            if not self._wire.receive(0):
                break

    def send(self, data: bytes, seconds: float = 0.0, *, urgent: bool = False) -> None:
        """All of `data`, within its time on the line and `seconds` beside."""
        patience = self._timeout if urgent else _PATIENCE * self._timeout
        now = time.monotonic()
        end = now + patience + seconds + len(data) / self._wire.bytes_per_second
        sent, until = 0, now + patience
        while sent < len(data):
            self._check()
            took = self._wire.send(data[sent : sent + _PIECE], _TICK, urgent=urgent)
            now = time.monotonic()
            sent, until = sent + took, now + patience if took else until
            if now >= min(until, end) and sent < len(data):
                raise TimeoutError("the printer takes no more")

    def status(self, until: float = 0.0) -> DeviceStatus:
        """Ask all four; a printer that leaves one unanswered is not asked further."""
        until = until or time.monotonic() + STATUS_SECONDS
        replies: dict[int, bytes] = {}
        for n in REPLIES:
            replies[n] = self.ask(n, until)
            if not replies[n]:
                self.lost = True
                break
        return understand(replies)

    def ask(self, n: int, until: float) -> bytes:
        """The reply to DLE EOT `n`; empty when none came in time.

        Other answers may come in between: the one that `expect` waits for is noted in `done`.
        """
        if time.monotonic() >= until:
            return b""
        self.send(b"\x10\x04%c" % n, urgent=True)
        until = min(until, time.monotonic() + self._timeout)
        replies = (one.raw for one in self._answers(until) if one.kind is Kind.REAL_TIME)
        return next(replies, b"")

    def expect(self, question: Question) -> bytes:
        """The bytes to send; from here on `done` says whether they were answered."""
        self._awaited, self.done = question.kind, False
        return question.ask

    def wait_done(self, seconds: float) -> bool:
        """Has the awaited answer come, within that time?"""
        answers = self._answers(time.monotonic() + seconds)
        while not self.done and next(answers, None):
            pass
        return self.done

    def forget_answers(self) -> None:
        """Those to questions that were asked one after the other also come so."""
        for _ in self._answers(time.monotonic() + _QUIET_SECONDS):
            pass

    def clear(self) -> None:
        """Ask the printer to forget what it has not printed; one that can't says nothing."""
        self.lost = True
        with suppress(OSError):
            self.send(CLEAR_BUFFERS, urgent=True)
            answers = self._answers(time.monotonic() + _CLEAR_SECONDS)
            next((one for one in answers if one.kind is Kind.BLOCK), None)

    def close(self) -> None:
        with suppress(OSError):
            self._wire.close(drop=self.lost)

    def _answers(self, until: float) -> Iterator[Answer]:
        """Those that come until then, nonsense among them."""
        over = False
        while not over:
            over = time.monotonic() >= until
            found = self._listen(until)
            self.done = self.done or any(one.kind is self._awaited for one in found)
            yield from found

    def _listen(self, until: float) -> list[Answer]:
        self._check()
        left = max(0.0, min(_TICK, until - time.monotonic()))
        found, self._held = split(self._held + self._wire.receive(left))
        return found

    def _check(self) -> None:
        if self._closing.is_set():
            raise ConnectionAbortedError("the driver is closed")


def opened(printer: Any) -> Any:
    """python-escpos' `printer`, open; its own error would hide the reason."""
    from escpos.exceptions import DeviceNotFoundError

    try:
        printer.open()
    except DeviceNotFoundError as error:
        number = getattr(error.__context__, "errno", None) or errno.ENODEV
        raise OSError(number, "the printer cannot be reached") from None
    except ValueError:  # a name that no network knows
        raise OSError(errno.EINVAL, "the address is none") from None
    return printer


@cache
def library() -> Any:
    """`escpos.printer`.

    Its import reads all its printers' profiles with a slow YAML reader, for a second; here it is
    given the one that its classes start with. It leaves a temporary folder behind each time.
    """
    text = files("escpos").joinpath("capabilities.json").read_text("utf-8")
    profiles = {"default": json.loads(text)["profiles"]["default"]}
    with NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump({"profiles": profiles, "encodings": {}}, file)
        file.flush()
        os.environ[_PROFILES] = file.name
        try:
            from escpos import capabilities, printer
        finally:
            del os.environ[_PROFILES]
    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return printer
