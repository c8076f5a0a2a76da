"""Entries of `drivers.process.Process` that the tests run in a child."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import socket
import sys
from pathlib import Path


def echo(channel: socket.socket) -> None:
    while message := channel.recv(4096):
        channel.send(message.upper())


def tell(channel: socket.socket) -> None:
    """What this process has from its parent."""
    links = {}
    for link in Path("/proc/self/fd").iterdir():
        try:
            links[int(link.name)] = str(link.readlink())
        except OSError:
            continue  # the one of this look
    told = {"links": links, "modules": sorted(sys.modules), "pid": os.getpid(),
            "session": os.getsid(0), "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
            "dumpable": ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)}  # fmt: skip
    channel.sendmsg([json.dumps(told).encode()])
    channel.recv(1)


def deaf(channel: socket.socket) -> None:
    """Hangs with the interpreter's lock held, whatever its channel says."""
    channel.send(b"R")
    ctypes.PyDLL(None).pause()


def abort(_channel: socket.socket) -> None:
    os.abort()
