"""Plans, states and limits of rollouts and orders, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from kiosk.wire import Operation, Piece


class State(StrEnum):
    """Of a rollout."""

    RUNNING = "running"
    PAUSED = "paused"  # by a person
    APPROVAL = "approval"  # the next group waits for somebody's word
    ROLLING_BACK = "rolling_back"
    ROLLED_BACK = "rolled_back"
    STOPPED = "stopped"  # without a way back: a catalogue's numbers only grow
    DONE = "done"  # every group; who comes back late still joins


class At(StrEnum):
    """Of one terminal in a rollout."""

    TOLD = "told"
    FETCHED = "fetched"
    READY = "ready"
    SWITCHED = "switched"
    CONFIRMED = "confirmed"
    FAILED = "failed"  # refused, fell back, or silent since it switched
    RETURNING = "returning"
    RETURNED = "returned"


class Shown(StrEnum):
    """How a terminal stands; the last five as its screen said last."""

    HERE = "here"
    AWAY = "away"
    IDLE = "idle"
    SERVING = "serving"  # somebody is there
    MAINTENANCE = "maintenance"
    OUT_OF_SERVICE = "out_of_service"
    DOWN = "down"


class Where(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which terminals: all that fit everything that is said. `ids`: these alone; `site`: part of
    its name; `software`: this version alone; `state`: as it is when it is asked; `share`: so many
    of them, always the same."""

    ids: list[str] = []
    site: str = ""
    software: str = ""
    share: float = 1.0
    state: Shown | None = None


class Group(msgspec.Struct, frozen=True, omit_defaults=True):
    """`approve`: somebody has to say so before this group begins. Terminals of an earlier group
    stay there."""

    name: str
    where: Where = Where()
    approve: bool = False


class Terms(msgspec.Struct, frozen=True, omit_defaults=True):
    """When a group is good, and when everything stops.

    `observe`: seconds that a group is watched, at least; `visits`: that it must have had by then,
    otherwise a person is asked after `patience` seconds. `failures`: the largest share of
    terminals that may fail. `drop`: by how much the share of completed visits may fall;
    `unconfirmed`: by how much that of unconfirmed papers may rise; `crashes`: that of visits which
    a crash ended. `silent`: seconds without a word since the switch, after which a terminal failed.
    """

    observe: float = 3600
    visits: int = 20
    patience: float = 86400
    failures: float = 0.1
    drop: float = 0.15
    unconfirmed: float = 0.05
    crashes: float = 0.05
    silent: float = 1800


class Plan(msgspec.Struct, frozen=True, omit_defaults=True):
    piece: Piece
    groups: list[Group]
    terms: Terms = Terms()
    window: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Of an operation. `alone`: so many terminals may one person hit without a second person;
    `seconds`: how long it may wait for its terminal."""

    alone: int
    seconds: int = 3600


RULES: Mapping[Operation, Rule] = {
    Operation.REPORT: Rule(10**6, 600),
    Operation.RENEW_CERTIFICATE: Rule(50),
    Operation.RESTART: Rule(3),
    Operation.OUT_OF_SERVICE: Rule(0),
    Operation.MAINTENANCE: Rule(1),
    Operation.IN_SERVICE: Rule(10),
    Operation.IDENTIFY: Rule(3, 600),
    Operation.COLLECT_LOGS: Rule(20, 86400),
    Operation.SCREEN_PICTURE: Rule(5, 600),
    Operation.TEST_PRINT: Rule(3),
}
# The least that an operation must be told.
ARGUMENTS: Mapping[Operation, tuple[str, ...]] = {Operation.OUT_OF_SERVICE: ("zh", "en")}
LONGEST = 120  # characters of an argument


class Ordered(StrEnum):
    """Of an order."""

    APPROVAL = "approval"
    SENDING = "sending"
    REFUSED = "refused"  # by the second person
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class Sent(StrEnum):
    """Of one terminal's command."""

    QUEUED = "queued"
    SENT = "sent"
    ACCEPTED = "accepted"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    INTERRUPTED = "interrupted"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


OPEN = (Sent.QUEUED, Sent.SENT, Sent.ACCEPTED, Sent.RUNNING)
