"""kill -9 of the agent in a visit: the citizen goes home with a paper all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import fakes
import invariants
import realhousehold


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[realhousehold.Household]:
    folder: Path = tmp_path_factory.mktemp("household")
    with realhousehold.running(folder, "fleet", "simulators", "agent") as made:
        yield made


@pytest.mark.timeout(180)
@pytest.mark.parametrize("page", ["check", "submitting", "papers"])
def test_killed_at(home: realhousehold.Household, page: str) -> None:
    before = len(home.fleet_rows("SELECT case_no FROM cases"))
    screen = home.play(fakes.RESIDENCE)
    realhousehold.wait(lambda: page in home.steps(), 60, f"the page {page}")
    home.kill("agent")
    realhousehold.wait(lambda: screen.poll() is not None, 90, "the visit to end")
    assert home.running.pop("screen").returncode == 0
    home.start("agent")
    realhousehold.wait(home.caught_up, 40, "the fleet to hold every record")
    counts = invariants.check(home)
    assert counts["cases"] - before == 1
    assert counts["unconfirmed"] == 0
