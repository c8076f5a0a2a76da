from __future__ import annotations

import asyncio
import gc
import threading
import time
import weakref
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from drivers import worker as module
from drivers.worker import MAX_LEFT, Worker

BOUND = 10


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    worker = Worker("device-under-test")
    yield worker
    worker.close()


@pytest.fixture
def hang() -> Iterator[Callable[[], bool]]:
    """Something that hangs until the test is over."""
    freed = threading.Event()
    yield freed.wait
    freed.set()


def threads() -> int:
    return sum(thread.name == "device-under-test" for thread in threading.enumerate())


async def until(count: int) -> None:
    async with asyncio.timeout(BOUND):
        while threads() != count:
            await asyncio.sleep(0.01)


async def test_results_and_exceptions_come_back(worker: Worker) -> None:
    assert await worker.call(1, divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await worker.call(1, divmod, 7, 0)
    assert await worker.call(1, int, "12", base=3) == 5


async def test_calls_run_one_after_the_other_on_one_thread(worker: Worker) -> None:
    log: list[tuple[str, int, int]] = []

    def act(number: int) -> None:
        log.append(("begin", number, threading.get_ident()))
        time.sleep(0.005)
        log.append(("end", number, threading.get_ident()))

    await asyncio.gather(*(worker.call(BOUND, act, number) for number in range(10)))
    assert [entry[:2] for entry in log] == [
        (what, number) for number in range(10) for what in ("begin", "end")
    ]
    assert len({entry[2] for entry in log} | {threading.get_ident()}) == 2


async def test_a_hung_call_times_out_and_the_next_is_served(
    worker: Worker, hang: Callable[[], bool]
) -> None:
    with pytest.raises(TimeoutError):
        await worker.call(0.05, hang)
    assert worker.hung == 1
    assert await worker.call(BOUND, len, "abc") == 3
    assert threads() == 2


async def test_a_call_that_waits_behind_a_hung_one_is_served(
    worker: Worker, hang: Callable[[], bool]
) -> None:
    stuck = asyncio.create_task(worker.call(0.1, hang))
    await asyncio.sleep(0.02)
    behind = [asyncio.create_task(worker.call(BOUND, len, "abc")) for _ in range(3)]
    assert await asyncio.gather(*behind) == [3, 3, 3]
    with pytest.raises(TimeoutError):
        await stuck


async def test_a_call_that_is_a_little_late_keeps_its_device_to_itself(worker: Worker) -> None:
    order: list[str] = []

    def late() -> None:
        time.sleep(0.12)
        order.append("late")

    with pytest.raises(TimeoutError):
        await worker.call(0.05, late)
    await worker.call(BOUND, order.append, "next")
    assert order == ["late", "next"]
    assert threads() == 1


async def test_a_cancelled_call_is_waited_for_as_long_as_it_had_time(worker: Worker) -> None:
    order: list[str] = []

    def slow() -> None:
        time.sleep(0.4)
        order.append("slow")

    task = asyncio.create_task(worker.call(BOUND, slow))
    await asyncio.sleep(0.05)
    task.cancel()
    await worker.call(BOUND, order.append, "next")
    assert order == ["slow", "next"]


async def test_a_cancelled_call_that_has_not_begun_never_runs(worker: Worker) -> None:
    ran: list[int] = []
    first = asyncio.create_task(worker.call(BOUND, time.sleep, 0.1))
    second = asyncio.create_task(worker.call(BOUND, ran.append, 1))
    await asyncio.sleep(0.02)
    second.cancel()
    await first
    await worker.call(BOUND, len, "")
    assert ran == []


async def test_too_many_hung_calls_fail_the_next_at_once_until_one_ends(worker: Worker) -> None:
    events = [threading.Event() for _ in range(MAX_LEFT + 1)]
    for event in events:
        with pytest.raises(TimeoutError):
            await worker.call(0.01, event.wait)
        await asyncio.sleep(module.GRACE_SECONDS + 0.02)
    assert worker.hung == MAX_LEFT + 1
    begin = time.monotonic()
    with pytest.raises(TimeoutError, match="too many"):
        await worker.call(BOUND, len, "abc")
    assert time.monotonic() - begin < BOUND / 2
    assert threads() == MAX_LEFT + 1
    events[0].set()
    await until(MAX_LEFT)
    assert await worker.call(BOUND, len, "abc") == 3
    for event in events:
        event.set()
    await until(1)
    assert worker.hung == 0


async def test_a_late_result_is_dropped(worker: Worker) -> None:
    class Result:
        pass

    made: list[weakref.ref[Result]] = []
    freed = threading.Event()

    def late() -> Result:
        freed.wait(BOUND)
        result = Result()
        made.append(weakref.ref(result))
        return result

    with pytest.raises(TimeoutError):
        await worker.call(0.05, late)
    freed.set()
    assert await worker.call(BOUND, len, "abc") == 3
    gc.collect()
    assert made[0]() is None


async def test_nothing_of_a_call_is_kept_after_it(worker: Worker) -> None:
    class Secret:
        pass

    secret = Secret()
    held = weakref.ref(secret)
    await worker.call(BOUND, id, secret)
    del secret
    async with asyncio.timeout(BOUND):
        while held() is not None:
            gc.collect()
            await asyncio.sleep(0.01)


async def test_closing_ends_the_thread_and_the_calls_that_wait(
    worker: Worker, hang: Callable[[], bool]
) -> None:
    stuck = asyncio.create_task(worker.call(0.3, hang))
    waiting = asyncio.create_task(worker.call(BOUND, len, "abc"))
    await asyncio.sleep(0.02)
    worker.close()
    with pytest.raises(TimeoutError):
        await waiting
    with pytest.raises(TimeoutError):
        await worker.call(1, len, "abc")
    with pytest.raises(TimeoutError):
        await stuck


async def test_an_idle_worker_ends_when_it_is_closed(worker: Worker) -> None:
    await worker.call(1, len, "")
    worker.close()
    worker.close()
    await until(0)


def test_it_serves_one_loop_after_another() -> None:
    worker = Worker("device-under-test")
    for _ in range(2):
        assert asyncio.run(worker.call(1, len, "abc")) == 3
    worker.close()


def test_a_result_for_a_loop_that_is_gone_is_dropped() -> None:
    worker = Worker("device-under-test")
    freed = threading.Event()

    async def leave() -> None:
        with pytest.raises(TimeoutError):
            await worker.call(0.02, freed.wait)

    asyncio.run(leave())
    freed.set()
    assert asyncio.run(worker.call(BOUND, len, "abc")) == 3
    worker.close()
