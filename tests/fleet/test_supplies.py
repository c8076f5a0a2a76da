"""When supplies end: the forecast by properties, what ingest counts, and the round."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fleet.live import Live
from fleet.simulate.profile import load
from fleet.simulate.station import Station
from fleet.store.console_tables import supply_days, supply_use
from fleet.store.database import Store
from fleet.store.tables import terminals
from fleet.supplies import counting
from fleet.supplies.book import Outlook, Supplies, SupplyRow
from fleet.supplies.forecast import (
    HORIZON_DAYS,
    Basis,
    Fill,
    Forecast,
    Rate,
    Reading,
    Sizes,
    Spent,
    Unknown,
    Use,
    day_when_gone,
    forecast,
    learn,
    missed,
    rate,
)
from fleet.supplies.round import plan, table
from kiosk import wire
from kiosk.services.calendar import CHINA

TODAY = date(2026, 11, 18)  # a Wednesday
STEADY = Use(100, 0, Rate(10.0, 10.0), Rate(8.0, 8.0))


def workday(day: date) -> bool:
    return day.weekday() < 5


speeds = st.builds(Rate, st.floats(0, 200), st.floats(0, 200))
sheets = st.floats(0, 5000)


@given(sheets, speeds, st.integers(0, 50))
@settings(max_examples=80, deadline=None)
def test_all_that_is_left_is_used_by_the_day_and_not_before_it(
    left: float, speed: Rate, used_today: int
) -> None:
    found = day_when_gone(left, speed, TODAY, used_today, workday)
    last = found or TODAY + timedelta(days=HORIZON_DAYS)
    today = max(0.0, speed.on(workday(TODAY)) - used_today)
    days = [TODAY + timedelta(days=one) for one in range(1, (last - TODAY).days + 1)]
    if found is None:
        assert today + speed.over(days, workday) < left + 0.01
        return
    assert left == 0 or today + speed.over(days, workday) >= left - 0.01
    assert found == TODAY or today + speed.over(days[:-1], workday) < left + 0.01


@given(sheets, sheets, speeds)
@settings(max_examples=60, deadline=None)
def test_more_paper_lasts_no_shorter_and_more_use_no_longer(
    one: float, other: float, speed: Rate
) -> None:
    def when(left: float, of: Rate) -> date:
        return day_when_gone(left, of, TODAY, 0, workday) or date.max

    less, more = sorted((one, other))
    assert when(less, speed) <= when(more, speed)
    faster = Rate(speed.working * 2 + 1, speed.off * 2 + 1)
    assert when(one, faster) <= when(one, speed)


@given(st.lists(st.tuples(st.integers(20, 400), st.integers(5, 60)), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_the_sizes_of_fills_that_were_seen_whole_are_learned(fills: list[tuple[int, int]]) -> None:
    used, told = 0, [Reading("out", 0)]
    for to_low, to_out in fills:
        told += [Reading("full", used), Reading("jammed", used + 1), Reading("full", used + 1)]
        told += [Reading("low", used := used + to_low), Reading("out", used := used + to_out)]
    found = learn(told)
    assert list(zip(found.sizes.to_low, found.sizes.to_out, strict=True)) == fills
    assert (found.level, found.since) == ("out", used)


@given(st.integers(0, 300), st.integers(0, 20))
@settings(max_examples=40, deadline=None)
def test_a_forecast_names_a_day_or_a_reason(used: int, days: int) -> None:
    speed = rate(Spent(used, days), Spent(0, 0))
    found = forecast(
        Fill("full", 0, Sizes((100,), (20,))), Use(used, 0, speed), Sizes(), TODAY, workday
    )
    assert (speed is None) == (days < 7)
    assert found.why is None or found.out_on is None
    if found.low_on and found.out_on:
        assert TODAY <= found.low_on <= found.out_on


@pytest.mark.parametrize(
    ("fill", "use", "peers", "told"),
    [
        (Fill("jammed"), STEADY, Sizes(), Forecast("jammed", why=Unknown.LEVEL)),
        (Fill("out"), Use(), Sizes(), Forecast("out", TODAY, TODAY, left=0)),
        (Fill("full"), STEADY, Sizes(), Forecast("full", why=Unknown.FILL)),
        (Fill("full", 0), STEADY, Sizes(), Forecast("full", why=Unknown.SIZE)),
        (Fill("low", 90), Use(100), Sizes(), Forecast("low", TODAY, why=Unknown.DAYS)),
        (
            Fill("full", 90, Sizes((40,), (20,))), STEADY, Sizes(),
            Forecast("full", date(2026, 11, 20), date(2026, 11, 22), None, Basis.OWN, 50),
        ),
        (
            Fill("low", 95), STEADY, Sizes((), (25, 20, 30)),
            Forecast("low", TODAY, date(2026, 11, 19), None, Basis.PEERS, 20),
        ),
        # The sensor has not fired yet, so what follows it is still there.
        (
            Fill("full", 0, Sizes((40,), (20,))), STEADY, Sizes(),
            Forecast("full", TODAY, date(2026, 11, 19), None, Basis.OWN, 20),
        ),
    ],
)  # fmt: skip
def test_what_is_known_and_what_is_not(fill: Fill, use: Use, peers: Sizes, told: Forecast) -> None:
    assert forecast(fill, use, peers, TODAY, workday) == told


def test_weekends_are_reckoned_apart() -> None:
    speed = rate(Spent(200, 20), Spent(0, 8))
    assert speed == Rate(10.0, 0.0)
    assert day_when_gone(30.0, speed, TODAY, 0, workday) == date(2026, 11, 20)
    assert day_when_gone(31.0, speed, TODAY, 0, workday) == date(2026, 11, 23)


# ---- What ingest counts ------------------------------------------------------------------------


@pytest.fixture
def store(each_url: str) -> Iterator[Store]:
    made = Store(each_url)
    yield made
    made.close()


class Journal:
    def __init__(self, store: Store) -> None:
        self.store, self.seq = store, 0

    def tell(self, at: str, *said: tuple[str, dict[str, Any]]) -> None:
        fresh = []
        for kind, data in said:
            self.seq += 1
            record = wire.Record(
                f"j-{self.seq}", "/terminals/KT-1", f"kiosk.{kind}", at, "j", 1, self.seq, "", "",
                msgspec.Raw(msgspec.json.encode(data)),
            )  # fmt: skip
            fresh.append(("KT-1", record))
        now = datetime.fromisoformat(at).timestamp()
        with self.store.write() as connection:
            counting.enter(connection, now, fresh)

    def paper(self, paper: str = "receipt", **more: Any) -> tuple[str, dict[str, Any]]:
        return "print.outcome", {"paper": paper, "rung": "presented", **more}

    def level(self, level: str) -> tuple[str, dict[str, Any]]:
        said = {"device": "receipt", "driver": "escpos", "supplies": {"paper": level}}
        return "device.event", said


def test_papers_are_counted_by_device_and_chinese_day(store: Store) -> None:
    journal = Journal(store)
    journal.tell(
        "2026-11-17T15:59:00+00:00", journal.paper(), journal.paper("payment"),
        journal.paper("certificate", sheets=3), journal.paper(rung="sent"),
        journal.paper(sheets=-4), journal.paper(sheets=10**9),
    )  # fmt: skip
    journal.tell("2026-11-17T16:01:00+00:00", journal.paper("ticket"))
    with store.read() as connection:
        days = connection.execute(select(supply_days).order_by(supply_days.c.day)).all()
        total = connection.execute(select(supply_use.c.device, supply_use.c.used)).all()
    told = sorted((row.device, datetime.fromtimestamp(row.day, CHINA).isoformat()[:10],
                   row.used, row.visits) for row in days)  # fmt: skip
    assert told == [
        ("document", "2026-11-17", 3, 1),
        ("receipt", "2026-11-17", 4, 3),
        ("receipt", "2026-11-18", 1, 1),
    ]
    assert sorted(map(tuple, total)) == [("document", 3), ("receipt", 5)]


def test_from_the_journal_to_the_day_on_which_it_ends(store: Store) -> None:
    """Two fills of 60 slips, the last 10 of them while it is low; ten slips a day."""
    journal = Journal(store)
    day = datetime(2026, 11, 1, 9, tzinfo=CHINA)
    journal.tell(day.isoformat(), journal.level("out"), journal.level("full"))
    used = 0
    for _ in range(17):
        said = []
        for _ in range(10):
            said.append(journal.paper())
            used += 1
            levels = {50: "low", 0: "out"}
            if level := levels.get(used % 60):
                said.append(journal.level(level))
            if used % 60 == 0:
                said.append(journal.level("full"))
        journal.tell(day.isoformat(), *said)
        day += timedelta(days=1)
    with store.write() as connection:
        device = wire.DeviceHealth("receipt", "online", {"paper": "low"}, driver="escpos")
        birth = wire.Birth("KT-1", 1, 1, "j", 9, day.isoformat(), "大厅", "1", devices=[device])
        connection.execute(
            terminals.insert().values(
                terminal="KT-1", birth=wire.encode(birth).decode(), birth_at=1.0, seen_at=1.0
            )
        )
    now = day.timestamp()
    outlook = Supplies(store, Live(store, 60, lambda: now), lambda: now).read()
    [row] = outlook.rows["KT-1"]
    assert (row.told.level, row.told.left, row.told.basis) == ("low", 10, Basis.OWN)
    assert row.told.out_on == date(2026, 11, 18)
    assert outlook.today == date(2026, 11, 18)


# ---- The round ---------------------------------------------------------------------------------


def outlook(*rows: tuple[str, str, Forecast, float]) -> Outlook:
    made = {
        name: (SupplyRow(name, site, "receipt", "paper", told, Rate(visits, visits)),)
        for name, site, told, visits in rows
    }
    return Outlook(TODAY, made, workday)


def test_the_round_goes_where_it_hurts_most_first() -> None:
    out = Forecast("out", TODAY, TODAY, left=0)
    friday = Forecast("full", TODAY, date(2026, 11, 20), left=30)
    found = outlook(
        ("KT-1", "小站", out, 2.0), ("KT-2", "大厅", out, 40.0), ("KT-3", "大厅", friday, 5.0),
        ("KT-4", "远处", Forecast("low", TODAY, why=Unknown.SIZE), 9.0),
        ("KT-5", "好的", Forecast("full", date(2026, 12, 1), date(2026, 12, 9), left=99), 9.0),
    )  # fmt: skip
    tomorrow, week = plan(found, 1), plan(found, 7)
    assert [(stop.site, stop.missed) for stop in tomorrow] == [
        ("大厅", 40.0), ("小站", 2.0), ("远处", 0.0),
    ]  # fmt: skip
    assert [(stop.site, stop.missed) for stop in week] == [
        ("大厅", 40.0 * 7 + 5.0 * 5), ("小站", 14.0), ("远处", 0.0),
    ]  # fmt: skip
    assert week[0].bring == {("receipt", "paper"): 2}


@given(st.dates(date(2026, 11, 1), date(2026, 12, 31)), st.integers(0, 30))
@settings(max_examples=40, deadline=None)
def test_who_ends_later_misses_no_more(out_on: date, later: int) -> None:
    def cost(day: date) -> float:
        last = TODAY + timedelta(days=7)
        return missed(Rate(5.0, 1.0), day, TODAY + timedelta(days=1), last, workday)

    assert 0 <= cost(out_on + timedelta(days=later)) <= cost(out_on)


def test_a_name_that_is_a_formula_stays_text_in_the_csv() -> None:
    found = plan(outlook(("=CMD()", "大厅", Forecast("out", TODAY, TODAY), 1.0)), 1)
    body = table(found, ["终端"], lambda due: [due.row.terminal]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(body))) == [["终端"], ["'=CMD()"]]


# ---- A simulated station -----------------------------------------------------------------------


def test_a_station_runs_out_when_it_was_foretold(store: Store) -> None:
    """It has what the forecast says it has, and ends within a third of the days foretold."""
    key = X25519PrivateKey.from_private_bytes(b"k" * 32).public_key().public_bytes_raw()
    start = datetime(2025, 11, 1, tzinfo=CHINA)
    station = Station(load("county"), 7, 1, key, start)
    station.live(start + timedelta(days=230))
    now = station.now.timestamp()
    with store.write() as connection:
        counting.enter(connection, now, [(station.id, record) for record in station.unacked])
        known = {"birth": wire.encode(station.birth()).decode(), "birth_at": 1.0, "seen_at": 1.0}
        connection.execute(terminals.insert().values(terminal=station.id, **known))
    outlook = Supplies(store, Live(store, 60, lambda: now), lambda: now).read()
    slips = outlook.rows[station.id][0].told
    assert slips.left == station.slips.left
    assert slips.out_on is not None
    foretold = (slips.out_on - outlook.today).days
    while station.slips.left:
        station.live(station.now + timedelta(hours=6))
    took = (station.now.date() - outlook.today).days
    assert abs(took - foretold) <= max(2, foretold / 3)
