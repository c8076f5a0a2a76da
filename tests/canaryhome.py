"""A terminal in service for `canaries`: real processes under the real supervisor, a finger outside.

Fleet, simulators and screen are started by the programs in `tests/privacy`, which add to the real
ones what a test needs and take nothing away.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

import canarypictures
from canaries import Person
from drivers.statefile import write_state
from fleet.errors import PkiError
from fleet.pki import tls
from fleet.pki.authority import Authority, Terms
from fleet.pki.names import Role
from kiosk import household, processes
from kiosk.settings import TerminalSettings, load
from realhousehold import QUICK, ROOT, SETTINGS, SMALL, wait

PROGRAMS = Path(__file__).with_name("privacy")
ITEM_FILES = (
    "insurance_certificate.toml", "medical_account_query.toml", "residence_endorsement.toml",
)  # fmt: skip
START_SECONDS = 60.0
ANSWER_SECONDS = 20.0


class Gone(Exception):  # noqa: N818 (no error: it was killed)
    """The screen process is no more."""


class Screen:
    """The screen process as a citizen knows it: pages come, presses go."""

    def __init__(self, place: Path) -> None:
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._door.bind(str(place))
        self._door.listen(1)
        self._line = self._door
        self.pid = 0
        self.page: dict[str, Any] = {}

    def meet(self) -> None:
        """One that has just started."""
        self._door.settimeout(START_SECONDS)
        self._line, _ = self._door.accept()
        self.page = {}
        self.pid = self._hear(ANSWER_SECONDS)["pid"]

    def next(self, seconds: float) -> dict[str, Any]:
        """Wait for the next page, or the same with something new on it."""
        said = self._hear(seconds)
        assert "state" in said, said
        return said

    def press(self, action: str) -> str:
        """`done`, or why not."""
        try:
            self._line.send(action.encode())
        except OSError:
            raise Gone from None
        while "did" not in (said := self._hear(ANSWER_SECONDS)):
            pass
        return str(said["did"])

    def wait_for_end(self) -> None:
        """Of a process that is about to be killed; then `Gone`."""
        while True:
            self._hear(ANSWER_SECONDS)

    def close(self) -> None:
        self._line.close()
        self._door.close()

    def _hear(self, seconds: float) -> dict[str, Any]:
        self._line.settimeout(seconds)
        try:
            said = self._line.recv(8192)
        except ConnectionError:
            said = b""
        except TimeoutError:
            raise AssertionError(f"{seconds:g} s without news at {self.page}") from None
        if not said:
            raise Gone
        told: dict[str, Any] = json.loads(said)
        if "state" in told:
            self.page = told
        return told


class Ears:
    """Everything that goes through the broker, from now on."""

    def __init__(self, port: int, pki: Path) -> None:
        self.heard: list[bytes] = []
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.tls_set_context(_observer(pki))
        self._client.on_connect = lambda client, *_: client.subscribe("#", 1)
        self._client.on_message = self._hear
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def _hear(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        self.heard.append(message.topic.encode() + b" " + message.payload)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def _observer(pki: Path) -> ssl.SSLContext:
    """Of one who may read everything and say nothing."""
    context = tls.client(pki / "root" / "root.pem")
    file = pki / "observer.pem"
    file.write_bytes(Authority(pki, "sample", Terms()).issue_with_key(Role.OBSERVER))
    context.load_cert_chain(file)
    return context


@dataclass
class Home:
    folder: Path
    screen: Screen
    ears: Ears
    supervisor: subprocess.Popen[bytes]
    display: subprocess.Popen[bytes]
    camera: str  # its stream's address

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    @property
    def sim(self) -> Path:
        return self.folder / "sim"

    def lay_down(self, person: Person | None) -> None:
        write_state(self.sim / "idcard.json", card=None, person=person.card if person else None)

    def kill_screen(self) -> None:
        """kill -9, as a power cut does it; nobody is then left to take the card away."""
        os.kill(self.screen.pid, signal.SIGKILL)

    def processes(self) -> dict[str, int]:
        """The terminal's own, by name; not the fleet and the simulated world."""
        started = [json.loads(line) for line in self.log.read_text().splitlines() if _start(line)]
        agent = [one["pid"] for one in started if one["child"] == "agent"][-1]
        fleet = [one["pid"] for one in started if one["child"] == "fleet"][-1]
        named = {"screen": self.screen.pid, "agent": agent, "supervisor": self.supervisor.pid}
        named |= {f"of the screen, {pid}": pid for pid in children(self.screen.pid)}
        named |= {f"broker, {pid}": pid for pid in children(fleet)}
        return named | {"display": self.display.pid}


