"""The last page stays until a slow reader has read it, and ends by one press for who comes next."""

from __future__ import annotations

import re
from typing import Any

import pytest

from config.schema import ScreenTable
from kiosk.events import Left
from kiosk.model import Language
from screens.samples import bodies

# A minute, of old people and others who read slowly: half of what is usual.
CHARACTERS, WORDS = 100, 100
SAMPLES = [name for name in bodies() if name.startswith("thanks")]


def reading_seconds(page: Any) -> float:
    """Of all that is written on the page, but for the countdown."""
    from screens.widgets.text import Label

    text = " ".join(one.raw for one in page.walk(restrict=True) if isinstance(one, Label))
    characters = len(re.findall(r"[\u3400-\u9fff]", text))
    words = len(re.findall(r"[A-Za-z]+", text))
    assert characters + words > 5
    return 60 * (characters / CHARACTERS + words / WORDS)


@pytest.mark.parametrize("language", [*Language, Language("zh_TW")])
def test_the_time_is_enough_to_read_it(portrait: Any, language: Language) -> None:
    assert len(SAMPLES) > 3
    for name in SAMPLES:
        portrait.show(name, language)
        assert reading_seconds(portrait.page()) <= ScreenTable().thanks_seconds, name


@pytest.mark.parametrize("name", SAMPLES)
def test_one_press_ends_it(portrait: Any, name: str) -> None:
    portrait.show(name, Language.ZH)
    portrait.press("leave_now")
    assert isinstance(portrait.posted[-1], Left)
