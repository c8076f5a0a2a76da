"""What a simulated station does when the fleet asks: judged like on a real terminal, one after the
other, between two visits. It fails now and then, by dice of its own: visits stay as they are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from fleet.simulate import attachments
from fleet.simulate.attachments import Bring
from kiosk import wire
from kiosk.wire import Command, Operation, Outcome

if TYPE_CHECKING:
    from fleet.simulate.station import Station

LOOK_SECONDS = 1.0  # between looks whether something has been brought
BEGINS = (0.5, 2.0)  # seconds until a station turns to it


class Act(NamedTuple):
    """`seconds` it takes; `fails`: with which word, when the dice say so; '' never."""

    do: Callable[[Station, Command], str]
    seconds: float
    fails: str = ""


class Orders:
    """Of one station. `bring`: attachments to the gateway; None: there is no way there."""

    def __init__(self, station: Station, receiver: wire.Receiver, bring: Bring | None) -> None:
        self._station, self._receiver, self._bring = station, receiver, bring
        self._taken: set[str] = set()
        self._waiting: deque[Command] = deque()

    def take(self, command: Command, now: float) -> None:
        """`now`: epoch seconds, by the clock that the fleet has too."""
        refusal = self._receiver.refusal(command, now)
        if command.id in self._taken or not self._receiver.signed(command):
            return
        self._taken.add(command.id)
        if refusal is not None:
            self._tell(command, "refused", str(refusal))
        elif command.operation in AT_ONCE:
            self._station.news.update(AT_ONCE[Operation(command.operation)])
            self._tell(command, Outcome.DONE)
        else:
            self._tell(command, Outcome.ACCEPTED)
            self._waiting.append(command)
            if len(self._waiting) == 1:
                self._turn()

    def _turn(self) -> None:
        station = self._station
        if self._waiting:
            begin = partial(self._begin, self._waiting[0])
            station.plan(station.luck.uniform(*BEGINS), begin)

    def _begin(self, command: Command) -> None:
        self._tell(command, Outcome.RUNNING)
        act = ACTS[Operation(command.operation)]
        self._station.plan(act.seconds, partial(self._end, command, act))

    def _end(self, command: Command, act: Act) -> None:
        station = self._station
        if act.fails and station.luck.random() < station.profile.faults.orders:
            self._ended(command, Outcome.FAILED, act.fails)
        elif command.operation in attachments.MADE:
            made = attachments.MADE[Operation(command.operation)]
            sent = self._bring(command.id, made.kind, made.make(station)) if self._bring else None
            self._brought(command, sent)
        else:
            why = act.do(station, command)
            self._ended(command, Outcome.FAILED if why else Outcome.DONE, why)

    def _brought(self, command: Command, sent: Future[bool] | None) -> None:
        if sent is not None and not sent.done():
            self._station.plan(LOOK_SECONDS, partial(self._brought, command, sent))
            return
        well = sent is not None and sent.result()
        self._ended(command, Outcome.DONE if well else Outcome.FAILED, "" if well else "not_sent")

    def _ended(self, command: Command, outcome: str, why: str) -> None:
        self._tell(command, outcome, why)
        self._waiting.popleft()
        self._turn()

    def _tell(self, command: Command, outcome: str, why: str = "") -> None:
        said = {"command": command.id[:64], "operation": command.operation, "outcome": outcome}
        self._station.record("command.event", {**said, "why": why})


def _restart(station: Station, _command: Command) -> str:
    station.start_again()
    return ""


def _close(how: str) -> Callable[[Station, Command], str]:
    """'': it opens again."""

    def act(station: Station, _command: Command) -> str:
        station.closed = how
        station.news.add("health")
        return ""

    return act


def _show(_station: Station, _command: Command) -> str:
    return ""


def _test_print(station: Station, command: Command) -> str:
    printer = station.slips
    said = {"job": f"T{command.id[:8]}", "paper": "test_slip", "case_no": ""}
    if not printer.works:
        return "jam" if printer.jammed else "no_paper"
    intent = station.record("print.intent", said)
    station.record("print.outcome", {**said, "rung": "presented"}, of=intent.seq)
    printer.left -= 1
    station.tell(printer)
    return ""


# What is done without waiting, and what is said because of it.
AT_ONCE: Mapping[Operation, frozenset[str]] = {
    Operation.REPORT: frozenset({"birth", "health", "services"}),
    Operation.RENEW_CERTIFICATE: frozenset(),
}
ACTS: Mapping[Operation, Act] = {
    Operation.RESTART: Act(_restart, 6.0, "screen_down"),
    Operation.OUT_OF_SERVICE: Act(_close("out_of_service"), 0.5),
    Operation.MAINTENANCE: Act(_close("maintenance"), 0.5),
    Operation.IN_SERVICE: Act(_close(""), 0.5),
    Operation.IDENTIFY: Act(_show, 5.0, "screen_down"),
    Operation.TEST_PRINT: Act(_test_print, 3.0, "jam"),
    Operation.COLLECT_LOGS: Act(_show, 2.0, "not_sent"),
    Operation.SCREEN_PICTURE: Act(_show, 1.0, "no_screen"),
}
OPERATIONS = frozenset(map(str, (*AT_ONCE, *ACTS)))
