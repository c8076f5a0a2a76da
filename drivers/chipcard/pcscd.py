"""A pcscd of one's own, with vpcd for a reader: the system's is neither needed nor disturbed.

It runs in namespaces of network, mounts and processes (`unshare`): vpcd listens on all addresses,
and pcscd knows one place for its socket. There, that place is a folder of ours, so the socket is an
ordinary file which programs outside reach: `PCSCLITE_CSOCK_NAME` names it. Any user may do so
where the kernel allows user namespaces; root may anyway.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

SOCKET = "pcscd.comm"
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
_PACKAGES = "pcscd, vsmartcard-vpcd and util-linux are needed"
_CONF = "reader.conf"
_READER = """\
FRIENDLYNAME "Virtual PCD"
DEVICENAME /dev/null:0x{port:04X}
LIBPATH {driver}
CHANNELID 0x{port:04X}
"""
_PID_FILE = "pcscd.pid"
_START_SECONDS, _STOP_SECONDS, _TICK = 10.0, 5.0, 0.01
_LISTEN = "0A"  # of a socket, in /proc/net/tcp
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1


def namespaces() -> list[str]:
    """The command before another one that gives it namespaces of its own; all in it die with it."""
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", *user, "--"]


def missing() -> str:
    """Why none can run on this machine; empty when it can."""
    programs = all(shutil.which(name) for name in ("pcscd", "unshare", "mount"))
    if not programs or not DRIVER.exists():
        return _PACKAGES
    tried = subprocess.run([*namespaces(), "true"], capture_output=True, check=False, timeout=10)
    return (
        "" if tried.returncode == 0 else "neither root nor user namespaces: no pcscd of one's own"
    )


def settle_in(folder: Path) -> None:
    """Within the namespaces: a loopback device, and `folder` where pcscd puts its socket."""
    request = struct.pack("16sh14x", b"lo", _IFF_UP)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, request)
    folder.mkdir(parents=True, exist_ok=True)
    here = ("mount", "--bind", ".", "/run/pcscd")
    subprocess.run(("mount", "-t", "tmpfs", "none", "/run"), cwd=folder, check=True)
    Path("/run/pcscd").mkdir()
    subprocess.run(here, cwd=folder, check=True)


class Pcscd:
    """Within the namespaces. Readers are told by a file that pcscd reads at its start."""

    def __init__(self, folder: Path, port: int) -> None:
        self._port = port
        self._folder = folder
        self._reader = _READER.format(port=port, driver=DRIVER)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, plugged: bool) -> None:
        """It answers and has its reader when this returns; `TimeoutError` when it does not."""
        for name in (SOCKET, _PID_FILE):  # of one that was killed
            (self._folder / name).unlink(missing_ok=True)
        conf = self._folder / _CONF
        conf.write_text(self._reader if plugged else "", "ascii")
        self._process = subprocess.Popen(
            ["pcscd", "--foreground", "--critical", "--config", str(conf)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _until(self._answers, "pcscd does not answer")
        if plugged:
            _until(self._listens, "pcscd has no reader")

    @property
    def ended(self) -> bool:
        """By itself: nobody has asked for it."""
        return self._process is not None and self._process.poll() is not None

    def hang(self, *, hung: bool) -> None:
        if self._process:
            self._process.send_signal(signal.SIGSTOP if hung else signal.SIGCONT)

    def stop(self) -> None:
        process, self._process = self._process, None
        if process:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
            process.kill()
            process.wait(_STOP_SECONDS)
        (self._folder / SOCKET).unlink(missing_ok=True)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client, contextlib.suppress(OSError):
            client.connect(f"/run/pcscd/{SOCKET}")
            return True
        return False

    def _listens(self) -> bool:
        """As the kernel's table has it: to connect would be to put a card in."""
        lines = Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
        return any(
            here.endswith(f":{self._port:04X}") and state == _LISTEN
            for _, here, _, state, *_ in map(str.split, lines)
        )


def _until(happens: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + _START_SECONDS
    while not happens():
        if time.monotonic() > end:
            raise TimeoutError(otherwise)
        time.sleep(_TICK)
