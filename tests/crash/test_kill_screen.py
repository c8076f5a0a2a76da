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


@pytest.mark.timeout(120)
@pytest.mark.parametrize("page", PAGES)
def test_killed_at(home: realhousehold.Household, page: str) -> None:
    cases_before = len(home.fleet_rows("SELECT case_no FROM cases"))
    home.play(fakes.CERTIFICATE)
    realhousehold.wait(lambda: page in home.steps(), 60, f"the page {page}")
    home.kill("screen")
    # The next start closes what was cut off, and serves the next citizen to the end.
    survivor = home.play(fakes.CERTIFICATE)
    realhousehold.wait(lambda: survivor.poll() is not None, 60, "the next visit")
    assert home.running.pop("screen").returncode == 0
    realhousehold.wait(home.caught_up, 20, "the fleet to hold every record")
    counts = invariants.check(home)
    assert counts["cases"] - cases_before in {1, 2}  # the next citizen's, and the killed one's
    assert counts["presented"] >= 2
