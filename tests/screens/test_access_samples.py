"""Every sample page: each thing that a finger can press has words, and two switches reach it.

With KIOSK_LONG=1 in each language.
"""

from __future__ import annotations

import os
import re
from typing import Any

from kiosk.model import Key, Language
from screens.samples import bodies

NAMES = sorted(bodies())
LANGUAGES = tuple(Language) if os.environ.get("KIOSK_LONG") else (Language.ZH,)
# A key of the catalogues, or the name of an action: never for anybody's ears.
RAW = re.compile(r"^[a-z_]+[.:][a-z_.:0-9]+$|[a-z]_[a-z]|\{|\}")
DEEP = 60  # stops of one page, at most


def words(stage: Any) -> dict[str, str]:
    """What is said of each target, by its action."""
    access = stage.app.access
    stops = access.page.look().stops
    return {
        target.action: told.text
        for stop in stops
        for target, told in zip(stop.members, stop.words, strict=True)
    }


def test_everything_has_words_and_is_reached_by_two_switches(portrait: Any) -> None:
    missed = {(name, language): found for name in NAMES for language in LANGUAGES
              if (found := faults(portrait, name, language))}  # fmt: skip
    assert not missed
    assert len(NAMES) > 200


def faults(stage: Any, name: str, language: Language) -> list[str]:
    stage.show(name, language)
    wanted, told = set(stage.app.targets()), words(stage)
    mute = [f"{action} says {text!r}" for action, text in told.items() if not sayable(text)]
    silent = [f"{action} is not told" for action in wanted - set(told)]
    return mute + silent + [f"{one} is not reached" for one in wanted - reached(stage.app.access)]


def sayable(text: str) -> bool:
    """Something, and not only an icon, and no name of the program's own."""
    icon = any(0xE000 <= ord(one) <= 0xF8FF or ord(one) >= 0xF0000 for one in text)
    return any(one.isalnum() for one in text) and not icon and not RAW.search(text)


def reached(access: Any) -> set[str]:
    """What is under the focus when one switch goes on, once around, into each row."""
    access._end()
    seen: set[str] = set()
    for _ in range(DEEP):
        access.key(Key.NEXT)
        stop = access.focus.stop
        if stop is None or stop.members[0].action in seen:
            break
        seen.add(stop.members[0].action)
        if len(stop.members) > 1:
            seen |= row(access)
    access._end()
    return seen


def row(access: Any) -> set[str]:
    """Chosen, a row is gone through key by key, and left behind its last."""
    access.key(Key.CHOOSE)
    seen = set()
    while access.focus.inside:
        seen.add(access.focus.target.action)
        access.key(Key.NEXT)
    return seen
