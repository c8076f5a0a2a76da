"""Which processes make up a terminal, from its settings; shared by `kiosk run` and `kiosk demo`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.schema import TerminalSettings
from kiosk import processes
from kiosk.supervisor import Child

PYTHON = sys.executable


@dataclass(frozen=True, slots=True)
class Ports:
    """Loopback ports of one household; each free when chosen."""

    mqtt: int
    http: int
    camera: int
    receipt: int

    @classmethod
    def of(cls, settings: TerminalSettings) -> Ports:
        """The settings' own where they are free, otherwise others."""
        gateway = int(settings.gateway.url.rsplit(":", 1)[1].strip("/"))
        return cls(
            mqtt=processes.free_port(settings.mqtt.port),
            http=processes.free_port(gateway),
            camera=processes.free_port(settings.simulators.camera_port),
            receipt=processes.free_port(settings.receipt.port),
        )

    @classmethod
    def any(cls) -> Ports:
        return cls(*(processes.free_port() for _ in range(4)))

    @property
    def console(self) -> str:
        return f"http://127.0.0.1:{self.http}/"


def environment(settings: TerminalSettings, ports: Ports, var: Path | None) -> dict[str, str]:
    """Overrides that put every process onto `ports`, and under `var` when that is given."""
    env = {"KIOSK_DIE_WITH_PARENT": "1"}
    if settings.fleet.start:
        env |= {
            "KIOSK_MQTT__PORT": str(ports.mqtt),
            "KIOSK_GATEWAY__URL": f"http://127.0.0.1:{ports.http}",
            "FLEET_BROKER__PORT": str(ports.mqtt),
            "FLEET_HTTP__PORT": str(ports.http),
        }
    if settings.simulators.enabled:
        env |= {
            "KIOSK_RECEIPT__PORT": str(ports.receipt),
            "KIOSK_SIMULATORS__CAMERA_PORT": str(ports.camera),
            "KIOSK_CAMERA__SOURCE": f"http://127.0.0.1:{ports.camera}/stream.mjpg",
        }
    return env | (_under(var.resolve()) if var else {})


def _under(var: Path) -> dict[str, str]:
    sim, trust = var / "sim", var / "trust"
    return {
        "KIOSK_TERMINAL__VAR": str(var / "terminal"),
        "KIOSK_TERMINAL__TRUST": str(trust),
        "KIOSK_GATEWAY__TOKEN_FILE": str(trust / "terminal.token"),
        "KIOSK_SIMULATORS__FOLDER": str(sim),
        "KIOSK_IDCARD__PORT": str(sim / "idcard.tty"),
        "KIOSK_DOCUMENT__FOLDER": str(sim / "document"),
        "FLEET_FLEET__VAR": str(var / "fleet"),
        "FLEET_FLEET__TRUST": str(trust),
        "FLEET_STORE__URL": f"sqlite:///{var / 'fleet' / 'fleet.db'}",
    }


def background(settings: TerminalSettings, path: Path, env: Mapping[str, str]) -> list[Child]:
    """Everything but the screen, in the order of starting."""
    children = []
    if settings.fleet.start:
        argv = [PYTHON, "-m", "fleet", "--settings", str(settings.fleet.settings)]
        children.append(Child("fleet", argv, env))
    if settings.simulators.enabled:
        folder = env.get("KIOSK_SIMULATORS__FOLDER", str(settings.simulators.folder))
        argv = [PYTHON, "-m", "drivers.simulators", "--folder", folder]
        argv += ["--receipt-port", env["KIOSK_RECEIPT__PORT"]]
        argv += ["--camera-port", env["KIOSK_SIMULATORS__CAMERA_PORT"]]
        children.append(Child("simulators", argv, env))
    children.append(Child("agent", [PYTHON, "-m", "kiosk", "agent", "--settings", str(path)], env))
    return children


def screen_argv(path: Path, *options: str) -> list[str]:
    return [PYTHON, "-m", "kiosk", "screen", "--settings", str(path), *options]
