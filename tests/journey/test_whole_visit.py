"""One citizen's whole visit in real processes, from the touch to the fleet's list."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from PIL import Image

import invariants
import realhousehold

ROOT = realhousehold.ROOT


def run_demo(out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    argv = [realhousehold.PYTHON, "-m", "kiosk", "demo", "--out", str(out), *options]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)


@pytest.mark.timeout(300)
def test_the_demo_leaves_everything_that_it_names(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    done = run_demo(out)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    summary = json.loads((out / "summary.json").read_text())
    assert summary["terminal"] == "KT-0001"
    assert summary["print"].keys() == {"receipt", "certificate"}
    assert set(summary["print"].values()) <= {"presented", "taken"}
    assert summary["fleet"]["committed"] is True
    assert summary["fleet"]["acked_through"] > 10
    assert {"name", "ms"} <= summary["steps"][0].keys()
    pictures = sorted(path.name for path in (out / "screens").glob("*.png"))
    visited = [name.split("-", 1)[1].removesuffix(".png") for name in pictures]
    for state in ("attract", "services", "guide", "card", "consent", "face", "question", "check",
                  "submitting", "papers", "rating", "thanks"):  # fmt: skip
        assert state in visited
    assert Image.open(out / "screens" / pictures[0]).size == (1080, 1920)
    assert Image.open(out / "receipt.png").height > 400
    assert summary["case_no"].encode() in (out / "receipt.escpos").read_bytes()
    verdict = subprocess.run(
        [realhousehold.PYTHON, "-m", "kiosk", "verify", str(out / "certificate.pdf"),
         "--trust", str(out / "trust")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("way", "item", "pages"),
    [
        ("code", "certificate", ["ways", "pin"]),
        ("helper", "marriage", ["ways", "card", "pin", "witness"]),
    ],
)
def test_who_says_no_to_the_camera_comes_to_the_same_end(
    tmp_path: Path, way: str, item: str, pages: list[str]
) -> None:
    """By touch alone: the code is read off the phone, the helper's PIN is typed."""
    out = tmp_path / "demo"
    done = run_demo(out, "--way", way, "--item", item, "--language", "en")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    summary = json.loads((out / "summary.json").read_text())
    names = [step["name"] for step in summary["steps"]]
    assert "face" not in names
    at = names.index("consent")
    assert names[at + 1 : at + 1 + len(pages)] == pages
    assert summary["fleet"]["committed"] is True


@pytest.mark.timeout(240)
def test_the_fleet_away_and_back(tmp_path: Path) -> None:
    """A visit while the fleet is away ends well; the case is caught up afterwards, once."""
    import fakes

    with realhousehold.running(tmp_path, "fleet", "simulators", "agent") as home:
        realhousehold.wait((tmp_path / "trust/case.pub").exists, 20, "the fleet's keys")
        home.kill("fleet")
        screen = home.play(fakes.RESIDENCE)
        realhousehold.wait(lambda: screen.poll() is not None, 90, "the visit to end")
        journal = home.journal()
        outcomes = {
            record.type: json.loads(bytes(record.data))
            for record in journal.records(1)
            if record.type.endswith("outcome")
        }
        assert outcomes["kiosk.case.outcome"]["standing"] == "provisional"
        assert outcomes["kiosk.print.outcome"]["rung"] in {"presented", "taken"}
        assert journal.acked_through < journal.last_seq
        journal.close()
        assert "临时回执".encode("gb18030") in home.receipts()[0].read_bytes()
        home.start("fleet")
        realhousehold.wait(home.fleet_answers, 60, "the fleet")
        realhousehold.wait(home.caught_up, 90, "the fleet to catch up")
        counts = invariants.check(home)
        assert (counts["cases"], counts["receipts"]) == (1, 1)
