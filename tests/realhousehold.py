"""A real household for tests: fleet with Mosquitto, simulators, agent, and screens to kill.

Everything runs in its own processes on free loopback ports under one folder, and is stopped by pid.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

import tally
from kiosk import household, processes
from kiosk.journal import Journal
from kiosk.settings import load

ROOT = Path(__file__).parents[1]
SETTINGS = ROOT / "config/terminal.toml"
PYTHON = sys.executable
SMALL = {"KIOSK_SCREEN__WIDTH": "540", "KIOSK_SCREEN__HEIGHT": "960"}
QUICK = {"KIOSK_SCREEN__THANKS_SECONDS": "1"}
SOON = {"KIOSK_MQTT__RECONNECT_SECONDS": "5"}


def wait(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Poll until `condition()` is true; the test fails with `what` otherwise."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:g} s in vain: {what}")


@dataclass
class Household:
    folder: Path
    env: dict[str, str]
    ports: household.Ports
    log: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """`name`: fleet, simulators or agent."""
        children = household.background(load(SETTINGS), SETTINGS, self.env, self.ports)
        argv = next(child.argv for child in children if child.name == name)
        self.running[name] = self.spawn(argv)

    def spawn(self, argv: list[str], **env: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                argv,
                cwd=ROOT,
                env={**os.environ, **self.env, **env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def stop(self, name: str) -> None:
        processes.stop(self.running.pop(name), 15)

    def kill(self, name: str) -> None:
        """kill -9, as a power cut does it."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        tally.count(kills=1)

    def ready(self) -> None:
        wait((self.folder / "sim/ready.json").exists, 40, "simulators")
        wait(self.fleet_answers, 60, "fleet")

    def fleet_answers(self) -> bool:
        try:
            return httpx.get(f"{self.ports.console}healthz", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def get(self, path: str) -> Any:
        answer = httpx.get(f"{self.ports.console}{path}", timeout=10, trust_env=False)
        answer.raise_for_status()
        return answer.json()

    # ---- Screens -----------------------------------------------------------------------------

    def screen(self, *options: str, **env: str) -> subprocess.Popen[bytes]:
        argv = household.screen_argv(SETTINGS, *options)
        process = self.spawn(argv, **{**SMALL, **QUICK, **env})
        self.running["screen"] = process
        return process

    @property
    def steps_file(self) -> Path:
        return self.folder / "steps.jsonl"

    def steps(self) -> list[str]:
        if not self.steps_file.exists():
            return []
        lines = self.steps_file.read_text().splitlines()
        return [json.loads(line)["name"] for line in lines]

    def play(self, task: str, visits: int = 1, **env: str) -> subprocess.Popen[bytes]:
        self.steps_file.unlink(missing_ok=True)
        options = ("--task", task, "--visits", str(visits), "--steps", str(self.steps_file))
        return self.screen(*options, **env)

    # ---- What is left ------------------------------------------------------------------------

    @property
    def journal_file(self) -> Path:
        return self.folder / "terminal/journal.db"

    def journal(self) -> Journal:
        return Journal.open(self.journal_file, "KT-0001")

    @property
    def last_seq(self) -> int:
        """0: there is no journal yet."""
        if not self.journal_file.exists():
            return 0
        journal = self.journal()
        try:
            return journal.last_seq
        finally:
            journal.close()

    @property
    def broker_pid(self) -> int:
        file = self.folder / "fleet/broker/mosquitto.pid"
        return int(wait(file.read_text, 20, "the broker to write its number"))

    def records(self, kind: str) -> int:
        """How many of `kiosk.<kind>…` the journal has."""
        journal = self.journal()
        try:
            return sum(r.type.startswith(f"kiosk.{kind}") for r in journal.records(1, limit=10_000))
        finally:
            journal.close()

    def caught_up(self) -> bool:
        journal = self.journal()
        try:
            return journal.last_seq > 0 and journal.acked_through == journal.last_seq
        finally:
            journal.close()

    def fleet_rows(self, query: str) -> list[tuple[Any, ...]]:
        db = sqlite3.connect(f"file:{self.folder / 'fleet/fleet.db'}?mode=ro", uri=True, timeout=10)
        try:
            return db.execute(query).fetchall()
        finally:
            db.close()

    def receipts(self) -> list[Path]:
        return sorted((self.folder / "sim/receipts").glob("*.escpos"))

    def certificates(self) -> list[Path]:
        return sorted((self.folder / "sim/certificates").glob("*.pdf"))

    def sheets(self) -> int:
        """That the certificate printer counts, in its whole life."""
        memory = self.folder / "sim/document.memory.json"
        return int(json.loads(memory.read_text())["sheets"]) if memory.exists() else 0

    def simulate(self, device: str, **state: object) -> None:
        from drivers.statefile import write_state

        write_state(self.folder / f"sim/{device}.json", **state)


@contextmanager
def running(folder: Path, *names: str, **more: str) -> Iterator[Household]:
    """A household with the named processes started and ready. `more`: of its environment."""
    ports = household.Ports.any()
    settings = load(SETTINGS)
    env = household.environment(settings, ports, folder) | SOON
    if "KIOSK_TERMINAL__CATALOGUE" not in more:
        env |= household.publish(settings, folder, folder / "trust")
    env |= more
    display, name = processes.virtual_display(1080, 1920)
    made = Household(folder, env | {"DISPLAY": name}, ports, folder / "log.txt")
    try:
        for process in names:
            made.start(process)
        if {"fleet", "simulators"} <= set(names):
            made.ready()
        yield made
    finally:
        for process in made.running.values():
            process.terminate()  # all at once, then wait for each
        for process in list(made.running):
            made.stop(process)
        processes.stop(display)
