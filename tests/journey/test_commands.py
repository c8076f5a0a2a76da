"""The commands as a newcomer types them: run, a killed demo, help, and wrong settings."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

import realhousehold
from kiosk import household
from kiosk.settings import load

KIOSK = [realhousehold.PYTHON, "-m", "kiosk"]


def run(*options: str, seconds: float = 240, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*KIOSK, *options],
        cwd=realhousehold.ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@pytest.mark.timeout(300)
def test_run_without_a_display_plays_visits_and_prints_each_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    ports = household.Ports.any()
    env = household.environment(load(realhousehold.SETTINGS), ports, tmp_path)
    env["KIOSK_GATEWAY__URL"] = f"http://127.0.0.1:{ports.http}"
    done = run("run", "--visits", "1", **env, **realhousehold.QUICK)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "No display here" in done.stdout
    assert f"http://127.0.0.1:{ports.http}/" in done.stdout
    for page in ("attract", "services", "card", "face", "papers", "thanks"):
        assert f"  {page}\n" in done.stdout
    assert list((tmp_path / "run/screens").glob("*-papers.png"))


@pytest.mark.timeout(300)
def test_a_demo_works_after_one_that_was_killed(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    with (tmp_path / "killed.txt").open("wb") as log:
        first = subprocess.Popen(
            [*KIOSK, "demo", "--out", str(out)], cwd=realhousehold.ROOT, stdout=log, stderr=log
        )
    realhousehold.wait((out / "steps.jsonl").exists, 90, "the first demo's first page")
    time.sleep(1)
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    second = run("demo", "--out", str(out))
    assert second.returncode == 0, second.stdout[-3000:] + second.stderr[-3000:]


def test_help_names_every_command_in_plain_words() -> None:
    done = run("--help")
    assert done.returncode == 0
    for command in ("run", "demo", "check", "dock", "verify"):
        assert command in done.stdout


def test_a_misspelt_setting_names_file_key_and_remedy(tmp_path: Path) -> None:
    wrong = tmp_path / "terminal.toml"
    wrong.write_text('[terminal]\nid = "KT-0001"\n[screen]\nidle_second = 5\n')
    for command in ("run", "demo", "screen", "agent"):
        done = run(command, "--settings", str(wrong))
        assert done.returncode == 2, command
        for part in (str(wrong), "screen.idle_second", "idle_seconds"):
            assert part in done.stderr
        assert "Traceback" not in done.stderr


def test_check_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    env = household.environment(load(realhousehold.SETTINGS), household.Ports.any(), tmp_path)
    done = run("check", **env)
    assert done.returncode == 1
    lines = {line[10:32].strip(): line for line in done.stdout.splitlines()}
    assert lines["Catalogue"].startswith("  ok ")
    assert "start the fleet" in lines["Fleet"]
    assert lines["ID card reader"].startswith("  wrong ")
    assert "not connected  -> please call maintenance" in lines["ID card reader"]


def test_verify_of_a_missing_file_says_so() -> None:
    done = run("verify", "nowhere/certificate.pdf")
    assert done.returncode == 2
    assert "there is no file nowhere/certificate.pdf" in done.stderr
