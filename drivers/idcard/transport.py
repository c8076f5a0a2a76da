"""The ID card reader behind `kiosk.ports.CardReader`: SDT protocol over a serial port."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any, ClassVar, Concatenate, ParamSpec, Self, TypeVar

from pydantic import Field, field_validator

from drivers.debounce import MISSES, Debounce
from drivers.idcard.codes import sam_number
from drivers.idcard.frames import Command, Reply, Status
from drivers.idcard.line import LineFault
from drivers.idcard.photo import SYNTAX, PhotoDecoder
from drivers.idcard.rates import FIND_OUT, RATES, TunedLine
from drivers.idcard.reading import Ask, Wish, find_card, read_card
from drivers.idcard.status import DEVICE, device_status
from drivers.options import Options, Site
from drivers.worker import Worker
from kiosk.model import CardFault, DeviceStatus, IdCard

P = ParamSpec("P")
R = TypeVar("R")

_PATIENCE = 20.0  # seconds; every call on the line ends by itself long before
_STATUS_SECONDS = 4.0
_CLOSING_SECONDS = 2.0
_ASK_EVERY = 0.25  # seconds; SDT readers don't tell of a card by themselves
# What a cable that flaps can cause: believed when it stays.
_MAY_PASS = (CardFault.NO_READER, CardFault.CHECKSUM, CardFault.CUT_SHORT)


class SdtOptions(Options):
    port: str = Field(
        min_length=1,
        description="serial port, best by a name that lasts: /dev/serial/by-id/…",
    )
    baud: int = Field(
        115200,
        description=f"the reader's rate ({', '.join(map(str, RATES))}); 0: find it out",
    )
    fingerprints: bool = Field(False, description="read fingerprints too, where a card has some")
    new_address: bool = Field(True, description="read the address that was appended after a move")
    photo_decoder: str = Field("", description=f"makes a picture of the portrait: {SYNTAX}")

    @field_validator("baud")
    @classmethod
    def _is_known(cls, baud: int) -> int:
        if baud not in (FIND_OUT, *RATES):
            raise ValueError(f"one of {', '.join(map(str, (FIND_OUT, *RATES)))}")
        return baud

    @field_validator("photo_decoder")
    @classmethod
    def _is_a_decoder(cls, setting: str) -> str:
        PhotoDecoder(setting)
        return setting


def _local_day() -> date:
    return datetime.now().astimezone().date()


class SdtSerialReader:
    """A reader on a serial port (a USB adapter, or a simulator's pty).

    After a read most readers do not find the card again until it has been lifted, and the driver
    relies on it. An unplugged reader is opened again by the next call after it came back.
    """

    Options: ClassVar[type[SdtOptions]] = SdtOptions

    def __init__(
        self,
        port: str,
        baud: int = 115200,
        *,
        fingerprints: bool = False,
        new_address: bool = True,
        photo_decoder: str = "",
        today: Callable[[], date] = _local_day,
    ) -> None:
        self._line = TunedLine(port, baud)
        self._worker = Worker(DEVICE)
        self._debounce = Debounce(DEVICE)
        self._decoder = PhotoDecoder(photo_decoder)
        self._wish = partial(Wish, fingerprints=fingerprints, new_address=new_address)
        self._today = today
        self._stops: set[threading.Event] = set()
        self._closed = False

    @classmethod
    def build(cls, options: Any, _site: Site) -> Self:
        return cls(**options.model_dump())

    async def status(self) -> DeviceStatus:
        """Asks the reader's security module, not the card."""
        probe = await self._ask(Command.SAM_STATUS, _STATUS_SECONDS)
        status = device_status(probe, self._decoder.state())
        return self._debounce.see(status, missed=isinstance(probe, LineFault))

    async def arrival(self, *, fresh: bool = False) -> CardFault | None:
        """Asks now and then. An absence that begins while it waits is believed at the third miss.

        Cancelled, it ends within a tick of the line; a reply on its way disturbs nobody.
        """
        empty, answered, misses = not fresh, False, 0
        while True:
            found = await self._call(_PATIENCE, CardFault.NO_READER, _find)
            if isinstance(found, CardFault):
                misses += 1
                away = found is CardFault.NO_READER and (self._closed or not answered)
                if away or found not in _MAY_PASS or misses >= MISSES:
                    return found
            elif found and empty:
                return None
            else:
                empty = empty or not found
                answered, misses = True, 0
            await asyncio.sleep(_ASK_EVERY)

    async def read(self, access: str = "", *, expired: bool = False) -> IdCard | CardFault:
        wish = self._wish(self._today(), expired)
        return await self._call(_PATIENCE, CardFault.NO_READER, _read, wish, self._decoder)

    async def identity(self) -> str:
        """The security module's number as printed on it; empty when it does not answer."""
        reply = await self._ask(Command.SAM_ID)
        return sam_number(reply.data) if isinstance(reply, Reply) else ""

    async def reset(self) -> bool:
        """Start the security module anew; did it say that it did?"""
        reply = await self._ask(Command.RESET)
        return isinstance(reply, Reply) and reply.status == Status.OK

    async def detect_baud(self) -> int:
        """The rate at which the reader answers, which the driver then keeps; 0 when at none."""
        return await self._call(_PATIENCE, 0, TunedLine.detect)

    async def set_baud(self, baud: int) -> bool:
        """Bring reader and port to one of `rates.RATES`; False: both are as they were.

        The settings must name the new rate (or 0) before the next start.
        """
        if baud not in RATES:
            return False
        return await self._call(_PATIENCE, False, _change, baud)

    async def close(self) -> None:
        """Ends a call that is waiting. The port is free afterwards; later calls find no reader."""
        if self._closed:
            return
        self._closed = True
        for stop in tuple(self._stops):
            stop.set()
        with contextlib.suppress(TimeoutError):
            await self._worker.call(_CLOSING_SECONDS, self._line.close)
        self._worker.close()

    async def _ask(self, command: Command, seconds: float = _PATIENCE) -> Reply | LineFault:
        missing = LineFault.ABSENT if self._closed else LineFault.SILENT
        return await self._call(seconds, missing, _exchange, command)

    async def _call(
        self,
        seconds: float,
        otherwise: R,
        function: Callable[Concatenate[TunedLine, threading.Event, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run on the device's thread; `otherwise` when closed or out of time.

        However the wait ends, the thread is told to stop, so that the next call can begin.
        """
        if self._closed:
            return otherwise
        stop = threading.Event()
        self._stops.add(stop)
        try:
            return await self._worker.call(seconds, function, self._line, stop, *args, **kwargs)
        except TimeoutError:
            return otherwise
        finally:
            stop.set()
            self._stops.discard(stop)


def _exchange(line: TunedLine, stop: threading.Event, command: Command) -> Reply | LineFault:
    return line.exchange(command, stop)


def _change(line: TunedLine, stop: threading.Event, baud: int) -> bool:
    return line.change(baud, stop)


def _find(line: TunedLine, stop: threading.Event) -> bool | CardFault:
    return find_card(_asking(line, stop))


def _read(
    line: TunedLine, stop: threading.Event, wish: Wish, decoder: PhotoDecoder
) -> IdCard | CardFault:
    return read_card(_asking(line, stop), wish, partial(decoder.decode, stop=stop))


def _asking(line: TunedLine, stop: threading.Event) -> Ask:
    return lambda command: line.exchange(command, stop)
