"""`kiosk selfcheck`: what would keep a version from running here, each in a line, and no trace."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kiosk import __version__, selfcheck
from kiosk.journal import Journal
from kiosk.journal.migrations import VERSION

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "config" / "terminal.toml"
JOURNAL = "journal.db"


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Kivy and OpenCV take seconds to import, and change the process: see the first test."""
    monkeypatch.setattr(selfcheck, "MODULES", ("kiosk.programs", "msgspec"))
    monkeypatch.setenv("KIOSK_TERMINAL__VAR", str(tmp_path))
    monkeypatch.chdir(ROOT)
    return tmp_path


def test_this_version_is_ready_here_and_nothing_is_left_behind(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "selfcheck", "--settings", SETTINGS],
        cwd=ROOT, env={**os.environ, "KIOSK_TERMINAL__VAR": str(tmp_path / "var")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, f"kiosk {__version__}: ready\n"), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_is_missing_or_broken_is_named(
    var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken_library.py").write_text('raise OSError("libGL.so.1: cannot open")')
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(selfcheck, "MODULES", ("msgspec", "no_such_library", "broken_library"))
    assert selfcheck.run(SETTINGS) == 1
    assert capsys.readouterr().out.splitlines() == [
        "no_such_library: ModuleNotFoundError: No module named 'no_such_library'",
        "broken_library: OSError: libGL.so.1: cannot open",
    ]
    assert not (var / JOURNAL).exists()


def test_a_release_without_its_data_is_not_ready(
    var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert var
    monkeypatch.chdir(tmp_path)
    assert selfcheck.run(SETTINGS) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{name}: is not there" for name in selfcheck.FILES
    ]


def test_settings_that_this_version_does_not_know(
    var: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert var
    odd = tmp_path / "terminal.toml"
    odd.write_text('[terminal]\nid = "KT-0001"\ncolour = "blue"\n')
    assert selfcheck.run(odd) == 1
    assert "terminal.colour" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("version", "ready"), [(VERSION - 1, True), (VERSION, True), (VERSION + 1, False)]
)
def test_a_journal_of_newer_software_is_not_for_this_one(
    var: Path, version: int, ready: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    path = var / JOURNAL
    Journal.open(path, "KT-0001").close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {version}")
    before = path.read_bytes()
    assert selfcheck.run(SETTINGS) == (0 if ready else 1)
    assert path.read_bytes() == before, "an older one is brought up to date when it is used"
    told = capsys.readouterr().out
    assert told == f"kiosk {__version__}: ready\n" if ready else f"of version {version}" in told


def test_a_journal_that_is_none(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (var / JOURNAL).write_bytes(b"not a database" * 100)
    assert selfcheck.run(SETTINGS) == 1
    assert "journal.db: file is not a database" in capsys.readouterr().out
