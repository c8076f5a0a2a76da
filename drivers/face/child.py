"""The face's process: loads one pack, looks at one person, decides, and is killed.

It sees whom the camera sees and what the card shows: it writes no file, opens no connection, and
what it had in memory goes with it.
"""

from __future__ import annotations

import os
import resource
import socket
import time
from pathlib import Path

import cv2

from drivers.camera.ring import Ring
from drivers.face import wire
from drivers.face.manifest import PackProblem
from drivers.face.packs import Pack, load
from drivers.face.portrait import portrait_vector
from drivers.face.verification import Verification
from drivers.process import MAX_MESSAGE
from kiosk.model import FaceDecision, FaceFault

NICE = 5  # the mirror on screen comes first
THREADS = 2
WORKING_BYTES = 384 << 20  # for pictures of any size that a source or a card may give
HANDLES = 2


def serve(channel: socket.socket) -> None:
    os.nice(NICE)
    cv2.setNumThreads(THREADS)
    message = channel.recv(MAX_MESSAGE)
    if not message:
        return  # not needed any more
    order = wire.unpack_down(message)
    assert isinstance(order, wire.Load)
    pack = load(Path(order.folder))
    if isinstance(pack, PackProblem):
        channel.send(wire.pack(wire.Loaded(fault=pack.fault, about=pack.about)))
        return
    channel.send(wire.pack(wire.Loaded(label=pack.manifest.label)))
    _bound_memory(WORKING_BYTES)
    message, handles, _, _ = socket.recv_fds(channel, MAX_MESSAGE, HANDLES)
    if not message:
        return
    begin = wire.unpack_down(message)
    assert isinstance(begin, wire.Begin)
    _serve_one(channel, pack, begin, handles)


def _serve_one(channel: socket.socket, pack: Pack, begin: wire.Begin, handles: list[int]) -> None:
    end = time.monotonic() + begin.seconds
    ring = Ring(handles[0], begin.largest, begin.view)
    portrait = portrait_vector(pack, os.pread(handles[1], begin.portrait, 0))
    if portrait is None:
        decision = FaceDecision(FaceFault.NO_PORTRAIT, pack.manifest.label)
        channel.send(wire.pack(wire.Decided(decision)))
        return
    person = Verification(pack, portrait, begin.challenges, end)
    while message := channel.recv(MAX_MESSAGE):
        frame = wire.unpack_down(message)
        assert isinstance(frame, wire.Frame)
        channel.send(wire.pack(_answer(person, ring, frame)))


def _answer(person: Verification, ring: Ring, frame: wire.Frame) -> wire.Hinted | wire.Decided:
    view = ring.read(frame.slot, frame.number, 1, frame.view)
    still = ring.read(frame.slot, frame.number, 0, frame.picture)
    assert view is not None
    assert still is not None
    said = person.offer(view, still, time.monotonic())
    return wire.Decided(said) if isinstance(said, FaceDecision) else wire.Hinted(said)


def _bound_memory(more: int) -> None:
    """A portrait that announces absurd sizes gets no memory for them."""
    pages = int(Path("/proc/self/statm").read_text().split()[5])
    limit = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
