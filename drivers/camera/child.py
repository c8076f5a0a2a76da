"""The camera's process: opens one source, keeps its newest picture ready, ends with its channel."""

from __future__ import annotations

import contextlib
import resource
import socket
import threading
import time
from pathlib import Path

import cv2
import numpy as np

from drivers.camera.ring import COLOURS, SLOTS, Picture, Ring
from drivers.camera.source import Source, TooLarge, always_differs
from drivers.camera.standstill import Standstill
from drivers.camera.wire import NEXT, READY, SAME, End, Mode, Offer, Order, pack_end, unpack_order
from drivers.process import MAX_MESSAGE, resolve

EARLY = 0.25  # of the time between two pictures: how much too early one may come
WORKING_PICTURES = 8  # of the largest size, that a library may hold at once
WORKING_BYTES = 128 << 20  # for all else


def serve(channel: socket.socket) -> None:
    channel.send(READY)
    message, handles, _, _ = socket.recv_fds(channel, MAX_MESSAGE, 1)
    if not message or not handles:
        return  # not needed any more
    order = unpack_order(message)
    view = order.mode.view
    ring = Ring(handles[0], order.mode.largest, view[0] * view[1])
    _bound_memory(WORKING_BYTES + order.mode.largest * COLOURS * WORKING_PICTURES)
    outlet = _Outlet(channel, ring, order.mode)
    with contextlib.suppress(OSError):  # the parent has gone
        channel.send(pack_end(_run(order, outlet)))
    outlet.join()  # a channel that closes with something unread would lose this last word


def _run(order: Order, outlet: _Outlet) -> End:
    source: Source | None = None
    try:
        source = resolve(order.opener)(order.source, order.mode)
        if source is None:
            return End.NOT_OPENED
        watched = Standstill(order.mode.frozen_seconds) if always_differs(order.source) else None
        return _pump(source, outlet, order.mode, watched)
    except TooLarge:
        return End.TOO_LARGE
    except (cv2.error, MemoryError):
        return End.NO_MORE  # what OpenCV can't read has ended
    finally:
        if source is not None:
            source.release()


def _pump(source: Source, outlet: _Outlet, mode: Mode, standstill: Standstill | None) -> End:
    """Decodes no more pictures than were asked for: the others only pass.

    The same picture again is no news: nobody shall take a frozen face for one that holds still.
    """
    gap = 1 / mode.rate
    due = time.monotonic()
    while not outlet.halted:
        if not source.grab():
            return End.NO_MORE
        now = time.monotonic()
        if now < due - EARLY * gap:
            continue
        due = max(due + gap, now)
        picture = source.picture()
        if picture is None or picture.ndim != 3 or picture.shape[2] != COLOURS:
            return End.NO_MORE
        if picture.shape[0] * picture.shape[1] > mode.largest:
            return End.TOO_LARGE
        if standstill is None or not standstill.repeats(picture):
            outlet.put(picture)
        elif standstill.frozen:
            return End.FROZEN
        else:
            outlet.put_off()
    return End.HALTED


class _Outlet:
    """Puts pictures into the ring; a thread tells them to the parent as it asks."""

    def __init__(self, channel: socket.socket, ring: Ring, mode: Mode) -> None:
        self.halted = False
        self._channel = channel
        self._ring = ring
        self._box = mode.view
        self._lock = threading.Lock()
        self._number = 0
        self._held: int | None = None  # the slot that the parent reads
        self._newest: Offer | None = None  # not yet told
        self._asked = False
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait until the parent has hung up."""
        self._thread.join()

    def put(self, picture: Picture) -> None:
        view = small(picture, self._box)
        with self._lock:
            newest = None if self._newest is None else self._newest.slot
            slot = next(slot for slot in range(SLOTS) if slot not in (self._held, newest))
        self._number += 1
        self._ring.write(slot, self._number, picture, view)
        offer = Offer(slot, self._number, picture.shape[:2], view.shape[:2])
        with self._lock:
            self._newest = offer
            self._tell()

    def put_off(self) -> None:
        """Nothing new yet, but the source lives."""
        with self._lock:
            if self._asked:
                self._channel.send(SAME)

    def _follow(self) -> None:
        with contextlib.suppress(OSError):
            while self._channel.recv(MAX_MESSAGE) == NEXT:
                with self._lock:
                    self._held, self._asked = None, True
                    self._tell()
        self.halted = True

    def _tell(self) -> None:
        if self._asked and self._newest is not None:
            self._asked = False
            self._held, offer = self._newest.slot, self._newest
            self._newest = None
            self._channel.send(offer.pack())


def small(picture: Picture, box: tuple[int, int]) -> Picture:
    """The picture, scaled down (never up) until it fits into the box (width, height)."""
    height, width = picture.shape[:2]
    scale = min(box[0] / width, box[1] / height)
    if scale >= 1:
        return picture
    size = (max(1, min(box[0], round(width * scale))), max(1, min(box[1], round(height * scale))))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _bound_memory(more: int) -> None:
    """A source that announces absurd pictures gets no memory for them."""
    pages = int(Path("/proc/self/statm").read_text().split()[5])
    limit = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
