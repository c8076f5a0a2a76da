"""kill -9 of the agent in a visit: the citizen goes home with a paper all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import fakes
import invariants
import realhousehold
from kiosk import wire
from kiosk.session.clock import today
from materialwork import jpeg


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[realhousehold.Household]:
    folder: Path = tmp_path_factory.mktemp("household")
    with realhousehold.running(folder, "fleet", "simulators", "agent") as made:
        yield made


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", ["check", "submitting", "papers"])
def test_killed_at(home: realhousehold.Household, page: str) -> None:
    before = len(home.fleet_rows("SELECT case_no FROM cases"))
    screen = home.play(fakes.RESIDENCE)
    realhousehold.wait(lambda: page in home.steps(), 150, f"the page {page}")
    home.kill("agent")
    realhousehold.wait(lambda: screen.poll() is not None, 90, "the visit to end")
    assert home.running.pop("screen").returncode == 0
    home.start("agent")
    realhousehold.wait(home.caught_up, 60, "the fleet to hold every record")
    counts = invariants.check(home)
    assert counts["cases"] - before == 1
    assert counts["interrupted"] == 0, "the screen lost what the agent's death is nothing to"


@pytest.mark.timeout(300)
def test_pages_reach_the_fleet_though_the_agent_is_killed(home: realhousehold.Household) -> None:
    """Filed as a visit files them: case and pages in one transaction, the platform gets both."""
    key = bytes.fromhex((home.folder / "trust/case.pub").read_text())
    pictures = [jpeg(n) + bytes([n]) * 1_000_000 for n in range(6)]
    pages = [wire.seal_page(key, picture) for picture in pictures]
    number = wire.case_number("KT-0001", today(), 99_999)
    given = wire.CaseMaterial("residence_proof", "scan", [page.digest for page in pages])
    case = wire.CasePayload(
        number, "KT-0001", fakes.RESIDENCE, "1", f"{today()}T10:00:00+08:00",
        wire.CaseApplicant(fakes.ZHANG.name, fakes.ZHANG.number), {}, "card", materials=[given],
    )  # fmt: skip
    data = {"case_no": number, "task_code": fakes.RESIDENCE, "kind": "promise"}
    journal = home.journal()
    [intent] = journal.begin_all("case", [(data, wire.seal(key, case))], "", pages)
    home.kill("agent")
    home.start("agent")
    journal.end(intent, {"case_no": number, "standing": "accepted"})
    realhousehold.wait(lambda: journal.pages.waiting == 0, 120, "the pages to leave")
    found = "SELECT handed_over FROM cases WHERE case_no = '%s'"
    realhousehold.wait(lambda: home.fleet_rows(found % number) == [(1,)], 120, "the case to go on")
    kept = home.fleet_rows("SELECT digest, size FROM pages ORDER BY size")
    assert sorted(kept) == sorted(
        (page.digest, len(picture)) for page, picture in zip(pages, pictures, strict=True)
    )
    for path in (home.journal_file, home.folder / "fleet/fleet.db"):
        assert pictures[0][:200] not in path.read_bytes()
    journal.close()
