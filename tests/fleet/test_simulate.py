"""Simulated stations: the same bytes for the same seed, and a week without a network made good."""

from __future__ import annotations

import random
import resource
from collections import Counter
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fleet.simulate.crowd import Crowd
from fleet.simulate.line import Where
from fleet.simulate.profile import Profile, ProfileError, load
from fleet.simulate.station import Station
from kiosk import wire
from kiosk.services.load import load_catalogue

START = datetime(2026, 3, 2, 8, 30, tzinfo=timezone(timedelta(hours=8)))
WEEK = START + timedelta(days=7)
KEY = X25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
STATIONS = 20


@pytest.fixture(scope="module")
def county() -> Profile:
    return load("county")


def station(county: Profile, number: int = 1, seed: int = 5, key: bytes = PUBLIC) -> Station:
    return Station(county, seed, number, key, START)


def lived(made: Station, until: datetime = WEEK) -> list[bytes]:
    made.live(until)
    return [wire.encode(record) for record in made.unacked]


# ---- One station ---------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(county: Profile) -> None:
    assert lived(station(county)) == lived(station(county))
    assert lived(station(county, seed=6)) != lived(station(county))
    assert lived(station(county, number=2)) != lived(station(county))


def test_however_often_one_looks_the_same_happens(county: Profile) -> None:
    often = station(county)
    dice = random.Random(1)
    while often.now < WEEK:
        often.live(min(WEEK, often.now + timedelta(seconds=dice.uniform(1, 20_000))))
        often.health()
        often.birth()
    assert lived(often) == lived(station(county))


def test_its_journal_is_one_that_the_fleet_takes(county: Profile) -> None:
    made = station(county)
    made.live(WEEK)
    records = made.unacked
    assert [one.seq for one in records] == list(range(1, len(records) + 1))
    assert all(after.prev == before.hash for before, after in pairwise(records))
    assert all(wire.digest(one) == one.hash for one in records)
    assert all(before.time <= after.time for before, after in pairwise(records))
    outcomes = Counter(one.of for one in records if one.of)
    assert outcomes == Counter(one.seq for one in records if one.type.endswith(".intent"))


def test_its_cases_open_with_the_fleets_key_alone(county: Profile) -> None:
    made = station(county)
    made.live(WEEK)
    cases = [one for one in made.unacked if one.sealed]
    assert len(cases) > 20
    opened = [wire.unseal(KEY, one.sealed) for one in cases]
    assert all(case.terminal == made.id and case.applicant.number for case in opened)
    numbers = {msgspec.json.decode(one.data)["case_no"] for one in cases}
    assert numbers == {case.case_no for case in opened}
    assert len(numbers) == len(cases)
    assert all(wire.read_case_number(number) == number for number in numbers)
    with pytest.raises(InvalidTag):
        wire.unseal(X25519PrivateKey.generate(), cases[0].sealed)


def test_people_come_when_they_do_and_paper_runs_out(county: Profile) -> None:
    supplies = msgspec.structs.replace(county.supplies, slips=90, sheets=20)
    scarce = msgspec.structs.replace(county, supplies=supplies)
    hours: Counter[int] = Counter()
    seen: set[str] = set()
    for number in range(1, 31):
        made = station(scarce, number)
        while made.now < WEEK:
            made.live(made.now + timedelta(hours=1))
            seen |= {device.supplies.get("paper", "") for device in made.health().devices}
        begun = (one for one in made.unacked if one.type == "kiosk.session.intent")
        hours.update(datetime.fromisoformat(one.time).hour for one in begun)
    assert 30 * 50 < sum(hours.values()) < 30 * 110
    assert hours[9] > 2 * hours[7] > 0
    assert hours[3] == 0
    assert {"full", "low"} <= seen
    assert seen & {"out", "jammed"}


