"""What is said on which topic: the table behind subscriptions and behind `docs/protocol`."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.wire.commands import Command
from kiosk.wire.desired import Desired
from kiosk.wire.messages import (
    Ack,
    Birth,
    Events,
    Health,
    HostState,
    Message,
    Services,
    State,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """The end of a topic. `up`: from a terminal; otherwise from the fleet."""

    name: str
    message: type[Message]
    when: str
    up: bool = True
    qos: int = 1
    retained: bool = False


LEAVES = (
    Leaf(
        "state", State, "At each connect, when a version changes, and as the will.", retained=True
    ),
    Leaf("birth", Birth, "Each time that the fleet says it is online."),
    Leaf("health", Health, "Every 30 to 60 s with jitter, and on each change.", qos=0),
    Leaf("services", Services, "At each connect and on each change.", retained=True),
    Leaf("events", Events, "Whenever the journal holds what the fleet does not."),
    Leaf("command/{id}", Command, "When people ask a terminal to act.", up=False),
    Leaf("desired", Desired, "When what a terminal is to have changes.", up=False, retained=True),
    Leaf("ack", Ack, "After each commit that touched a journal, and after a birth.", up=False),
)
HOST = Leaf("fleet/state", HostState, "At each connect, and as the will.", up=False, retained=True)
UP = {leaf.name: leaf for leaf in LEAVES if leaf.up}
