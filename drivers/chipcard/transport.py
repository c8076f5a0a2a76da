"""Cards through PC/SC behind `kiosk.ports.CardReader`: social security cards and passports."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar, Self, TypeVar

from cryptography import x509
from pydantic import Field

from drivers.chipcard.apdu import LinkFault
from drivers.chipcard.emrtd import load_issuers
from drivers.chipcard.pcsc import Card, Context
from drivers.chipcard.reading import OF_LINK, read_card, read_uid
from drivers.chipcard.status import DEVICE, Trouble, status_of
from drivers.chipcard.watch import Scene, Watch
from drivers.debounce import Debounce
from drivers.options import Options, Site
from drivers.worker import Worker
from kiosk.model import CardFault, DeviceStatus, IdCard

R = TypeVar("R")

_FIRST_LOOK = 3.0  # seconds for the service to answer for the first time
_LIFT_SECONDS = 1.0  # pcscd looks for the card more often than this
_OWN_SECONDS = 1.0  # after a read pcscd tells of its end so late
_CLOSING_SECONDS = 3.0
_MISSES = (Trouble.SERVICE_DOWN, Trouble.SERVICE_HUNG, Trouble.NO_READER, Trouble.OTHER_READER)
_UNSURE = (LinkFault.BROKEN, LinkFault.GIVEN_UP, LinkFault.MUTE)
# what leaves a card to be tried again as it lies there
_NOT_YET_READ = (
    CardFault.ACCESS_NEEDED,
    CardFault.REFUSED,
    CardFault.LIFTED,
    CardFault.NO_READER,
)


class PcscOptions(Options):
    reader: str = Field("", description="part of the reader's name in pcscd; empty: the first one")
    seconds: float = Field(20.0, gt=0, le=60, description="the longest that reading a card takes")
    issuers: Path | None = Field(
        None,
        description="folder of issuing states' certificates (CSCA, PEM or DER): a passport whose "
        "signer none of them vouches for is refused. Without it the signer is not proven",
    )
    socket: str = Field(
        "", max_length=107, description="pcscd's socket, when it is not the system's own"
    )


def _local_day() -> date:
    return datetime.now().astimezone().date()


class PcscReader:
    """A contact or contactless reader that pcscd knows.

    A chip that stops answering for good holds the reader until the card is lifted; calls end in
    time all the same.
    """

    Options: ClassVar[type[PcscOptions]] = PcscOptions

    def __init__(self, options: PcscOptions, today: Callable[[], date] = _local_day) -> None:
        self._options = options
        self._today = today
        self._watch = Watch(options.reader)
        self._worker = Worker(DEVICE)
        self._debounce = Debounce(DEVICE)
        self._spent = 0  # `Scene.card` of the card that was read
        self._stops: set[threading.Event] = set()
        self._closed = False

    @classmethod
    def build(cls, options: PcscOptions, _site: Site) -> Self:
        if options.socket:  # libpcsclite looks at it once, at a process's first call
            os.environ["PCSCLITE_CSOCK_NAME"] = options.socket
        return cls(options)

    async def status(self) -> DeviceStatus:
        folder, trouble = self._options.issuers, (await self.look()).trouble
        if trouble is None and folder is not None and not folder.is_dir():
            trouble = Trouble.ISSUERS_MISSING
        return self._debounce.see(status_of(trouble), missed=trouble in _MISSES)

    async def arrival(self, *, fresh: bool = False) -> CardFault | None:
        """A service or reader that comes back is found by itself, but not by this call."""
        scene = await self.look()
        lying = scene.card if fresh else 0
        while scene.trouble is None:
            if scene.card and scene.card not in (self._spent, lying):
                return None
            scene = await self._watch.after(scene)
        return CardFault.NO_READER

    async def read(self, access: str = "", *, expired: bool = False) -> IdCard | CardFault:
        scene = await self.look()
        if scene.trouble is not None:
            return CardFault.NO_READER
        if not scene.card:
            return CardFault.LIFTED
        card = await self._act(scene, self._read, access, self._today(), expired)
        if isinstance(card, LinkFault):
            card = await self._why(card, scene)
        if card not in _NOT_YET_READ:
            self._spent = scene.card
        return card

    async def uid(self) -> bytes | CardFault:
        """A contactless card's radio number; empty for a contact card. Tests a reader."""
        scene = await self.look()
        if scene.trouble is not None:
            return CardFault.NO_READER
        if not scene.card:
            return CardFault.LIFTED
        uid = await self._act(scene, read_uid)
        return await self._why(uid, scene) if isinstance(uid, LinkFault) else uid

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        for stop in tuple(self._stops):
            stop.set()
        self._worker.close()
        await self._watch.stop(_CLOSING_SECONDS)

    async def look(self) -> Scene:
        """What the service says now."""
        self._watch.start()
        return await self._watch.after(None, _FIRST_LOOK)

    async def _act(self, scene: Scene, act: Callable[..., R], *args: object) -> R | LinkFault:
        """`act(card, …)` on the powered card; however the wait ends, the act is told to stop."""
        if self._worker.hung:  # it holds the reader until its card is lifted
            return LinkFault.GIVEN_UP
        stop, seconds = threading.Event(), self._options.seconds
        self._stops.add(stop)
        self._watch.own(seconds + _OWN_SECONDS)
        try:
            return await self._worker.call(seconds, _on_card, scene, stop, act, *args)
        except TimeoutError:
            return LinkFault.GIVEN_UP
        finally:
            stop.set()
            self._stops.discard(stop)
            self._watch.own(_OWN_SECONDS)

    def _read(
        self, card: Card, access: str, today: date, expired: bool
    ) -> IdCard | CardFault | LinkFault:
        folder = self._options.issuers
        issuers = _issuers(folder) if folder else None
        return read_card(card, access, today, issuers, expired=expired)

    async def _why(self, fault: LinkFault, scene: Scene) -> CardFault:
        """Whether a hand or a fault broke the exchange off shows when pcscd looks again."""
        now = self._watch.now()
        if fault in _UNSURE and now.card == scene.card:
            now = await self._watch.after(now, _LIFT_SECONDS)
        if self._closed or now.trouble is not None:
            return CardFault.NO_READER
        return OF_LINK[fault] if now.card == scene.card else CardFault.LIFTED


def _issuers(folder: Path) -> tuple[x509.Certificate, ...]:
    try:
        files = [file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file()]
    except OSError:
        return ()
    return load_issuers(files)


def _on_card(
    scene: Scene, stop: threading.Event, act: Callable[..., R], *args: object
) -> R | LinkFault:
    """On the worker's thread: a connection of its own for each act, so that none outlives pcscd."""
    context = Context.open()
    if isinstance(context, Trouble):
        return LinkFault.NO_READER
    try:
        card = context.connect(scene.reader, scene.atr, stop)
        if isinstance(card, LinkFault):
            return card
        try:
            return act(card, *args)
        finally:
            card.close()
    finally:
        context.close()
