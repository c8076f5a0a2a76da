"""The roster as the session sees it, and the invented staff of a demonstration."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from drivers.idcard.samples import SAMPLES
from kiosk import sample_staff
from kiosk.model import SecretFault, StaffRole
from kiosk.session.roster import GuardedRoster


def test_a_roster_that_others_can_read_is_nobodys_and_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "staff.json"
    sample_staff.enrol(path, tmp_path / "sim")
    roster = GuardedRoster(path)
    [helper] = [m for m in roster.members() if m.role is StaffRole.HELPER]
    path.chmod(0o644)
    with capture_logs() as logs:
        assert roster.members() == ()
        assert roster.find(SAMPLES["helper"].number) is None
        assert roster.check(helper, "830471").fault is SecretFault.UNREACHABLE
    assert [line["event"] for line in logs] == ["roster_refused"]
    path.chmod(0o600)
    assert helper in roster.members()


def test_nobody_is_enrolled_without_a_file(tmp_path: Path) -> None:
    assert GuardedRoster(tmp_path / "staff.json").members() == ()


def test_sample_staff_get_pins_of_their_own_once(tmp_path: Path) -> None:
    path, folder = tmp_path / "terminal/staff.json", tmp_path / "sim"
    pins = sample_staff.enrol(path, folder)
    assert sample_staff.enrol(path, folder) == pins
    other = sample_staff.enrol(tmp_path / "other.json", tmp_path / "othersim")
    assert set(pins) == {"helper", "operator"}
    assert other != pins, "no default PIN"
    roster = GuardedRoster(path)
    for card, pin in pins.items():
        member = roster.find(SAMPLES[card].number)
        assert member is not None
        assert roster.check(member, pin).fault is None
    assert (folder / sample_staff.FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", ["", "not json", "[1]"])
def test_forgotten_pins_are_no_reason_to_stop(tmp_path: Path, content: str) -> None:
    path, folder = tmp_path / "staff.json", tmp_path / "sim"
    sample_staff.enrol(path, folder)
    (folder / sample_staff.FILE).write_text(content)
    assert sample_staff.enrol(path, folder) == {}
