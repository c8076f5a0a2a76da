"""A town for walks through the console: a fleet process as users start it, with TLS, people and
alarms; and a few simulated terminals that serve, run out of paper, and do what they are asked.

The terminals' clock can be held, so that a walk sees each step of what they do.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from argon2 import PasswordHasher

import managerwork
from fleet.people import accounts
from fleet.people.passwords import Passwords
from fleet.people.roles import Role
from fleet.simulate.crowd import Crowd
from fleet.simulate.profile import Profile, Thing, load
from fleet.simulate.station import Station
from fleet.store.database import Store
from fleet.updates.repository import Repository
from kiosk.services.calendar import CHINA

PASSWORD = "vierzehn Kraniche 8"
PEOPLE = (
    ("li.wei", Role.ADMINISTRATOR), ("zhao.min", Role.APPROVER), ("wang.fang", Role.VIEWER),
)  # fmt: skip
STATIONS, SEED = 5, 3
SPEED = 1.0  # faster ones are told that their clock is wrong
PAST = timedelta(hours=30)
LAST, EMPTY = STATIONS, 2  # the one at which everything fails; the one without receipt paper
VERSIONS = ("0.2.0", "0.3.0")
ANSWERS = {
    "address_unit": "3-502", "moved_in": "2024-05-01", "reason": "work", "phone": "13800138000"
}  # fmt: skip
# Takes its office a day.
PENDING = Thing("11445299MB2D00006J2000900011001", "1", "promise", 6.0, ANSWERS)


class Held(Crowd):
    """Its clock stands still while it is held, and goes on by steps."""

    _held: datetime | None = None

    def hold(self) -> None:
        self._held = super()._now()

    def step(self, seconds: float) -> None:
        assert self._held is not None
        self._held += timedelta(seconds=seconds)

    def go_on(self) -> None:
        self._held = None

    def _now(self) -> datetime:
        return self._held or super()._now()


class Town:
    def __init__(self, manager: managerwork.Manager, crowd: Held) -> None:
        self.url, self.crowd, self.manager = manager.url, crowd, manager
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def name(self, number: int) -> str:
        return self.crowd.lines[number - 1].station.id

    def _run(self) -> None:
        while not self._over.is_set():
            self.crowd.run(0.5)

    def close(self) -> None:
        self._over.set()
        self._thread.join(60)
        self.crowd.close()


@contextmanager
def town(folder: Path, past: timedelta = PAST) -> Iterator[Town]:
    """`past`: that they have lived before the fleet hears of them; it holds all of it then."""
    url = f"sqlite:///{folder}/fleet.db"
    with closing(Store(url)) as store:
        _people(store)
    _versions(folder)
    rules = re.sub(r"after = \d+", "after = 2", Path("config/alarms.toml").read_text("utf-8"))
    (folder / "alarms.toml").write_text(rules, "utf-8")
    (settings := folder / "fleet.toml").write_text("[people]\nsecond_factor = []\n")
    more = {
        "FLEET_ALARMS__RULES": folder / "alarms.toml", "FLEET_ALARMS__SECONDS": 1,
        "FLEET_PAYMENT__URL": "", "FLEET_IDENTITY__PHONE_FILE": folder / "phone.json",
    }  # fmt: skip
    with managerwork.manager(folder, url, settings=settings, **more) as manager:
        begin = datetime.now(CHINA)
        crowd = Held(_stations(manager.key, begin - past, begin), manager.where, begin, SPEED)
        made = Town(manager, crowd)
        try:
            _wait_until_known(crowd)
            yield made
        finally:
            made.close()


def _stations(key: bytes, start: datetime, begin: datetime) -> list[Station]:
    made = [Station(_profile(number), SEED, number, key, start) for number in _NUMBERS]
    for one in made:
        one.live(begin)
        one.online = True  # the walk is not about who is away
        _complain(one)
    paper = made[EMPTY - 1]
    paper.slips.left = 0
    paper.tell(paper.slips)
    return made


def _complain(station: Station) -> None:
    """Whoever came last was not content: that opens a work order."""
    case = next(one for one in reversed(station.unacked) if one.type == "kiosk.case.intent")
    of = msgspec.json.decode(case.data)
    rating = {"case_no": of["case_no"], "task_code": of["task_code"], "level": 1, "tags": []}
    station.record("rating.event", rating, case.session)


_NUMBERS = range(1, STATIONS + 1)


def _profile(number: int) -> Profile:
    """Nobody goes away or comes to refill while people walk; at the last one everything fails."""
    county = load("county")
    share = 1.0 if number == LAST else 0.0
    faults = msgspec.structs.replace(
        county.faults, orders=share, updates=share, offline_per_month=0.0, jams=0.0,
        restarts_per_month=0.0, health_seconds=(3.0, 6.0),
    )  # fmt: skip
    visits = msgspec.structs.replace(
        county.visits, dayoff=14.0, submits=1.0, items=[*county.visits.items, PENDING]
    )
    supplies = msgspec.structs.replace(county.supplies, slips=180, low=40, sheets=90)
    return msgspec.structs.replace(county, faults=faults, visits=visits, supplies=supplies)


def _people(store: Store) -> None:
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    kept = quick.keep(PASSWORD)
    with store.write() as connection:
        for name, role in PEOPLE:
            accounts.add(connection, name, role, time.time(), password=kept)
            accounts.change(connection, name, must_change=False)


def _versions(folder: Path) -> None:
    repository = Repository(folder / "fleet/updates", time.time)
    repository.begin(1, 1)
    for version in VERSIONS:
        (bundle := folder / f"{version}.zip").write_bytes(version.encode())
        custom = {"kind": "software", "version": version}
        repository.add(bundle, f"software-{version}.zip", custom)


def _wait_until_known(crowd: Crowd) -> None:
    end = time.monotonic() + 300
    while (count := crowd.count()).waiting or count.connected < STATIONS:
        assert time.monotonic() < end, count
        time.sleep(0.1)
