"""Commands for terminals: made and signed here, sent by whoever is let write there."""

from __future__ import annotations

import json
import secrets
import ssl
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from fleet import keys
from fleet.certificates import files
from fleet.errors import BrokerError, StartError
from fleet.link import OTHER_VERSION
from fleet.pki import tls
from fleet.pki.authority import Authority
from fleet.pki.names import Role
from kiosk import wire

KEYS = "commands.json"
SEND_SECONDS = 10.0
DEFAULT_SECONDS = 600


class Commander:
    """Its key is made at the first need: `var/keys/command.key`; terminals learn the public half
    from the trust folder. Raises `StartError`."""

    def __init__(
        self, var: Path, trust: Path, tenant: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._tenant, self._clock = tenant, clock
        self._key = _key(var / "keys" / "command.key")
        self.key_id = wire.key_id(self._key.public_key())
        public = self._key.public_key().public_bytes_raw().hex()
        keys.write(trust / KEYS, json.dumps({self.key_id: public}), files.PUBLIC)

    def order(
        self,
        terminal: str,
        operation: str,
        arguments: Mapping[str, str] | None = None,
        seconds: int = DEFAULT_SECONDS,
        number: str = "",
    ) -> wire.Command:
        """Good for `seconds`, and once. `number`: its id, if it has one."""
        now = int(self._clock())
        draft = wire.Command(
            number or secrets.token_hex(16), terminal, operation, now, now + seconds,
            dict(arguments or {}), self.key_id,
        )  # fmt: skip
        signature = wire.sign_command(draft, self._tenant, self._key)
        return wire.Command(
            draft.id, terminal, operation, draft.issued, draft.expires, draft.arguments,
            self.key_id, signature,
        )  # fmt: skip

    def point(self, desired: wire.Desired) -> wire.Desired:
        """Signed."""
        draft = msgspec.structs.replace(desired, key=self.key_id)
        signature = wire.sign_desired(draft, self._tenant, self._key)
        return msgspec.structs.replace(draft, signature=signature)


class Voice:
    """A standing connection as the operator. `address`: of the broker; `authority`: None where the
    link has no certificates."""

    def __init__(self, tenant: str, address: tuple[str, int], authority: Authority | None) -> None:
        self._tenant = tenant
        name = f"operator-{tenant}"
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv311)
        if authority is not None:
            client.tls_set_context(_operator(authority))
        client.suppress_exceptions = True
        client.reconnect_delay_set(1, 30)
        client.connect_async(*address)
        client.loop_start()
        self._client = client

    def say(self, terminal: str, leaf: str, body: bytes, *, retain: bool = False) -> bool:
        """True: the broker has it."""
        if not self._client.is_connected():
            return False
        topic = wire.topic(self._tenant, terminal, leaf)
        sent = self._client.publish(topic, body, qos=1, retain=retain)
        try:
            sent.wait_for_publish(SEND_SECONDS)
        except (RuntimeError, ValueError):
            return False
        return sent.is_published()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def _operator(authority: Authority) -> ssl.SSLContext:
    file = authority.folder / "operator.pem"
    files.write(file, authority.issue_with_key(Role.OPERATOR))
    context = tls.client(authority.folder / "root" / "root.pem")
    context.load_cert_chain(file)
    return context


def send(
    command: wire.Command, tenant: str, address: tuple[str, int], authority: Authority | None
) -> None:
    """As the operator, who may say commands and nothing else. Returns when the broker has it.

    Raises `BrokerError`. The terminal may be away: what it has not got when the command expires is
    void. `authority`: None where the link has no certificates.
    """
    secure = _operator(authority) if authority is not None else None
    topic, body = (
        wire.topic(tenant, command.terminal, f"command/{command.id}"),
        wire.encode(command),
    )
    for speaks in (mqtt.MQTTv5, mqtt.MQTTv311):
        said = _publish(topic, body, address, secure, speaks)
        if said is None or said.value != OTHER_VERSION:
            break
    if said is None or said.is_failure:
        raise BrokerError(f"the broker did not take it: {said or 'no answer'}")


def _publish(
    topic: str,
    body: bytes,
    address: tuple[str, int],
    secure: ssl.SSLContext | None,
    speaks: MQTTProtocolVersion,
) -> ReasonCode | None:
    """What the broker says of the connection, if it refuses that, or of the message. None: nothing.

    MQTT 3.1.1 has no word for a message that the access list forbids.
    """
    said: SimpleQueue[ReasonCode] = SimpleQueue()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=speaks)
    if secure is not None:
        client.tls_set_context(secure)

    def connected(_client: mqtt.Client, _data: Any, _flags: Any, code: ReasonCode, _p: Any) -> None:
        if code.is_failure:
            said.put(code)
        else:
            client.publish(topic, body, qos=1)

    def published(_client: mqtt.Client, _data: Any, _mid: int, code: ReasonCode, _p: Any) -> None:
        said.put(code)

    client.on_connect, client.on_publish = connected, published
    try:
        client.connect(*address)
        client.loop_start()
        return said.get(timeout=SEND_SECONDS)
    except Empty:
        return None
    except OSError as error:
        raise BrokerError(f"broker {address[0]}:{address[1]}: {error}") from None
    finally:
        client.disconnect()
        client.loop_stop()


def _key(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        keys.write(path, Ed25519PrivateKey.generate().private_bytes_raw().hex(), files.SECRET)
    try:
        secret = bytes.fromhex(files.read_secret(path).decode("ascii"))
        return Ed25519PrivateKey.from_private_bytes(secret)
    except ValueError:
        raise StartError(f"{path}: not an Ed25519 key; restore it, or remove it") from None
