"""The steps of an item as a graph: who waits for whom, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from kiosk.services.item import Step


def edges(steps: Iterable[Step]) -> dict[str, tuple[str, ...]]:
    """Each step's code → the codes it waits for, as far as they are steps at all."""
    steps = tuple(steps)
    known = {step.code for step in steps}
    return {step.code: tuple(code for code in step.after if code in known) for step in steps}


def cycle(waits: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The names of one circle, the first again at the end; () when there is none."""
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1]))
    return ()


def before(waits: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Each name → every name that has to be done before it, however far. No circles."""
    found: dict[str, set[str]] = {}
    for name in TopologicalSorter(waits).static_order():
        near = set(waits.get(name, ()))
        found[name] = near.union(*(found[one] for one in near))
    return found


def longest(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps of the way that takes most days; () when they go round in a circle."""
    waits = edges(steps)
    by_code = {step.code: step for step in steps}
    if cycle(waits):
        return ()
    ways: dict[str, tuple[Step, ...]] = {}
    for code in TopologicalSorter(waits).static_order():
        ways[code] = (
            *max((ways[one] for one in waits[code]), key=_days, default=()),
            by_code[code],
        )
    return max(ways.values(), key=_days, default=())


def _days(way: Sequence[Step]) -> int:
    return sum(step.day for step in way)
