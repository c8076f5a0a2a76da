"""`python -m fleet simulate`: a crowd of stations against a fleet that runs."""

from __future__ import annotations

import argparse
import resource
import sys
from datetime import datetime
from pathlib import Path

from fleet.errors import FleetError
from fleet.simulate import profile
from fleet.simulate.crowd import Count, Crowd
from fleet.simulate.line import Where
from fleet.simulate.station import Station

START = "2026-03-02T08:30:00+08:00"  # a Monday
GRACE = 60.0  # seconds to send what waits at the end
SPARE = 200  # open files beside the connections


def run(asked: argparse.Namespace, where: Where, trust: Path) -> int:
    """0: at the end the fleet holds every record. 1: it does not. 2: it could not begin."""
    try:
        crowd = _crowd(asked, where, trust)
    except (FleetError, OSError) as error:
        print(f"fleet simulate: {error}", file=sys.stderr)
        return 2
    try:
        crowd.run(asked.seconds, _tell)
        last = crowd.settle(GRACE)
    except KeyboardInterrupt:
        last = crowd.count()
    crowd.close()
    _tell(last)
    return 1 if last.waiting else 0


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="fleet simulate", description="Stations that speak the real protocol"
    )
    parser.add_argument("--settings", type=Path, default=Path("config/fleet.toml"))
    parser.add_argument("--terminals", type=int, help="as many as the profile has, otherwise")
    parser.add_argument("--profile", default="county", help="a file of config/simulate")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same bytes")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--speed", type=float, default=1.0, help="of their clock")
    parser.add_argument("--start", type=datetime.fromisoformat, default=START, help="their clock")
    return parser.parse_args(argv)


def _crowd(asked: argparse.Namespace, where: Where, trust: Path) -> Crowd:
    known = profile.load(asked.profile)
    count = known.terminals if asked.terminals is None else asked.terminals
    _files(count + SPARE)
    key = bytes.fromhex((trust / "case.pub").read_text("ascii"))
    stations = [
        Station(known, asked.seed, number, key, asked.start) for number in range(1, count + 1)
    ]
    return Crowd(stations, where, asked.start, asked.speed)


def _files(needed: int) -> None:
    """Each connection is an open file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(needed, hard), hard))
    if hard < needed:
        raise OSError(f"{needed} open files are needed, {hard} are allowed: see `ulimit -Hn`")


def _tell(count: Count) -> None:
    print(
        f"{count.connected}/{count.stations} stations connected,"
        f" {count.acked} records held by the fleet, {count.waiting} waiting,"
        f" slowest acknowledgement {count.slowest:.2f} s",
        flush=True,
    )
