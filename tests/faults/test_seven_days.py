"""A county that was cut off for seven days comes back, station after station, in any order.

Twenty stations in every run, 445 with KIOSK_LONG. The line that heals is not a good one yet.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import county
import pytest
from badnet import Weather, relay

import managerwork
import tally as counting
from fleet.simulate.crowd import Crowd

START = datetime.fromisoformat("2026-03-02T08:30:00+08:00")
BACK = START + timedelta(days=7)
LONG = "KIOSK_LONG" in os.environ
STATIONS, SECONDS = (445, 900) if LONG else (20, 180)


@pytest.mark.timeout(1800)
def test_seven_days_offline(tmp_path: Path, tally: Counter[str]) -> None:
    with managerwork.manager(tmp_path, f"sqlite:///{tmp_path}/fleet.db") as on:
        stations = county.stations(STATIONS, on.key, START, BACK)
        week = sum(len(one.unacked) for one in stations)
        assert week > 300 * STATIONS
        order = Random(counting.SEED).sample(stations, len(stations))
        for one in stations:
            one.online = False
        with relay((on.where.host, on.where.port), Weather(delay=0.002, cut=2000)) as between:
            where = replace(on.where, port=between.port)
            many = Crowd(order, where, BACK)
            begun = time.monotonic()
            for healed, one in enumerate(order, 1):
                one.online = True
                if healed % 5 == 0:
                    many.run(0.2)
            while many.run(1.0).waiting and time.monotonic() - begun < SECONDS:
                for one in stations:
                    one.online = True  # who goes away again by chance comes back at once
            took, last = time.monotonic() - begun, many.count()
            many.close()
        assert last.waiting == 0
        print(
            f"{STATIONS} stations, {week} records of seven days: {took:.0f} s, {on.cpu:.0f} s CPU"
        )
    tally.update(rounds=1)
    county.compare(tmp_path / "fleet.db", stations, tally)
