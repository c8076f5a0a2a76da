"""How a slip is sent and its end made sure of, by what a printer can say. Blocking."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from types import MappingProxyType

from drivers.receipt.answers import QUESTIONS, Question
from drivers.receipt.decode import decode
from drivers.receipt.escpos import INITIALISE
from drivers.receipt.link import Link
from drivers.receipt.operations import paper_dots
from drivers.receipt.options import Answers
from drivers.receipt.status import DEVICE, ReceiptFault, cause, failing, fault_of
from kiosk.model import DeviceState, DeviceStatus, Fault, PrintOutcome, Rung, SupplyLevel

_PASSING = (ReceiptFault.AUTO_RECOVERING, ReceiptFault.NOT_READY)  # may end without a person
_LOOK_EVERY = 0.5  # seconds between looks at the printer while it prints
_SLOWEST = 400  # dots a second of a cold printer: 50 mm
_STARTING = 1.0  # seconds until a motor moves, and for the cut

Climb = Callable[[Rung], None]


class Confirmation(ABC):
    """`finish_seconds`: for a slip to be printed and cut."""

    def __init__(self, finish_seconds: float) -> None:
        self._finish_seconds = finish_seconds

    @abstractmethod
    def look(self, link: Link, until: float) -> DeviceStatus:
        """How the printer is, while it has nothing to do."""

    @abstractmethod
    def ready(self, link: Link) -> DeviceStatus:
        """May a slip be sent now?"""

    def deliver(self, link: Link, data: bytes, climb: Climb) -> PrintOutcome:
        """Never raises: from here on bytes may have reached the printer."""
        try:
            return self._deliver(link, data, climb)
        except TimeoutError:
            return PrintOutcome(Rung.UNCONFIRMED, _stuck(link))
        except OSError as error:
            link.lost = True
            return PrintOutcome(Rung.UNCONFIRMED, cause(error))

    @abstractmethod
    def _deliver(self, link: Link, data: bytes, climb: Climb) -> PrintOutcome: ...

    def _watched(self, link: Link, seconds: float) -> Fault | None:
        """Wait until the answer came, or until the time is over; returns what went wrong."""
        until = time.monotonic() + seconds
        fault = None
        while not link.wait_done(_LOOK_EVERY):
            fault = link.status().fault
            if link.done:
                return None
            if time.monotonic() >= until or (fault and fault.code not in _PASSING):
                return fault
        return None


class InTurn(Confirmation):
    """Asks a question after the slip, which is answered when the slip has been cut."""

    def __init__(self, finish_seconds: float) -> None:
        super().__init__(finish_seconds)
        self._question: Question | None = None
        self._failed = 0  # questions that stayed without an answer
        self._owed = True  # answers to earlier questions may still come

    def look(self, link: Link, until: float) -> DeviceStatus:
        status = link.status(until)
        if status.usable and not self._question:
            self._learn(link, until)
        if status.usable and not self._question and self._failed >= len(QUESTIONS):
            return failing(ReceiptFault.CANNOT_CONFIRM, status.supplies["paper"])
        return status

    def ready(self, link: Link) -> DeviceStatus:
        """The buffer is empty: no answer that an earlier job asked for can be taken for this one's.

        And a printer that answers nothing here would leave this slip unconfirmed.
        """
        status = link.status()
        for _ in QUESTIONS:
            if status.usable and not self._question:
                self._learn(link, time.monotonic() + _LOOK_EVERY * 2)
        if not status.usable:
            return status
        if not self._question:
            return failing(ReceiptFault.CANNOT_CONFIRM, status.supplies["paper"])
        link.send(link.expect(self._question))
        fault = self._finished(link)
        if fault:
            self._question = None  # maybe another printer stands there now
            self._owed = True
            return failing(ReceiptFault(fault.code), status.supplies["paper"])
        self._settle(link)
        return status

    def _deliver(self, link: Link, data: bytes, climb: Climb) -> PrintOutcome:
        assert self._question
        self._owed = True
        link.send(data + link.expect(self._question), self._finish_seconds)
        climb(Rung.SENT)
        fault = self._finished(link)
        if fault:
            # The rest would come out later, before the next person.
            link.clear()
            return PrintOutcome(Rung.UNCONFIRMED, fault)
        self._owed = False
        climb(Rung.PRINTED)
        try:
            status = link.status()
        except OSError as error:
            link.lost = True
            return PrintOutcome(Rung.PRINTED, cause(error))
        if not status.usable:
            return PrintOutcome(Rung.PRINTED, status.fault)
        climb(Rung.PRESENTED)
        return PrintOutcome(Rung.PRESENTED)

    def _finished(self, link: Link) -> Fault | None:
        fault = self._watched(link, self._finish_seconds)
        return None if link.done else fault or fault_of(ReceiptFault.NO_ANSWER)

    def _learn(self, link: Link, until: float) -> None:
        """Try the next question that printers may know."""
        question = QUESTIONS[self._failed % len(QUESTIONS)]
        link.send(link.expect(question))
        if link.wait_done(max(0.0, min(_LOOK_EVERY * 2, until - time.monotonic()))):
            self._question, self._failed = question, 0
        else:
            self._failed += 1
            self._owed = True
            link.send(INITIALISE)  # what the printer took for text is forgotten

    def _settle(self, link: Link) -> None:
        if self._owed:
            link.forget_answers()
            self._owed = False


class RealTime(Confirmation):
    """The printer tells its faults, but not when a slip is out."""

    def look(self, link: Link, until: float) -> DeviceStatus:
        return link.status(until)

    def ready(self, link: Link) -> DeviceStatus:
        return link.status()

    def _deliver(self, link: Link, data: bytes, climb: Climb) -> PrintOutcome:
        link.send(data, self._finish_seconds)
        climb(Rung.SENT)
        dots = sum(paper_dots(one.op) for one in decode(data))
        fault = self._watched(link, min(self._finish_seconds, _STARTING + dots / _SLOWEST))
        if fault:
            link.clear()
        return PrintOutcome(Rung.UNCONFIRMED, fault)


class Unheard(Confirmation):
    """Nothing comes back. That the line can be opened is all that is known."""

    def look(self, _link: Link, _until: float) -> DeviceStatus:
        return DeviceStatus(DEVICE, DeviceState.ONLINE, {"paper": SupplyLevel.UNKNOWN})

    def ready(self, link: Link) -> DeviceStatus:
        return self.look(link, 0.0)

    def _deliver(self, link: Link, data: bytes, climb: Climb) -> PrintOutcome:
        link.send(data, self._finish_seconds)
        climb(Rung.SENT)
        return PrintOutcome(Rung.UNCONFIRMED)


CONFIRMATIONS: Mapping[Answers, Callable[[float], Confirmation]] = MappingProxyType(
    {Answers.IN_TURN: InTurn, Answers.REAL_TIME: RealTime, Answers.NEVER: Unheard}
)


def _stuck(link: Link) -> Fault:
    """The line took only a part of the slip: ask why, if it takes as much as that."""
    fault = None
    try:
        fault = link.status().fault
    except OSError:
        link.lost = True
    link.clear()
    return fault or fault_of(ReceiptFault.NO_ANSWER)
