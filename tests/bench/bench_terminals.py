"""What a terminal costs the fleet: memory, processor, and the time to make a week good."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from ingestload import START, in_file, stations

import managerwork
from fleet.simulate.crowd import Crowd
from fleet.simulate.profile import load
from fleet.simulate.station import Station

MANY = 600
LIVE_SECONDS = 25.0
COMING_SECONDS = 120.0
WEEK = 7.0


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with managerwork.manager(folder, in_file(name)) as on:
            _alone(on)
            _together(on, folder, count)


def _alone(on: managerwork.Manager) -> None:
    """One terminal, seven days without a network: from its first byte to the last record held."""
    many = Crowd(stations(on.key, 1, WEEK), on.where, START + timedelta(days=WEEK))
    total, begun = many.count().waiting, time.perf_counter()
    while many.count().waiting and time.perf_counter() - begun < COMING_SECONDS:
        many.run(0.02)
    seconds = time.perf_counter() - begun
    left = many.count().waiting
    many.close()
    print(f"a week of one terminal ({total} records, {left} left): {seconds:.2f} s with connecting")


def _together(on: managerwork.Manager, folder: Path, count: int) -> None:
    """On a working morning. What half of them cost is taken off: the rest is each one's own."""
    broker = int((folder / "fleet/broker/mosquitto.pid").read_text())
    made = [Station(load("county"), 2, number, on.key, START) for number in range(1, count + 1)]
    halves, seen = list[_Cost](), None
    for some in (made[: count // 2], made[count // 2 :]):
        many = Crowd(some, on.where, START)
        for _ in range(int(COMING_SECONDS)):
            if many.run(1.0).connected >= len(some) * 0.98:
                break
        halves.append(_cost(on, broker, many, halves[0].crowds if halves else []))
    first, last = halves
    seen, more = last.crowds[-1].count(), count / 2
    print(
        f"{count} terminals with TLS: {1024 * more / (last.memory - first.memory):.0f} more fit"
        f" into a GB; {100 * (last.cpu - first.cpu) * 1000 / more:.1f} % of a core for 1,000"
        f" (and {100 * (2 * first.cpu - last.cpu):.1f} % for none);"
        f" {seen.waiting} records waiting, slowest acknowledgement {seen.slowest:.2f} s"
    )
    for many in last.crowds:
        many.close()


@dataclass(frozen=True)
class _Cost:
    """Of fleet and broker together. `cpu`: cores; `memory`: MB."""

    cpu: float
    memory: float
    crowds: list[Crowd]


def _cost(on: managerwork.Manager, broker: int, many: Crowd, others: list[Crowd]) -> _Cost:
    begun, before = time.perf_counter(), on.cpu + managerwork.cpu_of(broker)
    while time.perf_counter() - begun < LIVE_SECONDS:
        for each in (*others, many):
            each.run(0.1)
    cpu = on.cpu + managerwork.cpu_of(broker) - before
    memory = on.memory + managerwork.Manager(broker, on.where, on.key).memory
    return _Cost(cpu / (time.perf_counter() - begun), memory, [*others, many])


if __name__ == "__main__":
    main()
