"""Which processes make up a terminal, from its settings; shared by `kiosk run` and `kiosk demo`."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.schema import TerminalSettings
from drivers.chipcard.pcscd import missing
from drivers.idcard import sample_decoder
from kiosk import hygiene, processes
from kiosk.catalogue import keys, office
from kiosk.errors import CatalogueError
from kiosk.supervisor import Child

PYTHON = sys.executable
CONSOLE = 18080
TEMPLATES = Path("config/certificates")


@dataclass(frozen=True, slots=True)
class Ports:
    """Loopback ports of one household; each free when chosen.

    `near_mqtt`, `near_http`: where the terminal finds broker and gateway, through a relay that the
    dock can cut (`drivers.network`). `http`: console, and without TLS the gateway; `gateway`: with.
    """

    mqtt: int
    http: int
    near_mqtt: int
    near_http: int
    camera: int
    receipt: int
    document: int
    doccam: int
    payment: int
    gateway: int

    @classmethod
    def of(cls, settings: TerminalSettings) -> Ports:
        """The settings' own for the fleet where they are free, otherwise others."""
        near = (processes.free_port(), processes.free_port())
        named = _port(settings.gateway.url)
        secure = settings.gateway.url.startswith("https:")
        http, gateway = (CONSOLE, named) if secure else (named, 0)
        devices = (
            _port(settings.camera.options.get("source")),
            _port(f"//:{settings.receipt.options.get('port')}"),  # of a serial driver: a path
            _port(settings.document.options.get("uri")),
            _port(settings.doccam.options.get("source")),
        )
        # the payment provider's own is told to the fleet
        wanted = (settings.mqtt.port, http, *devices, 0, gateway)
        mqtt, console, *others = (processes.free_port(port) for port in wanted)
        return cls(mqtt, console, *near, *others)

    @classmethod
    def any(cls) -> Ports:
        return cls(*(processes.free_port() for _ in range(10)))

    @property
    def console(self) -> str:
        return f"http://127.0.0.1:{self.http}/"


def _port(address: object) -> int:
    """The port that an address names; 0 (any) when it is none, or names none."""
    try:
        return urlsplit(str(address)).port or 0
    except ValueError:
        return 0


def environment(settings: TerminalSettings, ports: Ports, var: Path | None) -> dict[str, str]:
    """Overrides that put every process onto `ports`, and under `var` when that is given."""
    env = {"KIOSK_DIE_WITH_PARENT": "1", **hygiene.ENVIRONMENT}
    if settings.fleet.start:
        cut = settings.simulators.enabled
        env |= {
            "KIOSK_MQTT__PORT": str(ports.near_mqtt if cut else ports.mqtt),
            "FLEET_BROKER__PORT": str(ports.mqtt),
            "FLEET_HTTP__PORT": str(ports.http),
            "FLEET_PEOPLE__OPEN_CONSOLE": open_console(),
        }
        env |= _link(settings, ports, cut=cut)
    if settings.simulators.enabled:
        sim = settings.simulators.folder if var is None else var / "sim"
        env |= _devices(ports, sim) | _provider(ports, sim)
        if settings.camera.options.get("models"):
            env |= _portraits(sim)
    return env | (_under(var.resolve(), settings.terminal.id) if var else {})


def open_console() -> str:
    """Whether nobody signs in to this fleet's console: so, unless the caller wants to."""
    return os.environ.get("FLEET_PEOPLE__OPEN_CONSOLE", "true")


def _link(settings: TerminalSettings, ports: Ports, *, cut: bool) -> dict[str, str]:
    """The gateway, with TLS or without; and a code for this terminal's first certificate."""
    near = ports.near_http if cut else ports.gateway if settings.mqtt.tls else ports.http
    if not settings.mqtt.tls:
        return {"KIOSK_GATEWAY__URL": f"http://127.0.0.1:{near}", "FLEET_LINK__TLS": "false"}
    return {
        "KIOSK_GATEWAY__URL": f"https://127.0.0.1:{near}",
        "KIOSK_MQTT__ENROL": str(settings.terminal.trust / f"{settings.terminal.id}.enrol"),
        "FLEET_LINK__TLS": "true",
        "FLEET_LINK__INVITE": settings.terminal.id,
        "FLEET_HTTP__GATEWAY_PORT": str(ports.gateway),
    }


def _devices(ports: Ports, sim: Path) -> dict[str, str]:
    """Where each driver finds its simulated device."""
    chipcard = {
        "KIOSK_CHIPCARD__DRIVER": "pcsc",
        "KIOSK_CHIPCARD__PCSC__SOCKET": str(sim.resolve() / "pcscd" / "pcscd.comm"),
        "KIOSK_CHIPCARD__PCSC__ISSUERS": str(sim / "issuers"),
    }
    return (chipcard if not missing() else {}) | {
        "KIOSK_IDCARD__SDT_SERIAL__PORT": str(sim / "idcard.tty"),
        "KIOSK_CAMERA__OPENCV__SOURCE": f"http://127.0.0.1:{ports.camera}/stream.mjpg",
        "KIOSK_RECEIPT__ESCPOS_NETWORK__PORT": str(ports.receipt),
        "KIOSK_DOCUMENT__IPP__URI": f"ipp://127.0.0.1:{ports.document}/ipp/print",
        "KIOSK_DOCCAM__OPENCV__SOURCE": f"http://127.0.0.1:{ports.doccam}/stream.mjpg",
        "KIOSK_SCANNER__SERIAL__PORT": str(sim / "scanner.tty"),
        "KIOSK_KEYPAD__EVDEV__PATH": str(sim / "keypad.events"),
        "KIOSK_SENSORS__SERIAL__MODULE_PORT": str(sim / "sensors.tty"),
        "KIOSK_SENSORS__SERIAL__UPS_PORT": str(sim / "ups.tty"),
    }


