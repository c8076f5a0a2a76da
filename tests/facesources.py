"""Processes of faces that a real one should not be: entries for `drivers.face.matcher.Matcher`."""

from __future__ import annotations

import ctypes
import os
import socket
import time

from drivers.face import wire
from drivers.process import MAX_MESSAGE
from kiosk.model import FaceHint

LOADED = wire.pack(wire.Loaded("a pack 1"))


def hangs_before_it_loads(_channel: socket.socket) -> None:
    ctypes.PyDLL(None).pause()  # and keeps the interpreter's lock


def dies_before_it_loads(_channel: socket.socket) -> None:
    os.abort()


def answers(channel: socket.socket, *answer: bytes) -> bool:
    """Like a good one until the first picture; False when its parent has gone."""
    channel.recv(MAX_MESSAGE)
    channel.send(LOADED)
    if not socket.recv_fds(channel, MAX_MESSAGE, 2)[0] or not channel.recv(MAX_MESSAGE):
        return False
    for one in answer:
        channel.send(one)
    return True


def hangs_over_a_picture(channel: socket.socket) -> None:
    answers(channel, wire.pack(wire.Hinted(FaceHint.HOLD_STILL)))
    channel.recv(MAX_MESSAGE)
    ctypes.PyDLL(None).pause()


def dies_over_a_picture(channel: socket.socket) -> None:
    if answers(channel):
        ctypes.string_at(0)


def talks_nonsense(channel: socket.socket) -> None:
    answers(channel, b'{"type":"Decided","decision":{"fault":"all is well"}}')
    time.sleep(60)


def says_it_loaded_again(channel: socket.socket) -> None:
    answers(channel, LOADED)
    time.sleep(60)
