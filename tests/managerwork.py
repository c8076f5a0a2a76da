"""A fleet manager in a process of its own, as users start it: TLS, its own broker and folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fleet.simulate.attachments import bringing
from fleet.simulate.badges import badges, command_keys
from fleet.simulate.line import Where
from kiosk.processes import free_port

ROOT = Path(__file__).parents[1]
SETTINGS = ROOT / "config/fleet.toml"
TENANT = "sample"


@dataclass(frozen=True)
class Manager:
    """A fleet process. `url`: of its console; `cpu`: seconds so far; `memory`: resident MB."""

    pid: int
    where: Where
    key: bytes
    url: str

    @property
    def workers(self) -> list[int]:
        """The pids of its ingest's worker processes."""
        children = " ".join(
            file.read_text() for file in Path(f"/proc/{self.pid}/task").glob("*/children")
        )
        return [pid for pid in map(int, children.split()) if b"fleet.worker" in _words(pid)]

    @property
    def cpu(self) -> float:
        """With its workers'."""
        return sum(map(cpu_of, [self.pid, *self.workers]))

    @property
    def memory(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


def cpu_of(pid: int) -> float:
    """Seconds so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _words(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


@contextmanager
def manager(
    folder: Path, url: str, workers: int = 0, settings: Path = SETTINGS, **more: object
) -> Iterator[Manager]:
    """`more`: what is other than in `settings`, as in its environment."""
    port, http, gateway = free_port(), free_port(), free_port()
    said = {
        "FLEET_FLEET__VAR": folder / "fleet", "FLEET_FLEET__TRUST": folder / "trust",
        "FLEET_STORE__URL": url, "FLEET_BROKER__PORT": port, "FLEET_HTTP__PORT": http,
        "FLEET_HTTP__GATEWAY_PORT": gateway, "FLEET_PLATFORM__DAY_SECONDS": 0,
        "FLEET_INGEST__WORKERS": workers, **more,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "fleet", "--settings", settings], cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, **{name: str(value) for name, value in said.items()}},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        while not process.stdout.readline().startswith("fleet ready"):
            if process.poll() is not None:
                raise RuntimeError("the fleet does not start")
        key = bytes.fromhex((folder / "trust/case.pub").read_text())
        with bringing(f"https://127.0.0.1:{gateway}", folder / "trust") as bring:
            own, keys = badges(folder / "fleet", TENANT), command_keys(folder / "trust")
            where = Where("127.0.0.1", port, TENANT, own, keys, bring)
            yield Manager(process.pid, where, key, f"http://127.0.0.1:{http}")
    finally:
        process.terminate()
        process.wait(30)
