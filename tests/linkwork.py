"""For tests of the link: an authority, a real Mosquitto with its certificates, clients."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from paho.mqtt.enums import CallbackAPIVersion

from fleet.broker import Broker
from fleet.pki import tls
from fleet.pki.authority import Authority, Terms, found
from fleet.pki.names import Role
from kiosk import wire
from kiosk.processes import free_port

TENANT = "sample"
SECONDS = 40.0
YEAR = 365 * 86400.0


def until(condition: Callable[[], Any], what: str, seconds: float = SECONDS) -> Any:
    """The first true value of `condition`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds:g} s in vain: {what}")


def authority(folder: Path, clock: Callable[[], float] = time.time, **terms: float) -> Authority:
    """One with all its files, in a fresh folder."""
    found(folder, TENANT, Terms())
    made = Authority(folder, TENANT, Terms(**terms), clock)  # type: ignore[arg-type]
    made.write_server()
    made.write_fleet()
    made.write_lists()
    return made


def pem(authority: Authority, terminal: str, role: Role = Role.TERMINAL) -> Path:
    """Key and chain in one file."""
    file = authority.folder / f"{terminal or role}-{time.monotonic_ns()}.pem"
    file.write_bytes(authority.issue_with_key(role, terminal))
    return file


@dataclass
class Town:
    """An authority and its broker."""

    authority: Authority
    port: int
    broker: Broker

    @property
    def root(self) -> Path:
        return self.authority.folder / "root" / "root.pem"

    def reload(self) -> None:
        self.broker.reload()

    def revoke(self, terminal: str, identity: Path) -> None:
        """Returns when the broker knows it, and lets `identity` in no more."""
        self.authority.revoke(terminal)
        self.reload()
        until(lambda: not self._lets_in(identity), "the broker's new list")

    def _lets_in(self, identity: Path) -> bool:
        context = tls.client(self.root)
        context.load_cert_chain(identity)
        with socket.create_connection(("127.0.0.1", self.port)) as plain:
            try:
                with context.wrap_socket(plain, server_hostname="127.0.0.1") as one:
                    one.settimeout(0.5)
                    return bool(one.recv(1))  # it waits for our first word
            except TimeoutError:
                return True
            except OSError:  # the alert, or an end without it
                return False

    def new_server(self) -> None:
        """Another certificate of the broker's; returns when it shows it."""
        address = ("127.0.0.1", self.port)
        before = ssl.get_server_certificate(address)
        self.authority.write_server()
        self.reload()
        until(lambda: ssl.get_server_certificate(address) != before, "the broker's new certificate")


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    made, port = authority(folder / "pki"), free_port()
    broker = Broker(folder / "broker", "127.0.0.1", port, made.broker)
    broker.start()
    try:
        yield Town(made, port, broker)
    finally:
        broker.stop()


@dataclass
class Client:
    """A plain MQTT client: what it hears and how its publications fare."""

    connected: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    codes: queue.Queue[str] = field(default_factory=queue.Queue)
    granted: threading.Event = field(default_factory=threading.Event)
    mqtt: mqtt.Client = field(init=False)

    def open(self, town: Town, identity: Path | None, name: str = "x", will: str = "") -> Client:
        """`will`: a topic."""
        self.mqtt = client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5,
            reconnect_on_failure=False,
        )  # fmt: skip
        context = tls.client(town.root)
        if identity is not None:
            context.load_cert_chain(identity)
        client.tls_set_context(context)
        client.on_connect = lambda *_: self.connected.set()
        client.on_disconnect = lambda *_: self.ended.set()
        client.on_message = lambda _c, _d, m: self.heard.append((m.topic, m.payload))
        client.on_publish = lambda _c, _d, _m, code, _p: self.codes.put(str(code))
        client.on_subscribe = lambda *_: self.granted.set()
        if will:
            client.will_set(will, b"will", qos=1, retain=True)
        client.connect("127.0.0.1", town.port)
        client.loop_start()
        return self

    def let_in(self) -> bool:
        """Whether the broker has taken it, as soon as that is known."""
        until(lambda: self.connected.is_set() or self.ended.is_set(), "the broker's word")
        return self.connected.is_set() and not self.ended.is_set()

    def subscribe(self, topic: str) -> None:
        self.granted.clear()
        self.mqtt.subscribe(topic, 1)
        assert self.granted.wait(SECONDS)

    def say(self, topic: str, payload: bytes) -> bool:
        """Whether the broker allows it."""
        self.mqtt.publish(topic, payload, qos=1)
        return self.codes.get(timeout=SECONDS) != "Not authorized"

    def close(self) -> None:
        self.mqtt.disconnect()
        self.mqtt.loop_stop()


def topic(terminal: str, leaf: str) -> str:
    return wire.topic(TENANT, terminal, leaf)


def session(town: Town, identity: Path) -> tuple[ssl.SSLSession | None, ssl.SSLContext]:
    """What a client could bring along to its next connection."""
    import socket

    context = tls.client(town.root)
    context.load_cert_chain(identity)
    with (
        socket.create_connection(("127.0.0.1", town.port), SECONDS) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as secure,
    ):
        secure.sendall(bytes.fromhex("101000044d5154540502003c000003000178"))
        secure.recv(64)
        return secure.session, context


def request(key: Any, name: str = "KT-0001") -> str:
    """PKCS #10, PEM."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()
