"""Starting programs that never outlive us, finding free ports, and a virtual display."""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import signal
import socket
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_QUIET_PORTS = range(20_000, 32_768)
_SLICES = 16  # of those ports, one for each process that chooses
_given: deque[int] = deque(maxlen=256)  # lately, and perhaps not taken yet
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def start(
    argv: Sequence[str],
    env: Mapping[str, str] | None = None,
    stdout: int | IO[bytes] | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own; it gets SIGTERM when we die, however we die.

    Call from the main thread: the kernel watches the thread that started the child.
    """
    return subprocess.Popen(
        argv,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        pass_fds=pass_fds,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 (no thread of ours holds a lock here)
    )


def stop(process: subprocess.Popen[bytes], seconds: float = 25) -> None:
    """Ask to end, wait (a print under way gets its time), then insist."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def free_port(preferred: int = 0) -> int:
    """`preferred` when nobody listens there, otherwise any free port of loopback.

    Those are below the range from which the kernel gives ports to connections that go out (Linux:
    32768 and above), so that none of them takes it before the caller does. None is given twice in a
    row of calls, and processes that choose at the same time seldom choose the same.
    """
    own = [port for port in _QUIET_PORTS[os.getpid() % _SLICES :: _SLICES] if port not in _given]
    for port in (preferred, *random.sample(own, 20)):
        if not port:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            _given.append(port)
            return port
    raise OSError("no free port on loopback")


def has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def display_size() -> tuple[int, int] | None:
    """Pixels of the X display that `DISPLAY` names; None where there is no X to ask."""
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = x11.XOpenDisplay(None)
    if not display:
        return None
    width, height = (
        ask(ctypes.c_void_p(display), 0) for ask in (x11.XDisplayWidth, x11.XDisplayHeight)
    )
    x11.XCloseDisplay(ctypes.c_void_p(display))
    return width, height


def virtual_display(width: int, height: int) -> tuple[subprocess.Popen[bytes], str]:
    """Start Xvfb on a display number that it picks itself; gives the process and `:N`."""
    program = shutil.which("Xvfb")
    if program is None:
        raise FileNotFoundError("Xvfb is missing: install the Debian package xvfb")
    reading, writing = os.pipe()
    argv = [program, "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24",
            "-nolisten", "tcp", "-noreset"]  # fmt: skip
    process = start(argv, stdout=subprocess.DEVNULL, pass_fds=(writing,))
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    if not number:
        raise OSError("Xvfb did not start")
    return process, f":{number}"


def empty_folder(folder: Path) -> None:
    """Make `folder`, with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
