"""The fleet's own connection to the broker, kept up for months."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from fleet.errors import StoreError
from fleet.ingest import Arrival
from fleet.records import NOT_JSON, now_text
from kiosk import wire
from kiosk.wire.topics import UP

LEAVES = {name: leaf.qos for name, leaf in UP.items()}
RECEIVE_MAXIMUM = 500  # messages that the broker may send ahead of our commits
KEEPALIVE = 20
OTHER_VERSION = 132  # reason code of a broker that does not speak our version
SHARE = "ingest"  # the group of those who share what comes
REBUILD_SECONDS = 60.0  # paho's loop can end for good after a long absence (its issue 894)

LOOK_SECONDS = 0.2

log = structlog.get_logger("fleet.link")


class Link:
    """`address`: host and port. `put` takes each message.

    `next_session` gives a persisted number that grows, before each connection; it may raise
    `StoreError`. `secure`: TLS with the certificate of whose connection this is. `leaves`: what is
    heard. `online`: may the fleet say that it is? None: this link does not speak for it, but is
    one of several workers, which share (`SHARE`) what comes.
    """

    def __init__(
        self,
        address: tuple[str, int],
        tenant: str,
        *,
        put: Callable[[Arrival], None],
        next_session: Callable[[], int],
        clock: Callable[[], float] = time.time,
        secure: ssl.SSLContext | None = None,
        leaves: Collection[str] = tuple(LEAVES),
        online: Callable[[], bool] | None = lambda: True,
        name: str = "fleet",
    ) -> None:
        self._address = address
        self._leaves, self._online, self._name = leaves, online, name
        self._said = False  # that the fleet is online, on this connection
        self._secure = secure
        self._tenant = tenant
        self._put = put
        self._next_session = next_session
        self._clock = clock
        self._host_topic = wire.host_topic(tenant)
        self._session = 0
        self._connection = 0  # counts connections, so that no old message is acknowledged on a new
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._lost_at = time.monotonic()
        self._speaks = mqtt.MQTTv5  # or 3.1.1, with a broker that knows nothing newer
        self._refused = threading.Event()
        self._telling = threading.Lock()
        self._client = self._build()
        self._thread = threading.Thread(target=self._watch, name="link", daemon=True)

    def start(self, seconds: float) -> bool:
        """True when subscribed within `seconds`; otherwise it goes on trying by itself."""
        self._open()
        self._thread.start()
        return self._ready.wait(seconds)

    @property
    def connected(self) -> bool:
        """Connected and subscribed."""
        return self._ready.is_set()

    def send(self, terminal: str, ack: wire.Ack) -> None:
        """An acknowledgement that cannot be sent now is not kept: the terminal will ask again."""
        if self._ready.is_set():
            topic = wire.topic(self._tenant, terminal, "ack")
            self._client.publish(topic, wire.encode(ack), qos=1)

    def stop(self) -> None:
        """Says that the fleet is offline, then leaves; the will is not needed."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5)
        if self._ready.is_set() and self._online is not None:
            info = self._client.publish(self._host_topic, self._state(False), qos=1, retain=True)
            try:
                info.wait_for_publish(2)
            except (RuntimeError, ValueError):
                log.warning("offline_not_said")
        self._ready.clear()
        self._client.disconnect()
        self._client.loop_stop()
        self._client = self._build()  # paho closes the sockets that wake its loop with the client

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            self._tell()
            silent = time.monotonic() - self._lost_at
            refused = self._refused.is_set()
            if refused or (not self._ready.is_set() and silent > REBUILD_SECONDS):
                self._speaks = mqtt.MQTTv311 if refused else mqtt.MQTTv5
                self._refused.clear()
                log.warning("link_rebuilt", mqtt="3.1.1" if refused else "5")
                self._client.loop_stop()
                self._client = self._build()
                self._open()

    def _open(self) -> None:
        self._lost_at = time.monotonic()
        properties = None
        if self._speaks == mqtt.MQTTv5:
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            properties.ReceiveMaximum = RECEIVE_MAXIMUM
        self._client.connect_async(*self._address, keepalive=KEEPALIVE, properties=properties)
        self._client.loop_start()

    def _build(self) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"{self._name}-{self._tenant}",
            protocol=self._speaks,
            manual_ack=True,
        )
        if self._secure is not None:
            client.tls_set_context(self._secure)
        client.suppress_exceptions = True  # an error in a callback must not end paho's loop
        client.max_inflight_messages_set(1000)
        client.reconnect_delay_set(1, 15)
        client.on_pre_connect = self._on_pre_connect
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    def _state(self, online: bool) -> bytes:
        return wire.encode(
            wire.HostState(online, self._session, now_text(self._clock()), wire.PROTOCOL)
        )

    # ---- paho's callbacks, on its thread -----------------------------------------------------

    def _on_pre_connect(self, client: mqtt.Client, _data: Any) -> None:
        """A new session, with a will that carries its number."""
        try:
            self._session = max(self._session + 1, self._next_session())
        except StoreError:
            self._session += 1
        if self._online is not None:
            client.will_set(self._host_topic, self._state(False), qos=1, retain=True)

    def _on_connect(
        self, client: mqtt.Client, _data: Any, _flags: Any, code: ReasonCode, _properties: Any
    ) -> None:
        if code.is_failure:
            log.error("broker_refused", code=str(code))
            if code.value == OTHER_VERSION:
                self._refused.set()
            return
        self._connection += 1
        head = f"$share/{SHARE}/" if self._online is None else ""
        topics = {leaf: head + wire.topic(self._tenant, "+", leaf) for leaf in self._leaves}
        client.subscribe([(topic, LEAVES[leaf]) for leaf, topic in topics.items()])

    def _on_subscribe(
        self, client: mqtt.Client, _data: Any, _mid: int, codes: list[ReasonCode], _props: Any
    ) -> None:
        """Only now can terminals send without loss, so only now are they told."""
        if any(code.is_failure for code in codes):
            log.error("subscription_refused", codes=[str(code) for code in codes])
            return
        self._said = False
        self._ready.set()
        self._tell()
        log.info("link_ready", session=self._session)

    def _tell(self) -> None:
        """Say whether the fleet is online, if that has changed."""
        with self._telling:
            if not self._ready.is_set() or self._online is None or self._online() is self._said:
                return
            self._said = not self._said
            self._client.publish(self._host_topic, self._state(self._said), qos=1, retain=True)

    def _on_disconnect(
        self, _client: mqtt.Client, _data: Any, _flags: Any, code: ReasonCode, _props: Any
    ) -> None:
        self._ready.clear()
        self._lost_at = time.monotonic()
        if not self._stopping.is_set():
            log.warning("link_lost", code=str(code))

    def _on_message(self, client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        done = partial(self._done, client, self._connection, message.mid)
        if message.topic == self._host_topic:
            done()
            self._check_own(client, bytes(message.payload))
            return
        waits = done if message.qos else None
        self._put(Arrival(message.topic, bytes(message.payload), bool(message.retain), waits))

    def _done(self, client: mqtt.Client, connection: int, mid: int) -> None:
        if connection == self._connection:
            client.ack(mid, 1)

    def _check_own(self, client: mqtt.Client, payload: bytes) -> None:
        """A late will of an earlier connection says that we are offline: say it again."""
        try:
            state = msgspec.json.decode(payload, type=wire.HostState)
        except NOT_JSON:
            return
        if self._said and not state.online and state.session < self._session:
            client.publish(self._host_topic, self._state(True), qos=1, retain=True)
