"""The other half of `test_eyes_free.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eyeswork import ITEMS, SECONDS, finish


@pytest.mark.timeout(SECONDS + 60)
@pytest.mark.parametrize("code", ITEMS[1::2])
def test_somebody_who_cannot_see_finishes(portrait: Any, tmp_path: Path, code: str) -> None:
    finish(portrait, tmp_path, code)
