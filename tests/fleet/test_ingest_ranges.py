"""The gap ledger says exactly what a set of numbers would say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fleet.ranges import Held, runs


@given(st.lists(st.integers(1, 40)))
def test_the_ledger_equals_the_set(numbers: list[int]) -> None:
    held = Held()
    for number in numbers:
        held = held.plus(number)
    top = max(numbers, default=0)
    lacking = sorted(set(range(1, top + 1)) - set(numbers))
    assert held.top == top
    assert [n for first, last in held.missing for n in range(first, last + 1)] == lacking
    assert held.through == (lacking[0] - 1 if lacking else top)
    assert all((number in held) == (number in numbers) for number in range(-1, 45))
    assert list(held.missing) == runs(lacking)


def test_a_huge_number_costs_nothing() -> None:
    assert Held().plus(2**62).missing == ((1, 2**62 - 1),)
