"""What goes when: one table of rows that are kept for a time, and what keeps them longer."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Column, ColumnElement, Table, and_, exists, or_, true

from fleet.incidents import Reason
from fleet.rollouts.shapes import OPEN, Ordered, State
from fleet.store.alarm_tables import alarm_groups, alarm_members, alarm_notes, alarm_outbox
from fleet.store.console_tables import supply_days, supply_levels
from fleet.store.report_tables import serving_history
from fleet.store.rollout_tables import (
    attachments,
    order_terminals,
    orders,
    rollout_notes,
    rollout_terminals,
    rollouts,
    tidings,
)
from fleet.store.tables import acts, alarms, chains, dead_letters, moments, records

UNDECIDED = (Ordered.APPROVAL.value, Ordered.SENDING.value)
OVER = (State.STOPPED.value, State.ROLLED_BACK.value)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that go with another: `of` names the other's first key. `only`: these alone."""

    of: Column[int]
    only: ColumnElement[bool] = field(default_factory=true)


@dataclass(frozen=True, slots=True)
class Keep:
    """Rows of `table` go when `age` is past and `unless` does not hold, with their `parts`."""

    kind: str
    table: Table
    age: Column[float]
    unless: ColumnElement[bool] | None = None
    only: ColumnElement[bool] | None = None
    parts: tuple[Part, ...] = ()


_later = serving_history.alias("later")
_same_record = and_(*(records.c[name] == acts.c[name] for name in ("terminal", "journal", "seq")))
_refused = dead_letters.c.reason.in_([Reason.HASH.value, Reason.FORK.value])
# A record that was refused may be what a gap is waiting for.
_gap = and_(chains.c.missing != "[]", dead_letters.c.topic.contains("/" + chains.c.terminal + "/"))
# What a command brought has a time of its own; until then somebody may look for whose it was.
_brought = exists().where(
    order_terminals.c.order_id == orders.c.id,
    or_(
        order_terminals.c.state.in_([one.value for one in OPEN]),
        exists().where(attachments.c.command == order_terminals.c.command),
    ),
)
# The last of each kind says why a terminal has not what it is to have; who is late joins it.
_newer = rollouts.alias("newer")
_followed = exists().where(_newer.c.kind == rollouts.c.kind, _newer.c.id > rollouts.c.id)

TABLE: tuple[Keep, ...] = (
    Keep("moments", moments, moments.c.received_at),
    # Ratings are counted against those that came; an act's record is what proves it.
    Keep("acts", acts, acts.c.received_at,
         unless=or_(acts.c.kind == "rating", exists().where(_same_record))),
    Keep("incidents", alarms, alarms.c.last_at),
    Keep("letters", dead_letters, dead_letters.c.time, only=~_refused),
    Keep("refused", dead_letters, dead_letters.c.time, only=_refused, unless=exists().where(_gap)),
    Keep("alarms", alarm_groups, alarm_groups.c.resolved_at,
         unless=exists().where(alarm_outbox.c.alarm == alarm_groups.c.id,
                               alarm_outbox.c.done_at.is_(None)),
         parts=(Part(alarm_members.c.alarm), Part(alarm_notes.c.alarm),
                Part(alarm_outbox.c.alarm))),
    Keep("webhooks", alarm_outbox, alarm_outbox.c.done_at,
         only=alarm_outbox.c.channel.startswith("webhook/")),
    Keep("digests", alarm_outbox, alarm_outbox.c.done_at, only=alarm_outbox.c.event == "digest"),
    # The last row of a terminal says how it is now.
    Keep("service", serving_history, serving_history.c.since,
         unless=~exists().where(_later.c.terminal == serving_history.c.terminal,
                                _later.c.since > serving_history.c.since)),
    Keep("attachments", attachments, attachments.c.received_at),
    Keep("tidings", tidings, tidings.c.received_at, only=tidings.c.taken),
    Keep("orders", orders, orders.c.asked_at, unless=or_(orders.c.state.in_(UNDECIDED), _brought),
         parts=(Part(order_terminals.c.order_id),
                Part(rollout_notes.c.number, rollout_notes.c.about == "order"))),
    Keep("rollouts", rollouts, rollouts.c.changed_at,
         unless=or_(rollouts.c.state.not_in(OVER), ~_followed),
         parts=(Part(rollout_terminals.c.rollout),
                Part(rollout_notes.c.number, rollout_notes.c.about == "rollout"))),
    Keep("supplies", supply_days, supply_days.c.day),
    Keep("levels", supply_levels, supply_levels.c.at),
)  # fmt: skip
