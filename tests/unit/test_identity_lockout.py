from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.identity.lockout import Instant, Lockout, uptime

BOOT = "first start"
seconds = st.integers(0, 10**10).map(lambda eighths: eighths / 8)  # sums of these are exact
failures = st.integers(0, 10_000)


def after(count: int, at: Instant) -> Lockout:
    lockout = Lockout()
    for _ in range(count):
        lockout = lockout.failed(at)
    return lockout


@pytest.mark.parametrize(
    ("count", "left", "wait"),
    [
        (0, 3, 0),
        (1, 2, 0),
        (2, 1, 0),
        (3, 0, 30),
        (4, 0, 60),
        (5, 0, 120),
        (6, 0, 240),
        (7, 0, 480),
        (8, 0, 960),
        (9, 0, 1920),
        (10, 0, 3600),
        (11, 0, 3600),
        (500, 0, 3600),
    ],
)
def test_three_are_free_and_then_the_wait_doubles(count: int, left: int, wait: int) -> None:
    now = Instant(BOOT, 1000.5)
    lockout = after(count, now)
    assert (lockout.failures, lockout.tries_left, lockout.wait(now)) == (count, left, wait)


def test_a_wait_runs_down_with_the_uptime() -> None:
    lockout = after(3, Instant(BOOT, 100))
    waits = [lockout.wait(Instant(BOOT, 100 + passed)) for passed in (0, 0.5, 29, 29.5, 30, 31)]
    assert waits == [30, 30, 1, 1, 0, 0]


def test_another_start_of_the_machine_counts_from_its_beginning() -> None:
    lockout = after(3, Instant(BOOT, 1e6))
    waits = [lockout.wait(Instant("second start", uptime)) for uptime in (0, 12, 29, 30)]
    assert waits == [30, 18, 1, 0]


def test_an_uptime_that_fell_counts_as_another_start() -> None:
    assert after(3, Instant(BOOT, 1e6)).wait(Instant(BOOT, 12)) == 18


@given(failures, seconds, seconds)
def test_no_lock_is_endless_in_one_start_of_the_machine(
    count: int, since: float, passed: float
) -> None:
    now = Instant(BOOT, since + passed)
    wait = Lockout(count, BOOT, since).wait(now)
    assert 0 <= wait <= 3600
    assert Lockout(count, BOOT, since).wait(Instant(BOOT, now.seconds + wait)) == 0


@given(failures, seconds, seconds)
def test_no_lock_is_endless_in_another_start(count: int, since: float, up: float) -> None:
    wait = Lockout(count, BOOT, since).wait(Instant("second start", up))
    assert 0 <= wait <= 3600
    assert Lockout(count, BOOT, since).wait(Instant("second start", up + wait)) == 0


@given(failures, seconds, seconds)
def test_a_restart_never_shortens_a_lock(count: int, since: float, up: float) -> None:
    """`up` seconds after a restart at least as long is to wait as without one."""
    lockout = Lockout(count, BOOT, since)
    assert lockout.wait(Instant("second start", up)) >= lockout.wait(Instant(BOOT, since + up))


@given(st.integers(3, 40), seconds)
def test_more_failures_never_mean_less_waiting(count: int, since: float) -> None:
    now = Instant(BOOT, since)
    waits = [after(one, now).wait(now) for one in range(count)]
    assert all(before <= later for before, later in pairwise(waits))


def test_the_machine_tells_its_start_and_its_uptime() -> None:
    first, second = uptime(), uptime()
    assert first.boot == second.boot
    assert len(first.boot) == 36
    assert 0 < first.seconds <= second.seconds
