"""Stations behind a network that stalls and breaks: the fleet has every record in the end, once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import county
import pytest
from badnet import Weather, relay

import managerwork
from fleet.simulate.crowd import Crowd

START = datetime.fromisoformat("2026-03-02T08:30:00+08:00")
DAY = START + timedelta(days=1)
STATIONS = 8
STORMS = (
    Weather(delay=0.02, cut=40),
    Weather(delay=0.05, cut=150, stall=60, stall_seconds=2.0),
    Weather(cut=12),
    Weather(stall=25, stall_seconds=1.0),
)


@pytest.mark.timeout(3600)
def test_through_storms_everything_arrives_once(
    tmp_path: Path, rounds: int, tally: Counter[str]
) -> None:
    dice = Random(99)
    with managerwork.manager(tmp_path, f"sqlite:///{tmp_path}/fleet.db") as on:
        target = (on.where.host, on.where.port)
        with relay(target, Weather()) as between:
            stations = county.stations(STATIONS, on.key, START, DAY)
            many = Crowd(stations, replace(on.where, port=between.port), DAY, speed=600)
            for turn in range(rounds):
                between.weather = replace(STORMS[turn % len(STORMS)])
                many.run(dice.uniform(1, 4))
                between.weather = Weather(away=True)
                many.run(0.5)
                tally["rounds"] += 1
                tally["kills"] += 1
            between.weather = Weather()
            for _ in range(90):
                many.run(1.0)
                if not many.count().waiting:
                    break
            last = many.settle(30)
            many.close()
            assert between.cuts > rounds
    assert last.waiting == 0
    county.compare(tmp_path / "fleet.db", stations, tally)
