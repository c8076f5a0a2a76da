"""Hands that bring trouble to a driver while it is there.

What a simulator, a cable or a setting cannot do here (a program as root is denied nothing; vpcd's
reader has no power to lose) is put into the mouth of the one library call that would tell of it.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np
from smartcard import scard

from camerawork import camera_processes
from documentwork import PDF
from drivers.chipcard.pcsc import Context
from faultrigs import LIMIT, Room

Hand = Callable[[Room], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def nothing(_room: Room) -> AsyncIterator[None]:
    yield


def held(name: str) -> Hand:
    """Another program has the line."""

    @asynccontextmanager
    async def hand(room: Room) -> AsyncIterator[None]:
        line = os.open(room.folder / name, os.O_RDWR | os.O_NOCTTY)
        fcntl.flock(line, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(line)

    return hand


def file(name: str, content: Callable[[], bytes], *, then: Hand = nothing) -> Hand:
    """A file that the settings name; a program when it begins as one."""

    @asynccontextmanager
    async def hand(room: Room) -> AsyncIterator[None]:
        path = room.folder / name
        path.write_bytes(made := content())
        path.chmod(0o755 if made.startswith(b"#!") else 0o644)
        async with then(room):
            yield

    return hand


def script(line: str) -> Callable[[], bytes]:
    return f"#!/bin/sh\n{line}\n".encode


def huge_picture() -> bytes:
    """More pixels than a driver takes, in few bytes."""
    return cv2.imencode(".png", np.zeros((4000, 4000, 3), np.uint8))[1].tobytes()


def refused(target: str, number: int) -> Hand:
    """What the kernel would say to a program without rights, or one that comes second."""

    @asynccontextmanager
    async def hand(_room: Room) -> AsyncIterator[None]:
        with patch(target, side_effect=OSError(number, os.strerror(number))):
            yield

    return hand


@asynccontextmanager
async def without_rights(_room: Room) -> AsyncIterator[None]:
    with patch.object(os, "access", lambda *_a, **_k: False):
        yield


async def use(driver: Any) -> Any:
    """One picture, page or code, whichever it is for."""
    async with asyncio.timeout(LIMIT):
        if hasattr(driver, "scan"):
            return await driver.scan(LIMIT)
        return await driver.capture(lambda _hint: None, LIMIT)


@asynccontextmanager
async def used(room: Room) -> AsyncIterator[None]:
    await use(room.driver)
    yield


@asynccontextmanager
async def killed_in_use(room: Room) -> AsyncIterator[None]:
    """The library crashes: its process ends without a word."""
    using = asyncio.create_task(use(room.driver))
    async with asyncio.timeout(LIMIT):
        while not camera_processes():
            await asyncio.sleep(0.02)
    for process in camera_processes():
        os.kill(process, signal.SIGKILL)
    await using
    yield


@asynccontextmanager
async def scanned_as_rubbish(room: Room) -> AsyncIterator[None]:
    """Three times: wrong speed, framing or character set."""
    for _ in range(3):
        scanning = asyncio.create_task(use(room.driver))
        await asyncio.sleep(0.2)
        room.put(code="SAMPLE", fault="garbage")
        await scanning
    yield


@asynccontextmanager
async def leant_on(room: Room) -> AsyncIterator[None]:
    """Something lies on the keypad."""
    await room.driver.status()
    room.change(key="5", stuck=True)
    yield


@asynccontextmanager
async def printed_in_vain(room: Room) -> AsyncIterator[None]:
    await room.driver.print("job-1", PDF, lambda _rung: None)
    yield


@asynccontextmanager
async def reader_of_another_program(room: Room) -> AsyncIterator[None]:
    async with asyncio.timeout(LIMIT):
        while not (await room.driver.look()).card:
            await asyncio.sleep(0.02)
    context = Context.open()
    assert isinstance(context, Context)
    theirs = context.connect("Virtual PCD 00 00", b"", threading.Event())
    assert not isinstance(theirs, str)
    try:
        yield
    finally:
        theirs.close()
        context.close()


@asynccontextmanager
async def service_that_refuses(_room: Room) -> AsyncIterator[None]:
    """As with polkit; Debian's pcscd is built without."""
    with patch.object(scard, "SCardEstablishContext",
                      lambda *_: (scard.SCARD_W_SECURITY_VIOLATION, 0)):  # fmt: skip
        yield


@asynccontextmanager
async def reader_without_power(_room: Room) -> AsyncIterator[None]:
    real = scard.SCardGetStatusChange

    def changed(*asked: Any) -> tuple[int, list[tuple[str, int, list[int]]]]:
        result, states = real(*asked)
        return result, [(name, state | scard.SCARD_STATE_UNAVAILABLE if "PCD" in name else state,
                         atr) for name, state, atr in states]  # fmt: skip

    with patch.object(scard, "SCardGetStatusChange", changed):
        yield


DENIED, TAKEN = errno.EACCES, errno.EBUSY
