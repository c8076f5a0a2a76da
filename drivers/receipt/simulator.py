"""A receipt printer on a TCP port that speaks the bytes, driven by `receipt.json`.

It has faults where real ones have them: real-time questions are answered when they arrive, even
amid a job; commands wait in a buffer, which outlives the connection but not the power; one
connection is served at a time.
"""

from __future__ import annotations

import re
import select
import socket
import threading
import time
from pathlib import Path

from drivers.receipt.mechanism import DEFAULTS, Mechanism, PowerFailedError, real_time_reply
from drivers.statefile import StateFile, write_state

_REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])|\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")
_CLEARED = b"\x37\x25\x00"
_TAIL = 9  # the longest part of a real-time command that is not yet one
_TICK = 0.01  # seconds


class ReceiptSimulator:
    """`port` 0 takes a free one. 200 mm/s are 1600 dots a second."""

    def __init__(self, folder: Path, port: int = 0, dots_per_second: float = 1600) -> None:
        self._state_path = folder / "receipt.json"
        self._state = StateFile(self._state_path, DEFAULTS)
        self._mechanism = Mechanism(folder / "receipts", dots_per_second)
        self._wanted_port = port
        self._keeper: socket.socket | None = None
        self._listener: socket.socket | None = None
        self._connection: socket.socket | None = None
        self._tail = b""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="receipt-simulator", daemon=True)

    @property
    def port(self) -> int:
        assert self._keeper is not None, "not started"
        return int(self._keeper.getsockname()[1])

    def start(self) -> None:
        # Holds the port while the power is off, so that nobody else gets it.
        self._keeper = _bound(self._wanted_port)
        if self._state.get()["power"] == "on":
            self._switch_on()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=10)
        self._switch_off()
        if self._keeper:
            self._keeper.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._state.get()["power"] == "off":
                self._switch_off()
                self._stopping.wait(_TICK)
                continue
            self._switch_on()
            try:
                self._serve()
            except PowerFailedError:
                self._switch_off()
                write_state(self._state_path, power="off", die_after=None)
            except (ConnectionError, TimeoutError):
                self._hang_up()

    def _serve(self) -> None:
        """One tick: a connection or some bytes, then what the motor has done meanwhile."""
        waiting = self._connection or self._listener
        assert waiting is not None
        if select.select([waiting], [], [], _TICK)[0]:
            if self._connection:
                self._read(self._connection)
            elif self._listener:
                self._connection, _ = self._listener.accept()
                self._connection.settimeout(1)
        self._answer(self._mechanism.advance(self._state.get(), time.monotonic()))

    def _read(self, connection: socket.socket) -> None:
        data = connection.recv(65536)
        if not data:
            self._hang_up()
            return
        seen, self._tail = self._tail + data, b""
        fresh = len(seen) - len(data)  # where the bytes begin that the buffer does not have yet
        end = 0
        for found in _REAL_TIME.finditer(seen):
            end = found.end()
            if found[1]:
                self._answer(real_time_reply(found[1][0], self._state.get()))
            else:
                self._mechanism.clear()
                fresh = end
                self._answer(_CLEARED)
        self._mechanism.take(seen[fresh:])
        self._tail = seen[end:][-_TAIL:]

    def _answer(self, data: bytes) -> None:
        if data and self._connection and not self._state.get()["silent"]:
            self._connection.sendall(data)

    def _switch_on(self) -> None:
        if self._listener is None:
            self._listener = _bound(self.port)
            self._listener.listen()

    def _switch_off(self) -> None:
        self._hang_up()
        if self._listener:
            self._listener.close()
        self._listener = None
        self._mechanism.clear()

    def _hang_up(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None
        self._tail = b""


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound
