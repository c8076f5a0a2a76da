"""Mosquitto as a child process: started, watched, restarted, reloaded, stopped by its pid.

In production the same contract runs on any MQTT broker: `broker.start = false`.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import structlog

from fleet.errors import BrokerError
from fleet.pki import access

# `user` counts only when the fleet manager itself runs as root: Mosquitto then stays root, since
# another user could not reach its folder. Nothing that must not be lost lives in the broker alone
# (terminals keep what the fleet has not acknowledged), so saving once a second will do, and costs
# far less than saving every change.
SETTINGS = """\
# Written by the fleet manager at each start: changes here are lost.
user root
listener {port} {host}
{access}persistence true
persistence_location {folder}/
autosave_interval 1
autosave_on_changes false
max_inflight_messages 1000
max_queued_messages 20000
max_queued_bytes 67108864
max_packet_size 1048576
log_dest stderr
log_type error
log_type warning
connection_messages false
"""
LOOPBACK = ("127.0.0.1", "::1", "localhost")
START_SECONDS = 10.0
STOP_SECONDS = 5.0
BACKOFF = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
CALM_SECONDS = 30.0  # having lived so long, the next restart is quick again

log = structlog.get_logger("fleet.broker")


class Broker:
    """`folder` holds its configuration, pid and saved state.

    `secure`: certificates and access list (`fleet.pki`); without them everybody is let in.
    """

    def __init__(self, folder: Path, host: str, port: int, secure: Path | None = None) -> None:
        if secure is None and host not in LOOPBACK:
            raise BrokerError(
                f"broker.host is {host}: without link.tls the built-in broker asks nobody who they"
                " are, so it listens on 127.0.0.1 alone; for other addresses set link.tls = true,"
                " or broker.start = false"
            )
        self._access = access.OPEN if secure is None else access.secure(secure)
        self._folder = folder.resolve()
        self._host = host
        self._port = port
        self._config = self._folder / "mosquitto.conf"
        self._pid_file = self._folder / "mosquitto.pid"
        self._command: list[str] = []
        self._stopping = threading.Event()
        self._first = threading.Event()
        self._error: BrokerError | None = None
        self._process: subprocess.Popen[bytes] | None = None
        # The kernel ties the child's life to the thread that started it (PR_SET_PDEATHSIG), so
        # that one thread starts every child and lives until the end.
        self._thread = threading.Thread(target=self._watch, name="broker", daemon=True)

    def start(self) -> None:
        """Returns when it accepts connections; raises `BrokerError`."""
        self._command = [*_find("mosquitto"), "-c", str(self._config)]
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._end_leftover()
        if _accepts(self._host, self._port):
            raise BrokerError(
                f"port {self._port} on {self._host} is in use by another program:"
                " stop it, or set another broker.port"
            )
        text = SETTINGS.format(
            host=self._host, port=self._port, folder=self._folder, access=self._access
        )
        self._config.write_text(text, encoding="utf-8")
        self._thread.start()
        self._first.wait()
        if self._error is not None:
            raise self._error

    @property
    def pid(self) -> int:
        """0 while it does not run."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else 0

    def reload(self) -> None:
        """It reads certificates, revocations and access list again; connections stay."""
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        """Ends it by its pid; its retained messages are saved."""
        self._stopping.set()
        process = self._process
        if process is not None:
            _end(process)
        if self._thread.is_alive():
            self._thread.join(START_SECONDS + STOP_SECONDS)
        self._pid_file.unlink(missing_ok=True)

    def _watch(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            born = time.monotonic()
            accepted = self._spawn()
            if not self._first.is_set():
                if not accepted:
                    self._error = BrokerError("mosquitto ended at once; its words are above")
                    self._stopping.set()
                self._first.set()
            if self._process is not None:
                code = self._process.wait()
                if not self._stopping.is_set():
                    log.error("broker_ended", code=code)
            failures = 0 if time.monotonic() - born > CALM_SECONDS else failures + 1
            self._stopping.wait(BACKOFF[min(failures, len(BACKOFF)) - 1] if failures else 0)

    def _spawn(self) -> bool:
        """True once it accepts connections."""
        # In a session of its own, Ctrl-C in a terminal does not end it before we said goodbye.
        self._process = process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, start_new_session=True
        )
        self._pid_file.write_text(f"{process.pid}\n", encoding="ascii")
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            if self._stopping.is_set():
                _end(process)
                return False
            if _accepts(self._host, self._port):
                log.info("broker_started", pid=process.pid, port=self._port)
                return True
            time.sleep(0.02)
        _end(process)
        return False

    def _end_leftover(self) -> None:
        """A Mosquitto that outlived a killed fleet manager: ours by pid and configuration."""
        try:
            pid = int(self._pid_file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return
        for kill in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + STOP_SECONDS
            while self._is_ours(pid):
                if time.monotonic() > deadline:
                    break
                _signal(pid, kill)
                time.sleep(0.05)
        self._pid_file.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return os.fsencode(self._config) in words


def _find(program: str) -> list[str]:
    """The command, to be ended by the kernel when this process is killed."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    found = shutil.which(program, path=path)
    if found is None:
        raise BrokerError(f"{program} is not installed: apt-get install {program}")
    tie = shutil.which("setpriv", path=path)
    return [tie, "--pdeathsig", "TERM", found] if tie else [found]


def _accepts(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
