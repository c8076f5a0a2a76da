"""The connection to the broker: session numbers, will, and what arrives from the fleet.

paho keeps its own thread; everything that it hears is put into a queue for the agent's loop, so
that the journal belongs to one thread.
"""

from __future__ import annotations

import queue
from dataclasses import dataclass
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from kiosk import wire

log = structlog.get_logger("link")

KEEPALIVE_SECONDS = 20
RETRY_SECONDS = (1, 30)


@dataclass(frozen=True, slots=True)
class Connected:
    """The broker has taken us; subscriptions are on their way."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The connection is gone; paho tries again by itself."""


Heard = Connected | Disconnected | wire.Ack | wire.HostState


class Link:
    """Publish from one thread; `heard` gives what came in, in order."""

    def __init__(self, host: str, port: int, tenant: str, terminal: str) -> None:
        self._tenant, self._terminal = tenant, terminal
        self.heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"terminal-{tenant}-{terminal}",
            protocol=mqtt.MQTTv5,
        )
        self._client.reconnect_delay_set(*RETRY_SECONDS)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._host, self._port = host, port

    def start(self, will: wire.State) -> None:
        """Connect in the background; the broker may be away now and for days."""
        self.set_will(will)
        self._client.connect_async(self._host, self._port, keepalive=KEEPALIVE_SECONDS)
        self._client.loop_start()

    def set_will(self, will: wire.State) -> None:
        """Taken at the next connect: each connection's will carries its own session number."""
        self._client.will_set(self._topic("state"), wire.encode(will), qos=1, retain=True)

    def publish(self, leaf: str, message: wire.Message, qos: int = 1, retain: bool = False) -> None:
        """`leaf`: see `wire.topic`. Nothing is kept for later here: the journal is the outbox."""
        if self._client.is_connected():
            self._client.publish(self._topic(leaf), wire.encode(message), qos=qos, retain=retain)

    def stop(self, farewell: wire.State) -> None:
        """Say goodbye (which keeps the broker from sending the will), then leave."""
        if self._client.is_connected():
            sent = self._client.publish(
                self._topic("state"), wire.encode(farewell), qos=1, retain=True
            )
            try:
                sent.wait_for_publish(timeout=2)
            except (RuntimeError, ValueError):
                log.info("farewell_not_sent")
        self._client.disconnect()
        self._client.loop_stop()

    def _topic(self, leaf: str) -> str:
        return wire.topic(self._tenant, self._terminal, leaf)

    def _on_connect(
        self, client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, _props: Any
    ) -> None:
        if reason.is_failure:
            log.warning("connect_refused", reason=str(reason))
            return
        client.subscribe([(self._topic("ack"), 1), (wire.host_topic(self._tenant), 1)])
        self.heard.put(Connected())

    def _on_disconnect(self, *_args: Any) -> None:
        self.heard.put(Disconnected())

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        try:
            self.heard.put(msgspec.json.decode(message.payload, type=wire.Ack | wire.HostState))
        except (msgspec.DecodeError, UnicodeDecodeError):
            log.warning("message_refused", topic=message.topic, bytes=len(message.payload))
