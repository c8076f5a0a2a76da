"""A real IPP printer for tests: CUPS's `ippeveprinter`, in namespaces of its own.

It refuses to start without Avahi, and Avahi without D-Bus; all three run in private network, mount
and process namespaces, so that nothing of this machine is touched and nothing is left behind. A
relay hands connections on: its listening socket was made outside, and works inside.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("ippeveprinter", "avahi-daemon", "dbus-daemon", "unshare", "setpriv", "ip")
INSIDE = 8631
TRAYS = "size1=iso_a4_210x297mm&type1=stationery&level1={main}&size3=&type3=&level3={bypass}"
UNKNOWN = -2  # a tray that does not know
START = """
set -e
mount -t tmpfs tmpfs /run
mkdir /run/dbus
ip link set lo up
ip link set lo multicast on
dbus-daemon --system --nofork --nopidfile &
until [ -S /run/dbus/system_bus_socket ]; do sleep 0.02; done
avahi-daemon --no-drop-root --no-chroot --no-rlimits &
until [ -S /run/avahi-daemon/socket ]; do sleep 0.02; done
"$1" "$2" "$3" &
exec ippeveprinter -p "$4" -n localhost -r off -f application/pdf -d "$5" -c "$6" -K "$5" \\
  -m Laser Kiosk
"""
WORK = """#!/bin/sh
# $1: the document. Its copy is the sheet; both are there at the end of the time, or not at all.
sleep {seconds}
echo "ATTR: job-impressions-completed=1" >&2
cp "$1" {out}/.part.$$ && mv {out}/.part.$$ {out}/$$.pdf
"""


def missing() -> str:
    """Why it can't be run here; '' when it can."""
    if os.geteuid() != 0:
        return "needs root for its namespaces"
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    absent = [name for name in PROGRAMS if shutil.which(name, path=path) is None]
    return f"not installed: {', '.join(absent)}" if absent else ""


@dataclass
class Server:
    port: int
    out: Path

    @property
    def uri(self) -> str:
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    def sheets(self) -> list[Path]:
        return list(self.out.glob("*.pdf"))

    def paper(self, sheets: int, bypass: int = UNKNOWN) -> None:
        """0, 5, 25, 50, 125 or 250 of A4; the other tray is never used."""
        self._form("media?" + TRAYS.format(main=sheets, bypass=bypass))

    def supplies(self, *, toner: int = 75, waste: int = 25) -> None:
        """Percent."""
        self._form(f"supplies?supply0={waste}&supply1={toner}")

    def _form(self, query: str) -> None:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{query}", timeout=20) as answer:
            answer.read()


@contextmanager
def running(folder: Path, seconds: float = 0.3) -> Iterator[Server]:
    """`seconds`: that one document takes."""
    out, spool, work = folder / "out", folder / "spool", folder / "work.sh"
    for made in (out, spool):
        made.mkdir()
    work.write_text(WORK.format(seconds=seconds, out=out))
    work.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = _start(listener, spool, work, folder / "log.txt")
        try:
            server = Server(listener.getsockname()[1], out)
            _until_ready(server, process, folder / "log.txt")
            yield server
        finally:
            process.kill()  # and with it everything in its process namespace
            process.wait(10)


def _start(listener: socket.socket, spool: Path, work: Path, log: Path) -> subprocess.Popen[bytes]:
    namespaces = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    handle = listener.fileno()
    relay = [sys.executable, str(Path(__file__).resolve()), str(handle)]
    inside = ["sh", "-c", START, "start", *relay, str(INSIDE), str(spool), str(work)]
    with log.open("wb") as into:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *namespaces, *inside],
            pass_fds=[handle],
            stdin=subprocess.DEVNULL,
            stdout=into,
            stderr=into,
            env={**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"},
        )


def _until_ready(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            server.paper(250)
            return
        time.sleep(0.05)
    raise AssertionError(f"ippeveprinter did not start:\n{log.read_text(errors='replace')}")


# ---- The relay, inside -----------------------------------------------------------------------


def relay(handle: int) -> None:
    listener = socket.socket(fileno=handle)
    while True:
        outer, _ = listener.accept()
        threading.Thread(target=_join, args=(outer,), daemon=True).start()


def _join(outer: socket.socket) -> None:
    """Bytes both ways, until either end has said its last."""
    with (
        outer,
        contextlib.suppress(OSError),
        socket.create_connection(("localhost", INSIDE)) as inner,
    ):
        other = {outer: inner, inner: outer}
        while True:
            for ready in select.select([outer, inner], [], [])[0]:
                data = ready.recv(1 << 16)
                if not data:
                    return
                other[ready].sendall(data)


if __name__ == "__main__":
    relay(int(sys.argv[1]))
