"""The agent's loop: reads only the journal, sends what is saved, notes what the fleet holds."""

from __future__ import annotations

import queue
import random
import threading
import time

import msgspec
import structlog

from kiosk import wire
from kiosk.agent import reports
from kiosk.agent.badge import Badge
from kiosk.agent.link import Connected, Disconnected, Heard, Link
from kiosk.agent.outbox import Outbox
from kiosk.agent.stragglers import Stragglers
from kiosk.journal import Journal, prune

log = structlog.get_logger("agent")

TICK_SECONDS = 0.05
LOOK_SECONDS = 1.0
LINK_SECONDS = 5.0  # how often the screen process is told that the link still holds
HEALTH_SECONDS = (30.0, 60.0)


class Agent:
    """One instance, one thread. `run` returns after `stop` was set, or when another file has become
    the journal. `most_bytes`: from when on records that the fleet holds are forgotten."""

    def __init__(
        self,
        journal: Journal,
        link: Link,
        versions: reports.Versions,
        most_bytes: int = 2**28,
        badge: Badge | None = None,
    ) -> None:
        self._journal, self._link, self._versions = journal, link, versions
        self._most_bytes, self._badge = most_bytes, badge
        self._commands = None
        if badge and not journal.ahead:  # what is done must be recorded
            self._commands = badge.commands(journal, self._report_anew)
        self._outbox = Outbox(journal)
        self._stragglers = Stragglers(journal.rescued)
        self._session = 0
        self._connected = False
        self._host_online = False
        self._next_look = self._next_health = self._next_link = 0.0
        self._last_told: tuple[object, ...] = ()
        self._catalogue = ""  # the version that was told last

    def run(self, stop: threading.Event) -> None:
        """The will is refreshed before each connect, so its session number is never an old one."""
        self._renew_session()
        self._link.start(self._state(online=False))
        self._note_link()
        while not stop.is_set() and not self._journal.moved:
            self._listen()
            if time.monotonic() >= self._next_link:
                self._note_link()
                prune(self._journal, self._most_bytes)
            if self._commands is not None:
                self._commands.work()
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
                self._tell_state()
            case Disconnected():
                self._connected = self._host_online = False
                self._renew_session()
                self._link.set_will(self._state(online=False))
            case wire.Command() | wire.Desired():
                self._obey(heard)
            case wire.HostState():
                self._hear_time(heard.time)
                self._host_online = heard.online
                if heard.online:
                    self._outbox.connected(now)
                    self._report_anew()
            case wire.Ack():
                self._hear_time(heard.time)
                self._acknowledged(heard, now)
        if not isinstance(heard, wire.Ack):
            self._note_link()
            log.info("link", connected=self._connected, fleet_online=self._host_online)

    def _obey(self, heard: wire.Command | wire.Desired) -> None:
        """By an old copy of a journal nothing is done: it could not be recorded."""
        if self._commands is None or self._badge is None:
            return
        if isinstance(heard, wire.Desired):
            self._badge.wish(heard)
        else:
            self._commands.take(heard)

    def _acknowledged(self, ack: wire.Ack, now: float) -> None:
        was_ours = not self._journal.ahead
        self._outbox.acknowledged(ack, now)
        self._stragglers.acknowledged(ack)
        if was_ours and self._journal.ahead:
            self._commands = None
            log.error("journal_is_an_old_copy", held=ack.top, own=self._journal.last_seq)
            self._report_anew()

    def _report_anew(self) -> None:
        """Everything about this terminal, whether it has changed or not."""
        birth = reports.birth(self._journal, self._session, self._versions)
        self._link.publish("birth", birth)
        self._last_told, self._next_look = (), 0.0

    def _hear_time(self, time: str) -> None:
        if self._badge is not None:
            self._badge.known.hear(time)

    def _drain(self) -> None:
        """Held back while the fleet is away: the broker is no place to keep records."""
        if self._host_online and self._outbox.must_ask(time.monotonic()):
            self._report_anew()
        while self._host_online and (batch := self._outbox.next_batch(time.monotonic())):
            self._link.publish("events", wire.Events(self._journal.terminal, batch))
        if self._host_online and (late := self._stragglers.next_batch(time.monotonic())):
            self._link.publish("events", wire.Events(self._journal.terminal, late))

    def _tell_state(self) -> None:
        state = self._state(online=True)
        self._link.publish("state", state, retain=True)
        self._catalogue = state.catalogue

    def _report(self) -> None:
        """Health and services, when they are due or have changed; state, with a new catalogue."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + LOOK_SECONDS
        if self._state(online=True).catalogue != self._catalogue:
            self._tell_state()
        waiting = self._outbox.waiting + self._journal.rescued.waiting
        health = reports.health(self._journal, self._session, waiting)
        if self._badge is not None:
            fault = str(self._link.fault or "")
            health = msgspec.structs.replace(health, link_fault=fault, **self._badge.told())
        services = reports.services(self._journal, self._session)
        told = (health.devices, health.screen, services.items, health.certificate_fault)
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
        fault = "" if self._connected else str(self._link.fault or "")
        told = {"connected": self._connected, "online": online, "fault": fault}
        self._journal.put_status("link", told)
