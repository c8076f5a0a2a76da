"""Simulated papers are numbered on, and do not fill the disk."""

from __future__ import annotations

from pathlib import Path

from drivers.tray import KEPT, next_name, numbers


def test_numbers_go_on_from_the_newest(tmp_path: Path) -> None:
    assert next_name(tmp_path, ".pdf") == "0001"
    (tmp_path / "0041.pdf").touch()
    (tmp_path / "notes.pdf").touch()
    assert next_name(tmp_path, ".pdf") == "0042"


def test_only_the_newest_papers_are_kept(tmp_path: Path) -> None:
    for number in range(1, KEPT + 21):
        (tmp_path / f"{number:04d}.escpos").touch()
        (tmp_path / f"{number:04d}.png").touch()
    assert next_name(tmp_path, ".escpos") == f"{KEPT + 21:04d}"
    assert numbers(tmp_path, ".escpos") == numbers(tmp_path, ".png")
    assert numbers(tmp_path, ".escpos") == list(range(22, KEPT + 21))
