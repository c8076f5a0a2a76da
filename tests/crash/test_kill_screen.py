"""kill -9 of the screen process at every page of a visit, in real processes.

One household goes through all rounds: the journal, the simulators and the fleet carry the traces
of every earlier kill into the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import fakes
import invariants
import realhousehold

PAGES = (
    "attract", "services", "guide", "card", "consent", "face", "question", "check",
    "submitting", "papers", "rating", "thanks",
)  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[realhousehold.Household]:
    folder: Path = tmp_path_factory.mktemp("household")
    with realhousehold.running(folder, "fleet", "simulators", "agent") as made:
        yield made


@pytest.mark.timeout(200)
@pytest.mark.parametrize("page", PAGES)
def test_killed_at(home: realhousehold.Household, page: str) -> None:
    """Each start closes what the kill before it cut off."""
    before = home.records("boot")
    home.play(fakes.CERTIFICATE)
    realhousehold.wait(lambda: page in home.steps(), 150, f"the page {page}")
    home.kill("screen")
    assert home.records("boot") == before + 1
    assert home.records("session.intent") - home.records("session.outcome") in {0, 1}


@pytest.mark.timeout(240)
def test_the_next_citizen_is_served_and_nothing_is_lost_or_doubled(
    home: realhousehold.Household,
) -> None:
    survivor = home.play(fakes.CERTIFICATE)
    realhousehold.wait(lambda: survivor.poll() is not None, 150, "the next visit")
    assert home.running.pop("screen").returncode == 0
    realhousehold.wait(home.caught_up, 60, "the fleet to hold every record")
    counts = invariants.check(home)
    assert counts["cases"] > len(PAGES) - PAGES.index("submitting"), "too few came so far"
    assert counts["presented"] >= 2
