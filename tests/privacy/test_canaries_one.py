"""A hundred visits, a third of them killed: nothing of anybody is left on the terminal.

The other hundred are in `test_canaries_two`, which can run beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import canarysearch
from canaries import Person
from canaryhome import Home
from canaryrun import VISITS, Run, check_that_nothing_stays, in_service
from canaryvisits import Citizen
from drivers.statefile import write_state


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, float]]:
    with in_service(tmp_path_factory.mktemp("household")) as made:
        yield made


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("kind", "page", "there"),
    [
        ("residence", "check", {"name", "number", "address", "unit", "phone", "picture"}),
        ("face", "face", {"name", "number", "address", "picture"}),
    ],
)
def test_they_are_found_while_they_are_here(
    service: tuple[Home, float], tmp_path: Path, kind: str, page: str, there: set[str]
) -> None:
    """Or the search that follows could not fail."""
    home, _ = service
    write_state(home.sim / "camera.json", scene="far")
    citizen = Citizen(home, Person(999), kind)
    citizen.visit(end=page)
    found = canarysearch.memory(home.screen.pid, tmp_path, canarysearch.needles(home, []))
    assert there <= {one.kind for one in found}
    citizen.leave()
    write_state(home.sim / "camera.json", scene="face")


def test_no_process_of_the_terminal_makes_core_files(service: tuple[Home, float]) -> None:
    home, _ = service
    for name in ("screen", "agent"):
        limits = Path(f"/proc/{home.processes()[name]}/limits").read_text()
        core = next(line for line in limits.splitlines() if "core file" in line)
        assert core.split()[4:6] in (["0", "0"], ["1", "1"]), name


@pytest.mark.timeout(1800)
def test_nothing_stays_of_a_hundred_visits(service: tuple[Home, float], tmp_path: Path) -> None:
    home, since = service
    check_that_nothing_stays(Run(home, tmp_path, first=0, seed=20261122), VISITS, since)
