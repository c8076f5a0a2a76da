"""A receipt printer that speaks the bytes, driven by `receipt.json`; on TCP or another plug.

| key | values, the first one while it is missing |
|---|---|
| `paper` | full, low, out |
| `cover` | closed, open |
| `cutter` | ok, error |
| `error` | null, recoverable, unrecoverable, auto_recovering |
| `feed_button` | false, true: someone holds it |
| `power` | on, off |
| `die_after` | null, or the bytes of print after which power fails; then it writes `power: off` |
| `plugged` | true, false |
| `pull_after` | null, or the received bytes after which the cable is pulled (`plugged: false`) |
| `silent` | false, true |
| `delay` | seconds before each answer |
| `noise` | null, garbage, flow (XON and XOFF between), automatic (unasked status between) |
| `unknown` | list of what it does not know: GS r, GS I, GS a, DLE DC4 |
"""

from __future__ import annotations

import threading
import time
from pathlib import Path

from drivers.receipt.engine import Engine
from drivers.receipt.mechanism import Mechanism, PowerFailedError
from drivers.receipt.plugs import Plug, TcpPlug

_TICK, _IDLE_TICK = 0.01, 0.04  # seconds


class ReceiptSimulator:
    """`port` 0 takes a free one; it means nothing with a `plug`. 200 mm/s are 1600 dots a second.

    It loses what its buffer can't hold, unless the plug holds the host up. Without `pictures` no
    PNG is made, which takes longer than a fast printer would.
    """

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        dots_per_second: float = 1600,
        *,
        plug: Plug | None = None,
        buffer_bytes: int = 1 << 20,
        width_dots: int = 576,
        pictures: bool = True,
    ) -> None:
        mechanism = Mechanism(folder / "receipts", dots_per_second, width_dots, pictures=pictures)
        self._engine = Engine(folder, mechanism, buffer_bytes)
        self._plug = plug or TcpPlug(port)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="receipt-simulator", daemon=True)

    @property
    def port(self) -> int:
        assert isinstance(self._plug, TcpPlug), "not on TCP"
        return self._plug.port

    @property
    def held(self) -> int:
        """Bytes that wait in the printer's buffer."""
        return self._engine.held

    def start(self) -> None:
        self._plug.start()
        self._follow()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=10)
        self._plug.stop()

    def _run(self) -> None:
        while not self._stopping.is_set():
            tick = _TICK if self._engine.busy else _IDLE_TICK
            try:
                if self._follow():
                    self._plug.serve(self._engine, tick)
                else:
                    self._stopping.wait(_TICK)
                self._engine.advance(time.monotonic())
            except PowerFailedError:
                self._plug.off()
                self._engine.power_off()
                self._engine.change(power="off", die_after=None)

    def _follow(self) -> bool:
        """Power and cable as the state file says; True: the line carries bytes."""
        state = self._engine.state()
        if state["power"] == "off":
            self._plug.off()
            self._engine.power_off()
            return False
        if not state["plugged"]:
            self._plug.pull()
            self._engine.hang_up()
            return False
        self._plug.on()
        return True