def _provider(ports: Ports, sim: Path) -> dict[str, str]:
    """Where the fleet finds the simulated payment provider, and its keys."""
    return {
        "FLEET_PAYMENT__URL": f"http://127.0.0.1:{ports.payment}",
        "FLEET_PAYMENT__MERCHANT_KEY": str(sim / "merchant.key"),
        "FLEET_PAYMENT__PUBLIC_KEY": str(sim / "payment.pub"),
    }


def _portraits(sim: Path) -> dict[str, str]:
    """With a model pack, simulated cards have portraits to compare with."""
    argv = [PYTHON, "-I", "-S", str(Path(sample_decoder.__file__).resolve())]
    command = shlex.join([*argv, str(sim.resolve() / "portraits")])
    return {"KIOSK_IDCARD__SDT_SERIAL__PHOTO_DECODER": f"program:{command}"}


def _under(var: Path, terminal: str) -> dict[str, str]:
    trust = var / "trust"
    return {
        "KIOSK_TERMINAL__VAR": str(var / "terminal"),
        "KIOSK_TERMINAL__TRUST": str(trust),
        "KIOSK_STAFF__ROSTER": str(var / "terminal" / "staff.json"),
        "KIOSK_GATEWAY__TOKEN_FILE": str(trust / "terminal.token"),
        "KIOSK_GATEWAY__CA": str(trust / "link.pem"),
        "KIOSK_MQTT__CA": str(trust / "link.pem"),
        "KIOSK_MQTT__IDENTITY": str(var / "terminal" / "link.pem"),
        "KIOSK_MQTT__ENROL": str(trust / f"{terminal}.enrol"),
        "KIOSK_SIMULATORS__FOLDER": str(var / "sim"),
        "FLEET_FLEET__VAR": str(var / "fleet"),
        "FLEET_FLEET__TRUST": str(trust),
        "FLEET_IDENTITY__PHONE_FILE": str(var / "sim" / "phone.json"),
        "FLEET_STORE__URL": f"sqlite:///{var / 'fleet' / 'fleet.db'}",
    }


def publish(settings: TerminalSettings, var: Path, trust: Path) -> dict[str, str]:
    """Make a signed bundle of the item files, as an office does; where the terminal then looks.

    Empty when the settings name a folder of bundles already. Raises `CatalogueError` with a line
    for each fault when there is no earlier bundle to go on with.
    """
    folder = settings.terminal.catalogue
    if not any(folder.glob("*.toml")):
        return {}
    out, told = var / "catalogue" / "published.kcb", list[str]()
    key = var / "fleet" / "keys" / "catalogue.key"
    keys.open_key(key, trust)
    tenant = settings.terminal.tenant
    wanted = office.Publication(folder, out, key, tenant, TEMPLATES, trust)
    if office.build(wanted, told.append) and not out.exists():
        raise CatalogueError("\n".join(told))
    print("\n".join(told), flush=True)
    return {"KIOSK_TERMINAL__CATALOGUE": str(out.parent)}


def background(
    settings: TerminalSettings, path: Path, env: Mapping[str, str], ports: Ports
) -> list[Child]:
    """Everything but the screen, in the order of starting."""
    children = []
    if settings.fleet.start:
        argv = [PYTHON, "-m", "fleet", "--settings", str(settings.fleet.settings)]
        children.append(Child("fleet", argv, env))
    if settings.simulators.enabled:
        folder = env.get("KIOSK_SIMULATORS__FOLDER", str(settings.simulators.folder))
        argv = _simulators_argv(folder, ports, tls=settings.mqtt.tls)
        children.append(Child("simulators", argv, env))
        if settings.fleet.start:
            children.append(Child("provider", _provider_argv(folder, ports), env))
    children.append(Child("agent", [PYTHON, "-m", "kiosk", "agent", "--settings", str(path)], env))
    return children


def _simulators_argv(folder: str, ports: Ports, *, tls: bool) -> list[str]:
    argv = [PYTHON, "-m", "drivers.simulators", "--folder", folder]
    for device in ("receipt", "camera", "document", "doccam"):
        argv += [f"--{device}-port", str(getattr(ports, device))]
    http = ports.gateway if tls else ports.http
    for near, far in ((ports.near_mqtt, ports.mqtt), (ports.near_http, http)):
        argv += ["--route", f"{near}:127.0.0.1:{far}"]
    return argv


def _provider_argv(folder: str, ports: Ports) -> list[str]:
    argv = [PYTHON, "-m", "fleet.payment.provider", "--folder", folder]
    return [*argv, "--port", str(ports.payment)]


def screen_argv(path: Path, *options: str) -> list[str]:
    return [PYTHON, "-m", "kiosk", "screen", "--settings", str(path), *options]
