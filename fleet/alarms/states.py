"""An alarm's life in one table, and what people can do about it.

1. Rules open and end alarms; people take them over, and end those that only people can judge.
2. Who has taken an alarm over answers for it: nobody is called any more.
3. Silence stops messages, never the alarm.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"  # somebody has taken it over
    RESOLVED = "resolved"


class Act(StrEnum):
    """What happens to an alarm; the last three by rules alone."""

    TAKE = "take"
    RELEASE = "release"
    NOTE = "note"
    SILENCE = "silence"
    SPEAK = "speak"  # ends a silence
    ESCALATE = "escalate"
    RESOLVE = "resolve"
    OPENED = "opened"
    ESCALATED = "escalated"
    RESOLVED = "resolved"


class Refusal(StrEnum):
    """Why an act of a person has no effect."""

    UNKNOWN = "unknown"  # no such alarm
    OVER = "over"  # it is resolved
    STALE = "stale"  # somebody changed it since the page was read
    TAKEN = "taken"  # it is somebody else's
    NOT_YOURS = "not_yours"
    STILL_SO = "still_so"  # it ends by itself, when its cause is gone
    EMPTY = "empty"  # a note without words
    TOO_LONG = "too_long"
    HIGHEST = "highest"  # nobody is left to be told


# (state, act) -> the next state; what is not here is refused as over.
NEXT: dict[tuple[State, Act], State] = {
    (State.OPEN, Act.TAKE): State.ACKNOWLEDGED,
    (State.ACKNOWLEDGED, Act.TAKE): State.ACKNOWLEDGED,
    (State.ACKNOWLEDGED, Act.RELEASE): State.OPEN,
    (State.OPEN, Act.RELEASE): State.OPEN,
    **{
        (state, act): state
        for state in (State.OPEN, State.ACKNOWLEDGED)
        for act in (Act.NOTE, Act.SILENCE, Act.SPEAK, Act.ESCALATE)
    },
    (State.RESOLVED, Act.NOTE): State.RESOLVED,
    (State.OPEN, Act.RESOLVE): State.RESOLVED,
    (State.ACKNOWLEDGED, Act.RESOLVE): State.RESOLVED,
}
