"""A fleet manager inside the test's process, with a real Mosquitto."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import uvicorn

from fleet.handling.plan import Duty
from fleet.identity.senders import SimulatedSender
from fleet.manager import Running, listen, start
from fleet.place import Outside, Place
from fleet.platform.adapters import routing
from fleet.platform.contract import Decision, PlatformError, Standing
from fleet.platform.persons import SamplePersons
from kiosk import wire
from kiosk.processes import free_port
from terminalwork import SECONDS, TENANT, Database, Terminal, wait_until


@dataclass
class StubPlatform:
    """Approves everything; `failures`: how many times it refuses to answer first."""

    seen: list[wire.CasePayload] = field(default_factory=list)
    failures: int = 0

    def decide(self, case: wire.CasePayload) -> Decision:
        if self.failures:
            self.failures -= 1
            raise PlatformError("not now")
        self.seen.append(case)
        return Decision(
            Standing.APPROVED,
            certificate_no=f"C-{case.case_no}",
            certificate=b"%PDF-" + case.case_no.encode(),
            result=(("姓名", "Name", case.applicant.name),),
        )


def _inode(path: Path) -> int:
    """0: there is no such file."""
    return path.stat().st_ino if path.exists() else 0


class Fleet:
    """A fleet manager inside the test's process, with a child Mosquitto."""

    def __init__(self, folder: Path) -> None:
        self.platform = StubPlatform()
        self.place = Place(
            tenant=TENANT,
            var=folder / "var",
            trust=folder / "trust",
            store_url=f"sqlite:///{folder}/var/fleet.db",
            broker=("127.0.0.1", free_port()),
            own_broker=True,
            stale_seconds=90,
            items={},
            duty=Duty("值班长"),
        )
        self.database = Database(folder / "var" / "fleet.db")
        self.stack = ExitStack()
        self.phone = folder / "sim" / "phone.json"
        sender = SimulatedSender(self.phone, ("示例县政务服务", "Sample County"))
        outside = Outside(routing.only(self.platform), SamplePersons(), sender)
        self.running: Running = start(self.place, lambda: outside, self.stack)
        self.api = self._serve()
        self._terminals: list[Terminal] = []

    def _serve(self) -> httpx.Client:
        sock = self.stack.enter_context(listen("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(self.running.app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        self.stack.callback(thread.join, SECONDS)
        self.stack.callback(setattr, server, "should_exit", True)
        wait_until(lambda: server.started)
        address = f"http://127.0.0.1:{sock.getsockname()[1]}"
        return self.stack.enter_context(httpx.Client(base_url=address, trust_env=False))

    @property
    def token(self) -> str:
        return (self.place.trust / "terminal.token").read_text()

    @property
    def case_key(self) -> bytes:
        return bytes.fromhex((self.place.trust / "case.pub").read_text())

    @property
    def broker_pid(self) -> int:
        return int((self.place.var / "broker" / "mosquitto.pid").read_text())

    def restart_broker(self) -> None:
        """Kill it, and wait until the fleet is subscribed at the next one."""
        before = self.database.rows("SELECT value FROM counters WHERE name = 'host.session'")
        self._kill_broker()
        query = "SELECT value FROM counters WHERE name = 'host.session'"
        wait_until(lambda: self.database.rows(query) != before)
        wait_until(lambda: self.api.get("/healthz").status_code == 200)

    def _kill_broker(self) -> None:
        """Its retained messages are saved first; by itself it does that about once a second."""
        saved = self.place.var / "broker" / "mosquitto.db"
        before = _inode(saved)
        os.kill(self.broker_pid, signal.SIGUSR1)
        wait_until(lambda: _inode(saved) != before)
        os.kill(self.broker_pid, signal.SIGKILL)
        wait_until(lambda: self.api.get("/healthz").status_code == 503)

    def terminal(self, name: str = "KT-0001", journal: str = "j1") -> Terminal:
        terminal = Terminal(self.place.broker[1], name, journal)
        self._terminals.append(terminal)
        terminal.wait_for_fleet()
        return terminal

    def gateway(self, path: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.api.get(f"/api/v1/gateway/{path}", headers=headers)

    def close(self) -> None:
        for terminal in self._terminals:
            terminal.close()
        self.stack.close()
