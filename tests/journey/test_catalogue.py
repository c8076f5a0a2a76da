"""An office puts an item on a terminal that runs: a file, one command, no restart and no code."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import realhousehold
from kiosk import household
from kiosk.settings import load
from realhousehold import PYTHON, ROOT, SETTINGS, Household, wait

DROPPED = "config/catalogue/medical_account_query.toml"
TASK = "11445299MB2D00006J2000700007001"
ALL = len(list((ROOT / "config/catalogue").glob("*.toml")))


def offered(home: Household) -> dict[str, str]:
    """What the terminal says that it offers: item by item, and why not."""
    return dict(home.journal().statuses().get("services", ({}, 0.0))[0])


def build(folder: Path, items: Path) -> str:
    command = [PYTHON, "-m", "kiosk", "catalogue", "build", str(items),
               "--out", str(folder / "catalogue/published.kcb"),
               "--key", str(folder / "fleet/keys/catalogue.key"),
               "--trust", str(folder / "trust")]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60,
                          check=False)  # fmt: skip
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


@pytest.mark.timeout(240)
def test_a_file_that_was_dropped_in_is_offered_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items, folder = tmp_path / "items", tmp_path / "home"
    items.mkdir()
    for path in (ROOT / "config/catalogue").glob("*.toml"):
        if path.name != Path(DROPPED).name:
            shutil.copy(path, items)
    monkeypatch.setenv("KIOSK_TERMINAL__CATALOGUE", str(items))
    published = household.publish(load(SETTINGS), folder, folder / "trust")
    with realhousehold.running(folder, "fleet", "simulators", "agent", **published) as home:
        screen = home.screen()
        wait(lambda: len(offered(home)) == ALL - 1, 60, "the first catalogue")
        assert TASK not in offered(home)

        (items / "broken.toml").write_text((ROOT / DROPPED).read_text().replace("zh =", "zx =", 1))
        assert "broken.toml:" in build(folder, items)
        (items / "broken.toml").unlink()
        (folder / "catalogue/forged.kcb").write_bytes(b"no bundle")
        shutil.copy(ROOT / DROPPED, items)
        assert f"{ALL} items" in build(folder, items)
        wait(lambda: TASK in offered(home), 30, "the new item")

        for path in items.glob("residence*.toml"):
            path.unlink()
        assert f"{ALL - 1} items" in build(folder, items)
        wait(lambda: len(offered(home)) == ALL - 1, 30, "the withdrawn item to go")
        assert screen.poll() is None
        told = [r for r in home.journal().records(1) if r.type == "kiosk.catalogue.event"]
        assert len(told) == 2
        version = home.journal().statuses()["catalogue"][0]
        wait(lambda: version in str(home.get("api/v1/terminals")), 30, "the fleet to know")