def _start(line: str) -> bool:
    return '"event": "started"' in line


def children(pid: int) -> list[int]:
    said = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in said]


@contextmanager
def running(folder: Path, **env: str) -> Iterator[Home]:
    """Everything started and ready for the first citizen."""
    ports = household.Ports.any()
    settings = _with_few(load(SETTINGS), folder)
    path = f"{ROOT}{os.pathsep}{ROOT / 'tests'}"
    env = {**household.environment(settings, ports, folder), **SMALL, **QUICK, **env}
    env |= {"PYTHONPATH": path, **_decoder(folder)}
    env |= household.publish(settings, folder, folder / "trust")
    with ExitStack() as stack:
        display, env["DISPLAY"] = processes.virtual_display(640, 1000)
        stack.callback(processes.stop, display)
        screen = Screen(folder / "finger")
        stack.callback(screen.close)
        background = household.background(settings, SETTINGS, env, ports)
        argv = {child.name: child.argv for child in background}
        argv["fleet"] = [sys.executable, str(PROGRAMS / "knowing_fleet.py"), *argv["fleet"][3:]]
        argv["simulators"] = [sys.executable, str(PROGRAMS / "marked_simulators.py"),
                              *argv["simulators"][3:]]  # fmt: skip
        argv["screen"] = [sys.executable, str(PROGRAMS / "touched_screen.py"), str(SETTINGS),
                          str(folder / "finger")]  # fmt: skip
        (folder / "children.json").write_text(json.dumps(list(argv.items())))
        write_state(folder / "sim/document.json", rung_seconds=0.02)
        supervisor = _supervised(folder, env)
        stack.callback(processes.stop, supervisor)
        screen.meet()
        wait((folder / "trust/case.pub").exists, START_SECONDS, "the fleet's keys")
        pki = folder / "fleet" / "pki"
        ears = wait(lambda: _ears(ports.mqtt, pki), START_SECONDS, "the broker")
        stack.callback(ears.close)
        camera = f"http://127.0.0.1:{ports.camera}/stream.mjpg"
        yield Home(folder, screen, ears, supervisor, display, camera)


def _with_few(settings: TerminalSettings, folder: Path) -> TerminalSettings:
    """So few services that one page shows them all: finding one is no part of these visits."""
    offered = folder / "items"
    offered.mkdir()
    for name in ITEM_FILES:
        shutil.copy(ROOT / "config/catalogue" / name, offered)
    terminal = settings.terminal.model_copy(update={"catalogue": offered})
    return settings.model_copy(update={"terminal": terminal})


def _decoder(folder: Path) -> dict[str, str]:
    """Portraits come out of a decoder, as they do on a real terminal."""
    pixels = folder / "sim/portrait.rgb"
    pixels.parent.mkdir()
    pixels.write_bytes(canarypictures.portrait()[::-1, :, ::-1].tobytes())
    argv = f"{sys.executable} -I -S {PROGRAMS / 'portrait_decoder.py'} {pixels}"
    return {"KIOSK_IDCARD__SDT_SERIAL__PHOTO_DECODER": f"program:{argv}"}


def _supervised(folder: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    argv = [sys.executable, str(PROGRAMS / "supervised.py"), str(folder / "children.json")]
    with (folder / "log.txt").open("ab") as log:
        return subprocess.Popen(
            argv, cwd=ROOT, env={**os.environ, **env}, stdin=subprocess.DEVNULL,
            stdout=log, stderr=log,
        )  # fmt: skip


def _ears(port: int, pki: Path) -> Ears | None:
    try:
        return Ears(port, pki)
    except (OSError, PkiError):
        return None
