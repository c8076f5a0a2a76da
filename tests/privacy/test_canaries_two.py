"""The other hundred visits: see `test_canaries_one`."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaryrun import VISITS, Run, check_that_nothing_stays, in_service


@pytest.mark.timeout(1800)
def test_nothing_stays_of_a_hundred_more(tmp_path: Path) -> None:
    folder, dumps = tmp_path / "household", tmp_path / "dumps"
    for made in (folder, dumps):
        made.mkdir()
    with in_service(folder) as (home, since):
        check_that_nothing_stays(Run(home, dumps, first=100, seed=20261123), VISITS, since)
