"""Files that anybody may write: nothing in them stops their reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.network import seconds_of
from drivers.statefile import StateFile, read_json, write_state


@pytest.mark.parametrize(
    "content",
    [b"", b"[1]", b"null", b'{"paper": "lo', b"\xff", b"[" * 100_000, b"1" * 5_000],
)
def test_what_is_no_object_says_nothing_new(tmp_path: Path, content: bytes) -> None:
    file = StateFile(tmp_path / "receipt.json", {"paper": "full"})
    write_state(file.path, paper="low")
    assert file.get() == {"paper": "low"}
    file.path.write_bytes(content)
    assert file.get() == {"paper": "low"}
    assert read_json(file.path, {"kept": 1}) == {"kept": 1}


@pytest.mark.parametrize(
    ("milliseconds", "seconds"),
    [(250, 0.25), (0, 0), (-1, 0), ("soon", 0), (None, 0), ([], 0), (float("nan"), 0),
     (float("inf"), 60), (10**400, 60)],
)  # fmt: skip
def test_a_delay_is_a_number_of_milliseconds_up_to_a_minute(
    milliseconds: object, seconds: float
) -> None:
    assert seconds_of(milliseconds) == seconds
