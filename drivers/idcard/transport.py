"""The ID card reader behind `kiosk.ports.CardReader`: SDT protocol over a serial port."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol

from drivers.idcard.codes import card_fault
from drivers.idcard.frames import Command, Reply, Status
from drivers.idcard.line import LineFault, SdtLine
from drivers.idcard.status import Presence
from drivers.idcard.text import decode
from drivers.worker import Worker
from kiosk.identity.acceptance import check_card
from kiosk.model import CardFault, DeviceStatus, IdCard

_PATIENCE = 20.0  # seconds; every call on the line ends by itself long before
_CLOSING_SECONDS = 2.0

_LINE_FAULTS: Mapping[LineFault, CardFault] = MappingProxyType(
    {
        LineFault.ABSENT: CardFault.NO_READER,
        LineFault.DENIED: CardFault.NO_READER,
        LineFault.SILENT: CardFault.NO_READER,
        LineFault.GARBLED: CardFault.CHECKSUM,
        LineFault.CHECKSUM: CardFault.CHECKSUM,
        LineFault.CUT_SHORT: CardFault.CUT_SHORT,
    }
)
_SUCCESSES: Mapping[Command, tuple[Status, ...]] = MappingProxyType(
    {
        Command.FIND: (Status.FOUND, Status.NOT_FOUND),
        Command.SELECT: (Status.OK,),
        Command.READ: (Status.OK,),
    }
)


class Line(Protocol):
    """What this driver needs of `SdtLine`."""

    def exchange(self, command: Command) -> Reply | LineFault: ...


def find_card(line: Line) -> bool | CardFault:
    reply = _succeed(line, Command.FIND)
    if isinstance(reply, CardFault):
        return False if reply is CardFault.LIFTED else reply
    return reply.status == Status.FOUND


def read_card(line: Line, today: date) -> IdCard | CardFault:
    """Select and read; `today` decides whether the card has expired."""
    selected = _succeed(line, Command.SELECT)
    if isinstance(selected, CardFault):
        return selected
    whole = _succeed(line, Command.READ)
    if isinstance(whole, CardFault):
        return whole
    card = decode(whole.text, whole.photo)
    if isinstance(card, CardFault):
        return card
    return check_card(card, today) or card


def _succeed(line: Line, command: Command) -> Reply | CardFault:
    reply = _ask(line, command)
    if isinstance(reply, LineFault):
        return _LINE_FAULTS[reply]
    return reply if reply.status in _SUCCESSES[command] else card_fault(reply.status)


def _ask(line: Line, command: Command) -> Reply | LineFault:
    """Exchange, and once more after a damaged reply.

    The repeat counts only if it succeeds, or shows that the reader is gone. Readers differ in
    whether they let a card be selected or read twice, so its failure says nothing about the
    card, and the first fault is told.
    """
    first = line.exchange(command)
    if isinstance(first, Reply) or _LINE_FAULTS[first] is CardFault.NO_READER:
        return first
    again = line.exchange(command)
    if isinstance(again, Reply):
        return again if again.status in _SUCCESSES[command] else first
    return again if _LINE_FAULTS[again] is CardFault.NO_READER else first


def _local_day() -> date:
    return datetime.now().astimezone().date()


class SdtSerialReader:
    """A reader on a serial port (a USB adapter, or a simulator's pty).

    After a successful read most readers do not find the card again until it has been lifted:
    `find` says that a card can be read, and its False does not say that the plate is empty.
    An unplugged reader is opened again by the next call after it came back.
    """

    def __init__(
        self, port: str, baud: int = 115200, today: Callable[[], date] = _local_day
    ) -> None:
        self._line = SdtLine(port, baud)
        self._worker = Worker("idcard")
        self._presence = Presence()
        self._today = today
        self._closed = False

    async def status(self) -> DeviceStatus:
        """Asks the reader's security module, not the card."""
        if self._closed:
            return self._presence.observe(LineFault.ABSENT)
        try:
            probe = await self._worker.call(_PATIENCE, self._line.exchange, Command.SAM_STATUS)
        except TimeoutError:
            probe = LineFault.SILENT
        return self._presence.observe(probe)

    async def find(self) -> bool | CardFault:
        if self._closed:
            return CardFault.NO_READER
        try:
            return await self._worker.call(_PATIENCE, find_card, self._line)
        except TimeoutError:
            return CardFault.NO_READER

    async def read(self) -> IdCard | CardFault:
        if self._closed:
            return CardFault.NO_READER
        try:
            return await self._worker.call(_PATIENCE, read_card, self._line, self._today())
        except TimeoutError:
            return CardFault.NO_READER

    async def close(self) -> None:
        """Ends a call that is waiting. The port is free afterwards; later calls find no reader."""
        if self._closed:
            return
        self._closed = True
        self._line.abandon()
        with contextlib.suppress(TimeoutError):
            await self._worker.call(_CLOSING_SECONDS, self._line.close)
        self._worker.close()
