"""The line's rate: to find it, to change it, and to ask at it. For the worker thread only."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import MappingProxyType

from drivers.idcard.frames import Command, Reply, Status
from drivers.idcard.line import LineFault, SdtLine

FIND_OUT = 0  # in the place of a rate
RATES: Mapping[int, Command] = MappingProxyType(
    {  # the reader's own default first
        115200: Command.BAUD_115200,
        57600: Command.BAUD_57600,
        38400: Command.BAUD_38400,
        19200: Command.BAUD_19200,
        9600: Command.BAUD_9600,
    }
)
_WORST_FIRST = (
    LineFault.ABSENT,
    LineFault.DENIED,
    LineFault.CHECKSUM,
    LineFault.CUT_SHORT,
    LineFault.GARBLED,
    LineFault.SILENT,
)
_MARGIN = 0.15  # seconds; all rates together must fit into the time of one status


class TunedLine:
    """A line whose rate may be unknown: then the first call finds it, and each after a silence."""

    def __init__(self, path: str, baud: int) -> None:
        self._line = SdtLine(path, baud or next(iter(RATES)))
        self._search = baud == FIND_OUT
        self._sure = not self._search

    def exchange(self, command: Command, stop: threading.Event) -> Reply | LineFault:
        if not self._sure:
            found = self._find(stop)
            if isinstance(found, LineFault):
                return found
        answer = self._line.exchange(command, stop)
        if self._search and answer in (LineFault.SILENT, LineFault.GARBLED):
            self._sure = False
        return answer

    def detect(self, stop: threading.Event) -> int:
        """The rate at which the reader answers, kept from now on; 0 when it is at none."""
        found = self._find(stop)
        return 0 if isinstance(found, LineFault) else found

    def change(self, baud: int, stop: threading.Event) -> bool:
        """Bring the reader to another rate, and the port along; False: it stays where it was."""
        before = self._line.baud
        reply = self.exchange(RATES[baud], stop)
        if isinstance(reply, Reply) and reply.status != Status.OK:
            return False
        # Whether the answer comes at the old rate or at the new is told nowhere: ask again.
        for rate in (baud, before):
            self._line.retune(rate)
            self._sure = isinstance(self._line.exchange(Command.SAM_STATUS, stop), Reply)
            if self._sure:
                return rate == baud
        self._sure = not self._search
        return False

    def close(self) -> None:
        self._line.close()

    def _find(self, stop: threading.Event) -> int | LineFault:
        """Tries the last rate first. A port that can't be opened ends the search at once."""
        was = self._line.baud
        answers: set[LineFault] = set()
        for rate in sorted(RATES, key=lambda rate: rate != was):
            self._line.retune(rate)
            answer = self._line.exchange(Command.SAM_STATUS, stop, _MARGIN)
            if isinstance(answer, Reply):
                self._sure = True
                return rate
            answers.add(answer)
            if answer in (LineFault.ABSENT, LineFault.DENIED):
                break
        self._line.retune(was)
        return next(fault for fault in _WORST_FIRST if fault in answers)
