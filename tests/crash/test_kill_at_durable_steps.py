"""kill -9 just before and just after each durable step: intents, outcomes, and rungs of a print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import fakes
import invariants
import realhousehold
import tally

PLACES = [
    *(
        f"{act}:{kind}:{when}"
        for kind in ("session", "case", "print")
        for act in ("begin", "end")
        for when in ("before", "after")
    ),
    "rung:receipt:sent", "rung:receipt:printed", "rung:receipt:presented",
    "rung:document:queued", "rung:document:sent", "rung:document:printed",
    "rung:document:presented",
]  # fmt: skip
PROGRAM = Path(__file__).with_name("session_process.py")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[realhousehold.Household]:
    folder: Path = tmp_path_factory.mktemp("household")
    with realhousehold.running(folder, "fleet", "simulators", "agent") as made:
        realhousehold.wait((folder / "trust/case.pub").exists, 20, "the fleet's keys")
        yield made


def play(home: realhousehold.Household, place: str) -> int:
    argv = [realhousehold.PYTHON, str(PROGRAM), str(realhousehold.SETTINGS)]
    process = home.spawn([*argv, fakes.CERTIFICATE, place], **realhousehold.QUICK)
    realhousehold.wait(lambda: process.poll() is not None, 90, f"a visit killed at {place}")
    tally.count(kills=process.returncode == -9)
    return process.returncode


@pytest.mark.timeout(150)
@pytest.mark.parametrize("place", PLACES)
def test_killed_at(home: realhousehold.Household, place: str) -> None:
    """The start of the next visit closes what this one leaves open."""
    before = _cases(home)
    assert play(home, place) == -9, f"the visit never came to {place}"
    realhousehold.wait(home.caught_up, 60, "the fleet to hold every record")
    counts = invariants.check(home, cut=True)
    saved_nothing = place.startswith("begin:session") or place == "begin:case:before"
    assert counts["cases"] - before == (0 if saved_nothing else 1)


@pytest.mark.timeout(150)
def test_the_next_citizen_is_served_and_every_one_before_is_answered_for(
    home: realhousehold.Household,
) -> None:
    before = _cases(home)
    assert play(home, "none") == 0
    realhousehold.wait(home.caught_up, 60, "the fleet to hold every record")
    counts = invariants.check(home)
    assert counts["cases"] == before + 1


def _cases(home: realhousehold.Household) -> int:
    return len(home.fleet_rows("SELECT case_no FROM cases"))
