"""The connection to the broker: session numbers, will, and what arrives from the fleet.

It speaks MQTT 5, and 3.1.1 with a broker that knows nothing newer. paho keeps its own thread;
everything that it hears is put into a queue for the agent's loop, so that the journal belongs to
one thread. Another thread connects, says why that fails, and waits.
"""

from __future__ import annotations

import queue
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from kiosk import wire
from kiosk.agent.backoff import Backoff
from kiosk.agent.broker import Broker, secured
from kiosk.agent.faults import DISOWNED, LinkFault, fault_of, refusal

log = structlog.get_logger("link")

KEEPALIVE_SECONDS = 20
ANSWER_SECONDS = 15.0  # for the broker's word on a connection
LOOK_SECONDS = 1.0
CALM_SECONDS = 10.0  # having held so long, the next attempt is quick again
WILL_SECONDS = 5.0
HEARD = ("ack", "command/+", "desired")
OTHER_VERSION = 132  # reason code of a broker that does not speak our version


@dataclass(frozen=True, slots=True)
class Connected:
    """The broker has taken us; subscriptions are on their way."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The connection is gone; the link tries again by itself."""


Heard = Connected | Disconnected | wire.Answer


class Link:
    """Publish from one thread; `heard` gives what came in, in order.

    `known`: the latest time that is known to be past, for words about a wrong clock. `clock`: epoch
    seconds.
    """

    def __init__(
        self,
        broker: Broker,
        tenant: str,
        terminal: str,
        *,
        known: Callable[[], float] = lambda: 0.0,
        clock: Callable[[], float] = time.time,
        backoff: Backoff | None = None,
    ) -> None:
        self._broker, self._tenant, self._terminal = broker, tenant, terminal
        self._known, self._clock, self._backoff = known, clock, backoff or Backoff()
        self.heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()
        self.fault: LinkFault | None = None  # what kept it from connecting last
        self._will = b""
        self._will_is_new = threading.Event()
        self._stopping, self._ended, self._again = (threading.Event() for _ in range(3))
        self._joined = self._unspoken = False
        self._speaks = mqtt.MQTTv5
        self._client = self._build(None)
        self._thread = threading.Thread(target=self._serve, name="link", daemon=True)

    def start(self, will: wire.State) -> None:
        """Connect in the background; the broker may be away now and for days."""
        self.set_will(will)
        self._thread.start()

    def set_will(self, will: wire.State) -> None:
        """Taken at the next connect: each connection's will carries its own session number."""
        self._will = wire.encode(will)
        self._will_is_new.set()

    def publish(self, leaf: str, message: wire.Message, qos: int = 1, retain: bool = False) -> None:
        """`leaf`: see `wire.topic`. Nothing is kept for later here: the journal is the outbox."""
        client = self._client
        if client.is_connected():
            client.publish(self._topic(leaf), wire.encode(message), qos=qos, retain=retain)

    @property
    def disowned(self) -> bool:
        """The broker takes our certificate no more: it is revoked, over, or not its own's."""
        return self.fault in DISOWNED

    def renewed(self) -> None:
        """Another certificate is in use: connect with it while the one before is still good."""
        self._again.set()

    def stop(self, farewell: wire.State) -> None:
        """Say goodbye (which keeps the broker from sending the will), then leave."""
        client = self._client
        if client.is_connected():
            sent = client.publish(self._topic("state"), wire.encode(farewell), qos=1, retain=True)
            try:
                sent.wait_for_publish(timeout=2)
            except (RuntimeError, ValueError):
                log.info("farewell_not_sent")
        self._stopping.set()
        self._again.set()
        if self._thread.is_alive():
            self._thread.join(ANSWER_SECONDS)

    # ---- The thread that connects ------------------------------------------------------------

    def _serve(self) -> None:
        while not self._stopping.is_set():
            self._again.clear()
            if self._stopping.is_set():  # said in between
                return
            born = time.monotonic()
            fault = self._attempt()
            if fault is not None:
                self._speaks = mqtt.MQTTv311 if self._unspoken else mqtt.MQTTv5
                self._say(fault)
            elif self._again.is_set() or time.monotonic() - born > CALM_SECONDS:
                self._backoff.reset()
            wait = 0.0 if self._again.is_set() else self._backoff.next()
            self._again.wait(wait)

    def _attempt(self) -> LinkFault | None:
        """A connection from its beginning to its end; None: there was one."""
        self._ended.clear()
        self._joined = self._unspoken = False
        context = secured(self._broker)
        if isinstance(context, LinkFault):
            return context
        self._will_is_new.wait(WILL_SECONDS)
        client = self._client = self._build(context)
        address = (self._broker.host, self._broker.port)
        try:
            client.connect(*address, keepalive=KEEPALIVE_SECONDS)
        except OSError as error:
            return fault_of(error, self._clock(), self._known())
        client.loop_start()
        self._watch(client)
        client.loop_stop()
        if self._joined:
            self._will_is_new.clear()
            self.heard.put(Disconnected())
            return None
        return self._why(address, context)

    def _watch(self, client: mqtt.Client) -> None:
        """Until it ends, or is to end."""
        answered_by = time.monotonic() + ANSWER_SECONDS
        while not self._ended.wait(LOOK_SECONDS / 20 if not self._joined else LOOK_SECONDS):
            late = not self._joined and time.monotonic() > answered_by
            if late or self._stopping.is_set() or self._again.is_set():
                client.disconnect()
                return

    def _why(self, address: tuple[str, int], context: ssl.SSLContext | None) -> LinkFault:
        error = refusal(address, context, LOOK_SECONDS) if context is not None else None
        if error is None:
            return LinkFault.REFUSED if self._ended.is_set() else LinkFault.UNREACHABLE
        return fault_of(error, self._clock(), self._known())

    def _say(self, fault: LinkFault) -> None:
        if fault is not self.fault:
            known = int(self._known()) if fault is LinkFault.CLOCK_BEHIND else None
            log.warning("no_link", why=str(fault), **({"clock_is_before": known} if known else {}))
        self.fault = fault

    def _build(self, context: ssl.SSLContext | None) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._terminal if context else f"terminal-{self._tenant}-{self._terminal}",
            protocol=self._speaks,
            reconnect_on_failure=False,
        )
        if context is not None:
            client.tls_set_context(context)
        client.suppress_exceptions = True  # an error in a callback must not end paho's loop
        if self._will:
            client.will_set(self._topic("state"), self._will, qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    def _topic(self, leaf: str) -> str:
        return wire.topic(self._tenant, self._terminal, leaf)

    # ---- paho's callbacks, on its thread -----------------------------------------------------

    def _on_connect(
        self, client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, _props: Any
    ) -> None:
        if reason.is_failure:
            log.warning("connect_refused", reason=str(reason))
            if reason.value == OTHER_VERSION:
                self._unspoken = True
                self._again.set()  # at once, in the older version
            return
        self._joined = True
        down = [self._topic(leaf) for leaf in HEARD]
        down.append(wire.host_topic(self._tenant))
        client.subscribe([(topic, 1) for topic in down])
        self.heard.put(Connected())

    def _on_disconnect(self, client: mqtt.Client, *_args: Any) -> None:
        if client is self._client:
            self._ended.set()

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        try:
            self.heard.put(wire.decode_answer(bytes(message.payload)))
        except msgspec.DecodeError:
            log.warning("message_refused", topic=message.topic, bytes=len(message.payload))