@pytest.mark.parametrize(
    "wrong",
    ["", "prefix = 1", "no toml", "@hours = [1, 2]", "@submits = 1.5", "@surprise = 1"],
)
def test_a_wrong_profile_is_refused_in_words(tmp_path: Path, wrong: str) -> None:
    text = Path("config/simulate/county.toml").read_text("utf-8")
    spoilt = text.replace("[visits]\n", f"[visits]\n{wrong[1:]}\n") if wrong[:1] == "@" else wrong
    if wrong.startswith("@submits"):
        spoilt = text.replace("submits = 0.8", wrong[1:])
    if wrong.startswith("@hours"):
        spoilt = text.replace("hours = [1, 1,", "hours = [1,")
    (tmp_path / "x.toml").write_text(spoilt, "utf-8")
    with pytest.raises(ProfileError, match=r"x\.toml"):
        load("x", tmp_path)


@pytest.mark.parametrize(
    ("name", "terminals"), [("county", 507), ("villages", 1284), ("province", 10_000)]
)
def test_each_profile_has_rush_hours_holidays_faults_and_its_number(
    name: str, terminals: int
) -> None:
    known = load(name)
    hour = timedelta(hours=1)
    workday = [known.rate(START.replace(hour=0) + hour * at) for at in range(24)]
    holiday = START.replace(month=5, day=1, hour=0)  # a public holiday on a Friday
    off = [known.rate(holiday + hour * at) for at in range(24)]
    assert known.terminals == terminals
    assert max(workday) > 3 * sum(workday) / 24
    assert sum(off) < sum(workday)
    assert min(known.faults.jams, known.faults.offline_per_month, known.supplies.low) > 0


@pytest.mark.parametrize("file", sorted(Path("config/simulate").glob("*.toml")))
def test_people_come_for_what_the_catalogue_has(file: Path) -> None:
    offered = {item.task_code: item for item in load_catalogue(Path("config/catalogue")).items}
    for thing in load(file.stem).visits.items:
        item = offered[thing.task_code]
        assert (thing.task_version, thing.kind) == (item.task_version, str(item.kind))
        assert set(thing.answers) <= {field.name for field in item.fields}


# ---- Many of them and a real fleet ---------------------------------------------------------------


def crowd(fleet: Any, county: Profile, order: random.Random) -> Crowd:
    made = [station(county, number, key=fleet.case_key) for number in range(1, STATIONS + 1)]
    for one in made:
        one.live(WEEK)  # a week in which nobody heard of it
    order.shuffle(made)
    where = Where("127.0.0.1", fleet.place.broker[1], fleet.place.tenant)
    return Crowd(made, where, WEEK)


def test_after_a_week_without_a_network_the_fleet_has_every_record(
    fleet: Any, county: Profile, shuffle: random.Random
) -> None:
    """Healed in any order, with a broker that is killed meanwhile: hash by hash."""
    many = crowd(fleet, county, shuffle)
    waiting = many.count().waiting
    assert waiting > STATIONS * 300
    many.run(2.0)
    fleet.restart_broker()
    for _ in range(60):
        many.run(1.0)
        last = many.count()
        if (last.waiting, last.connected) == (0, STATIONS):
            break
    many.close()
    assert (last.waiting, last.connected) == (0, STATIONS)
    for number in range(1, STATIONS + 1):
        again = station(county, number, key=fleet.case_key)
        again.live(WEEK)
        held = fleet.database.records(again.id)
        kept = [(r.seq, r.hash, r.prev, r.type, bytes(r.data), r.sealed) for r in again.unacked]
        assert held[: len(kept)] == kept
    assert fleet.database.rows("SELECT kind FROM alarms") == []
    assert fleet.database.rows("SELECT reason FROM dead_letters") == []
    gaps = fleet.database.rows("SELECT terminal FROM chains WHERE missing <> '[]' OR broken")
    assert gaps == []


def test_many_more_than_a_process_may_open_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from fleet.simulate import command

    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (100, 100))
    monkeypatch.setattr(resource, "setrlimit", lambda _kind, _limits: None)
    with pytest.raises(OSError, match="open files"):
        command._files(10_000)
