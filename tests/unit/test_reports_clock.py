"""What another process said counts only while it is fresh, whichever way the calendar jumps."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.agent import reports
from kiosk.journal import Journal

HOUR = 3600.0


@pytest.mark.parametrize(("age", "said"), [(0.0, "serving"), (HOUR, "down"), (-HOUR, "down")])
def test_a_screen_that_spoke_in_the_future_is_down(tmp_path: Path, age: float, said: str) -> None:
    """After the clock was set back, a dead screen would otherwise seem to serve for a year."""
    journal = Journal.open(tmp_path / "j.db", "KT-0001")
    journal.put_status("screen", "serving")
    with journal._write():
        journal._db.execute("UPDATE status SET time = time - ?", (age,))
    assert reports.health(journal, 1, 0).screen == said
    journal.close()
