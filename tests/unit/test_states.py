"""The table is whole: every state has a screen's row, every answer is one that the table allows."""

from __future__ import annotations

import pytest

from kiosk import events as e
from kiosk.errors import TransitionError
from kiosk.session import states, views
from kiosk.session.routes import QUESTIONS
from kiosk.view import State


def targets() -> list[states.Target]:
    return [target for row in states.TABLE.values() for target in row.values()]


def test_every_state_has_a_row_and_a_body() -> None:
    assert set(states.TABLE) == set(State)
    assert set(views.BODIES) == set(State)


def test_every_question_has_an_answer() -> None:
    asked = {target.question for target in targets() if isinstance(target, states.Choice)}
    assert asked == set(QUESTIONS)


def test_every_state_can_be_reached_and_left() -> None:
    reached = {State.OUT_OF_SERVICE}
    for target in targets():
        reached |= {target} if isinstance(target, State) else set()
        reached |= set(target.targets) if isinstance(target, states.Choice) else set()
    assert reached == set(State)
    for state, row in states.TABLE.items():
        assert any(target is not states.SAME and target is not state for target in row.values())


def test_a_citizen_is_never_kept_waiting_for_ever() -> None:
    clocked = (e.WaitedTooLong, e.CountdownEnded)
    own_time = {State.ATTRACT, State.OUT_OF_SERVICE, State.SUBMITTING}
    for state in set(State) - own_time:
        assert any(event in states.TABLE[state] for event in clocked), state


def test_language_can_be_chosen_everywhere() -> None:
    for state in State:
        assert states.target(state, e.LanguageChosen) is states.SAME


def test_an_event_out_of_place_is_a_typed_error_naming_both() -> None:
    with pytest.raises(TransitionError, match=r"attract.*Rated"):
        states.target(State.ATTRACT, e.Rated)
