"""Somebody who hears the terminal and presses keys, for tests of pages."""

from __future__ import annotations

import time
from typing import Any

from kiosk.model import Key, Language, Speaking


class Ear:
    """What is heard of a stage: private words only with `headphones`."""

    def __init__(self, stage: Any) -> None:
        self.stage, self.headphones = stage, True
        self.said: list[Speaking] = []
        stage.app.speak = self.said.append

    @property
    def last(self) -> str:
        """All that was heard since the last speech that interrupted another."""
        told: list[str] = []
        for speaking in self.said:
            if speaking.urgent:
                told.clear()
            for part in speaking.parts:
                audible = self.headphones or not part.private
                told.append(part.text if audible else speaking.instead.text)
        return " ".join(told)

    @property
    def aloud(self) -> str:
        """All that anybody beside could ever have heard."""
        return " ".join(p.text for one in self.said for p in one.parts if not p.private)

    def key(self, *keys: Key | str) -> str:
        for key in keys:
            self.stage.app.gate.shown(new_page=False)
            self.stage.app.access.key(Key(key))
        self.settle()
        return self.last

    def settle(self) -> None:
        """Until the page has been read."""
        from screens.step import frames

        until = time.monotonic() + 60
        while self.stage.app.access.settle.is_triggered and time.monotonic() < until:
            time.sleep(0.02)
            frames(1)

    def page(self, name: str, language: Language = Language.EN, /, **changes: Any) -> str:
        self.stage.show(name, language, **changes)
        self.settle()
        return self.last

    def leave(self) -> None:
        self.stage.show("check", Language.EN)
        self.stage.show("attract", Language.EN)
        self.stage.app.speak = lambda _speaking: None
