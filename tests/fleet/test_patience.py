"""Gaps that another worker is about to fill are not told; what is told is true at any moment."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fleet.patience import Patience
from fleet.ranges import Held

WAIT = 2.0


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def of(*numbers: int) -> Held:
    held = Held()
    for number in numbers:
        held = held.plus(number)
    return held


def test_without_patience_everything_is_told_at_once() -> None:
    held = of(1, 4, 8)
    patience = Patience(0)
    assert patience.told("T", "j", held).held == held
    assert patience.told("T", "j", held).new == 0
    assert patience.told("T", "j", held.plus(6)).new == 0, "a part of a gap is no new one"


def test_a_young_gap_ends_what_is_told_and_an_old_one_does_not() -> None:
    clock = Clock()
    patience = Patience(WAIT, clock)
    told = patience.told("T", "j", of(1, 2, 5))
    assert (told.held, told.new) == (of(1, 2), 0)
    assert patience.due() == []
    clock.now += WAIT
    assert patience.due() == [("T", "j")]
    told = patience.told("T", "j", of(1, 2, 5, 9))
    assert (told.held, told.new) == (of(1, 2, 5), 1)
    assert patience.due() == []
    told = patience.told("T", "j", of(1, 2, 3, 5, 9))
    assert (told.held, told.new) == (of(1, 2, 3, 5), 0)
    assert patience.told("T", "j", of(*range(1, 10))).held == of(*range(1, 10))
    clock.now += WAIT
    assert patience.due() == []


@given(
    st.lists(st.tuples(st.integers(1, 30), st.floats(0, 3)), min_size=1, max_size=40),
    st.sampled_from([0.0, WAIT]),
)
def test_what_is_told_is_always_true(steps: list[tuple[int, float]], seconds: float) -> None:
    """Of all numbers up to its top it says exactly which are held."""
    clock, held, have = Clock(), Held(), set[int]()
    patience = Patience(seconds, clock)
    for number, later in steps:
        clock.now += later
        held = held.plus(number)
        have.add(number)
        told = patience.told("T", "j", held).held
        assert told.top <= held.top
        assert {n for n in range(1, told.top + 1) if n in told} == {
            n for n in have if n <= told.top
        }
    clock.now += WAIT
    assert patience.told("T", "j", held).held == held
