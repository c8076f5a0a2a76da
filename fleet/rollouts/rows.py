"""Orders and rollouts as frozen rows. No row holds a citizen's data; times are epoch seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fleet.rollouts.shapes import Plan, Where

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class OrderRow:
    """`counts`: state of a terminal's command (`Sent`) -> how many."""

    id: int
    operation: str
    state: str
    asked_by: str
    asked_at: float
    answered_by: str
    seconds: int
    reason: str
    where: Where
    arguments: Mapping[str, str]
    counts: Counts


@dataclass(frozen=True, slots=True)
class SentRow:
    """`brought`: logs, picture, or '' when nothing has come."""

    terminal: str
    command: str
    state: str
    why: str
    changed_at: float
    brought: str


@dataclass(frozen=True, slots=True)
class RolloutRow:
    """`mark`: what an act on it must say, so that an old page changes nothing. `counts`: state of a
    terminal (`At`) -> how many."""

    id: int
    kind: str
    version: str
    state: str
    stage: int
    why: str
    asked_by: str
    made_at: float
    changed_at: float
    mark: str
    plan: Plan
    counts: Counts


@dataclass(frozen=True, slots=True)
class MemberRow:
    terminal: str
    stage: int
    state: str
    why: str
    changed_at: float


@dataclass(frozen=True, slots=True)
class NoteRow:
    """`what`: as `book.note` wrote it."""

    at: float
    actor: str
    what: str


@dataclass(frozen=True, slots=True)
class Brought:
    terminal: str
    kind: str
    body: bytes
