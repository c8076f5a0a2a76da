"""One station's connection: paho without a thread, so that ten thousand fit into one process."""

from __future__ import annotations

import selectors
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from fleet.simulate.attachments import Bring
from fleet.simulate.orders import OPERATIONS, Orders
from fleet.simulate.station import Station
from fleet.simulate.wishes import Wishes
from kiosk import wire
from kiosk.wire.topics import UP

KEEPALIVE = 60
HEARD = ("ack", "command/+", "desired")
WINDOW = 500  # records under way at most
ENVELOPE = 256  # bytes of a batch beside its records
PATIENCE = 10.0  # seconds without progress, after which everything is sent again


@dataclass(frozen=True, slots=True)
class Where:
    """`tls` gives a station's own context; None: in clear. `keys`: of the fleet's commands, by id;
    without them stations do nothing that they are asked. `bring`: attachments to the gateway."""

    host: str
    port: int
    tenant: str
    tls: Any = None
    keys: Mapping[str, str] = field(default_factory=dict)
    bring: Bring | None = None

    def context(self, station: str) -> ssl.SSLContext | None:
        made: ssl.SSLContext | None = self.tls(station) if self.tls else None
        return made


class Line:
    """Not thread-safe. `sent` and `acked` count records. `live`: lets the station live up to now;
    before and after it is asked for something."""

    def __init__(
        self,
        station: Station,
        where: Where,
        selector: selectors.BaseSelector,
        live: Callable[[Line], None],
    ) -> None:
        self.station, self._live = station, live
        receiver = wire.Receiver(where.tenant, station.id, where.keys, OPERATIONS)
        self._orders = Orders(station, receiver, where.bring)
        self._wishes = Wishes(station, receiver)
        self.sent = self.acked = 0
        self.slowest = 0.0  # seconds from sending to acknowledgement
        self.connected = self.host_online = False
        self.waits = False  # for its turn to connect
        self.turn = 0  # how often it has lived; whoever makes it live counts
        self._where, self._selector = where, selector
        self._client: mqtt.Client | None = None
        self._under_way = 0  # records of `station.unacked` that were sent
        self._progress = 0.0

    # ---- The connection ----------------------------------------------------------------------

    def open(self) -> None:
        """`OSError` while nobody listens."""
        self.close()
        self.station.session += 1
        client = self._build()
        will = wire.encode(self.station.state(online=False))
        client.will_set(self._topic("state"), will, qos=1, retain=True)
        self._client = client
        client.connect(self._where.host, self._where.port, keepalive=KEEPALIVE)

    def close(self) -> None:
        """As when the network goes: without a word."""
        client, self._client = self._client, None
        self.connected = self.host_online = False
        self._under_way = 0
        sock = client.socket() if client else None
        if client and sock:
            client.on_disconnect = None
            client._sock_close()

    def serve(self, events: int) -> None:
        client = self._client
        if client is None:
            return
        if events & selectors.EVENT_READ:
            client.loop_read()
        if events & selectors.EVENT_WRITE and client.want_write():
            client.loop_write()

    def keep_alive(self) -> None:
        if self._client is not None:
            self._client.loop_misc()

    def _build(self) -> mqtt.Client:
        where, station = self._where, self.station
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"terminal-{where.tenant}-{station.id}",
            protocol=mqtt.MQTTv5,
            reconnect_on_failure=False,
        )
        context = where.context(station.id)
        if context is not None:
            client.tls_set_context(context)
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_message = self._on_message
        client.on_socket_open = self._on_socket_open
        client.on_socket_close = self._on_socket_close
        client.on_socket_register_write = self._writes
        client.on_socket_unregister_write = self._wrote
        return client

    # ---- What it says ------------------------------------------------------------------------

    def say(self, leaf: str, message: wire.Message) -> None:
        if self._client is not None and self.connected:
            known = UP[leaf]
            said = wire.encode(message)
            self._client.publish(self._topic(leaf), said, qos=known.qos, retain=known.retained)

    def say_news(self) -> None:
        """What has changed with the station itself, as far as somebody hears it."""
        station = self.station
        if not self.host_online:
            return
        news, station.news = station.news, set()
        for leaf in sorted(news, reverse=True):  # its state before its birth
            self.say(leaf, station.state(online=True) if leaf == "state" else _told(station, leaf))

    def drain(self) -> None:
        """Send what the fleet lacks, oldest first, as much as the window allows."""
        now = time.monotonic()
        if self._under_way and now - self._progress > PATIENCE:
            self._under_way = 0
        while self.host_online and self._under_way < min(WINDOW, len(self.station.unacked)):
            batch = self._batch()
            if not self._under_way:
                self._progress = now
            self._under_way += len(batch)
            self.sent += len(batch)
            self.say("events", wire.Events(self.station.id, batch))

    def _batch(self) -> list[wire.Record]:
        size, batch = ENVELOPE, list[wire.Record]()
        for record in self.station.unacked[self._under_way : self._under_way + WINDOW]:
            size += len(wire.encode(record)) + 1
            if batch and size > wire.MAX_BATCH_BYTES:
                break
            batch.append(record)
        return batch

    def _topic(self, leaf: str) -> str:
        return wire.topic(self._where.tenant, self.station.id, leaf)

    # ---- What it hears -----------------------------------------------------------------------

    def _on_connect(
        self, client: mqtt.Client, _data: Any, _flags: Any, code: ReasonCode, _props: Any
    ) -> None:
        if code.is_failure:
            return
        self.connected = True
        down = [self._topic(leaf) for leaf in HEARD]
        client.subscribe([(topic, 1) for topic in (*down, wire.host_topic(self._where.tenant))])
        self.say("state", self.station.state(online=True))

    def _on_disconnect(self, *_rest: Any) -> None:
        self.connected = self.host_online = False
        self._under_way = 0

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        try:
            heard = wire.decode_answer(bytes(message.payload))
        except msgspec.DecodeError:
            return
        if isinstance(heard, wire.HostState):
            self.host_online = heard.online
            if heard.online:
                self._under_way = 0
                self.say("birth", self.station.birth())
                self.say("services", self.station.services())
                self.drain()
        elif isinstance(heard, wire.Ack):
            self._take(heard)
        else:
            self._obey(heard)

    def _obey(self, asked: wire.Command | wire.Desired) -> None:
        self._live(self)
        if isinstance(asked, wire.Command):
            self._orders.take(asked, time.time())
        else:
            self._wishes.take(asked)
        self._live(self)

    def _take(self, ack: wire.Ack) -> None:
        before = len(self.station.unacked)
        self.station.acknowledged(ack)
        gone = before - len(self.station.unacked)
        if gone:
            now = time.monotonic()
            self.slowest = max(self.slowest, now - self._progress)
            self._progress = now
            self.acked += gone
            self._under_way = max(0, self._under_way - gone)
        self.drain()

    # ---- paho's socket, in our selector ------------------------------------------------------

    def _on_socket_open(self, _client: mqtt.Client, _data: Any, sock: Any) -> None:
        self._selector.register(sock, selectors.EVENT_READ, self)

    def _on_socket_close(self, _client: mqtt.Client, _data: Any, sock: Any) -> None:
        self._selector.unregister(sock)

    def _writes(self, _client: mqtt.Client, _data: Any, sock: Any) -> None:
        self._selector.modify(sock, selectors.EVENT_READ | selectors.EVENT_WRITE, self)

    def _wrote(self, _client: mqtt.Client, _data: Any, sock: Any) -> None:
        self._selector.modify(sock, selectors.EVENT_READ, self)


def _told(station: Station, leaf: str) -> wire.Message:
    said: wire.Message = getattr(station, leaf)()
    return said
