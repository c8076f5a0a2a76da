"""Alarms as one part of a fleet manager: the watch, the desk, and one postman for each channel."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fleet.alarms.channels import Mail, MailServer, Sender, Webhook
from fleet.alarms.desk import AlarmDesk
from fleet.alarms.notices import Link
from fleet.alarms.postman import Postman
from fleet.alarms.round import Round, Telling
from fleet.alarms.rules import Channel, Kind, load
from fleet.alarms.view import AlarmView
from fleet.alarms.watchman import DEAF_SECONDS, Watchman
from fleet.live import Live
from fleet.store.database import Store

NO_MAIL = MailServer("", 25, "none", "")


@dataclass(frozen=True, slots=True)
class AlarmPlace:
    """`rules`: the file; `console`: where people reach it, for links in messages.
    `deaf_seconds`: after a start, before anybody is called silent."""

    rules: Path
    seconds: float = 10.0
    console: str = ""
    mail: MailServer = NO_MAIL
    deaf_seconds: float = DEAF_SECONDS


class AlarmOffice:
    """Raises `StartError` for rules that are not sound."""

    def __init__(
        self, store: Store, live: Live, place: AlarmPlace, clock: Callable[[], float] = time.time
    ) -> None:
        rules = load(place.rules)
        telling = Telling(rules.channel, Link(place.console))
        self.view = AlarmView(store, rules)
        self.desk = AlarmDesk(store, rules, telling, clock)
        rounds = Round(store, rules, telling)
        self._watchman = Watchman(rounds, live, place.seconds, place.deaf_seconds, clock)
        self._postmen = [
            Postman(store, one.name, _sender(one, place.mail, clock), clock)
            for one in rules.channel
        ]

    def start(self) -> None:
        for postman in self._postmen:
            postman.start()
        self._watchman.start()

    @property
    def healthy(self) -> bool:
        return self._watchman.healthy and all(one.healthy for one in self._postmen)

    def stop(self) -> None:
        """All are asked first, so that they end together."""
        for postman in self._postmen:
            postman.ask_to_stop()
        self._watchman.stop()
        for postman in self._postmen:
            postman.stop()


def _sender(channel: Channel, server: MailServer, clock: Callable[[], float]) -> Sender:
    if channel.kind is Kind.WEBHOOK:
        return Webhook(channel, clock)
    return Mail(channel, server)
