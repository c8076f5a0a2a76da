"""The agent's loop: reads only the journal, sends what is saved, notes what the fleet holds."""

from __future__ import annotations

import queue
import random
import threading
import time

import structlog

from kiosk import wire
from kiosk.agent import reports
from kiosk.agent.link import Connected, Disconnected, Heard, Link
from kiosk.agent.outbox import Outbox
from kiosk.journal import Journal

log = structlog.get_logger("agent")

TICK_SECONDS = 0.05
LOOK_SECONDS = 1.0
LINK_SECONDS = 5.0  # how often the screen process is told that the link still holds
HEALTH_SECONDS = (30.0, 60.0)


class Agent:
    """One instance, one thread. `run` returns after `stop` was set."""

    def __init__(self, journal: Journal, link: Link, versions: reports.Versions) -> None:
        self._journal, self._link, self._versions = journal, link, versions
        self._outbox = Outbox(journal)
        self._session = 0
        self._connected = False
        self._host_online = False
        self._next_look = self._next_health = self._next_link = 0.0
        self._last_told: tuple[object, ...] = ()

    def run(self, stop: threading.Event) -> None:
        """The will is refreshed before each connect, so its session number is never an old one."""
        self._renew_session()
        self._link.start(self._state(online=False))
        self._note_link()
        while not stop.is_set():
            self._listen()
            if time.monotonic() >= self._next_link:
                self._note_link()
            if self._connected:
                self._drain()
                self._report()
        self._link.stop(self._state(online=False))

    def _listen(self) -> None:
        """Wait a tick for news, then take all there is."""
        try:
            self._take(self._link.heard.get(timeout=TICK_SECONDS))
            while True:
                self._take(self._link.heard.get_nowait())
        except queue.Empty:
            return

    def _take(self, heard: Heard) -> None:
        now = time.monotonic()
        match heard:
            case Connected():
                self._connected = True
                self._link.publish("state", self._state(online=True), retain=True)
            case Disconnected():
                self._connected = self._host_online = False
                self._renew_session()
                self._link.set_will(self._state(online=False))
            case wire.HostState():
                self._host_online = heard.online
                if heard.online:
                    self._outbox.connected(now)
                    birth = reports.birth(self._journal, self._session, self._versions)
                    self._link.publish("birth", birth)
                    self._last_told, self._next_look = (), 0.0
            case wire.Ack():
                self._outbox.acknowledged(heard, now)
        if not isinstance(heard, wire.Ack):
            self._note_link()
            log.info("link", connected=self._connected, fleet_online=self._host_online)

    def _drain(self) -> None:
        """Held back while the fleet is away: the broker is no place to keep records."""
        while self._host_online and (batch := self._outbox.next_batch(time.monotonic())):
            self._link.publish("events", wire.Events(self._journal.terminal, batch))

    def _report(self) -> None:
        """Health and services, when they are due or have changed."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + LOOK_SECONDS
        health = reports.health(self._journal, self._session, self._outbox.waiting)
        services = reports.services(self._journal, self._session)
        told = (health.devices, health.screen, services.items)
        if told != self._last_told:
            self._link.publish("services", services, retain=True)
        if told != self._last_told or now >= self._next_health:
            self._link.publish("health", health, qos=0)
            self._last_told = told
            self._next_health = now + random.uniform(*HEALTH_SECONDS)

    def _renew_session(self) -> None:
        self._session = self._journal.next_link_session()

    def _state(self, *, online: bool) -> wire.State:
        return reports.state(self._journal, self._session, online, self._versions)

    def _note_link(self) -> None:
        """The screen process reads this to know whether the fleet can be reached."""
        self._next_link = time.monotonic() + LINK_SECONDS
        online = self._connected and self._host_online
        self._journal.put_status("link", {"connected": self._connected, "online": online})
