"""One person's typing in pinyin."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
from enum import StrEnum
from itertools import islice
from pathlib import Path

from screens.pinyin.rime import BACKSPACE, PAGE_DOWN, MissingError, Rime

_log = logging.getLogger(__name__)
_SCHEMAS = Path(__file__).parents[2] / "config" / "pinyin"
# `menu` in kiosk.schema.yaml: what chooses from a page of librime's.
_CHOOSERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_LONGEST = 60  # letters; the time for one more grows with them
_PATIENCE = 10.0  # seconds at the end for a start that is under way


class Standing(StrEnum):
    STARTING = "starting"
    READY = "ready"
    MISSING = "missing"  # librime or its dictionary


class Pinyin:
    """Letters in, characters out. Only `start` and `standing` may be used by several threads.

    Until it is READY every call does nothing.
    """

    def __init__(self) -> None:
        self.standing = Standing.STARTING
        self._rime: Rime | None = None
        self._keeper = self._session = 0
        self._typed, self._letters = "", 0
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Get ready on a thread of its own, so that nothing waits for it."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._deploy, name="pinyin", daemon=True)
            self._thread.start()

    def wait(self, seconds: float) -> Standing:
        if self._thread is not None:
            self._thread.join(seconds)
        return self.standing

    @property
    def typed(self) -> str:
        """The open letters in syllables; '' when there are none."""
        return self._typed

    def press(self, letter: str) -> None:
        """a to z, or ' between syllables that could be one."""
        if self._rime is not None and self._letters < _LONGEST:
            self._session = self._session or self._rime.open()
            self._letters += 1
            self._rime.press(self._session, ord(letter))
            self._look()

    def erase(self) -> None:
        """The last letter, or the last choice of which letters are still open."""
        if self._rime is not None and self._session:
            self._letters = max(0, self._letters - 1)
            self._rime.press(self._session, BACKSPACE)
            self._look()

    def candidates(self, start: int, count: int) -> list[str]:
        """The likeliest first; the first of them may be a whole sentence."""
        if self._rime is None or not self._typed:
            return []
        return list(islice(self._rime.candidates(self._session, start), count))

    def choose(self, index: int) -> str:
        """What is now written; '' while letters are still open."""
        if self._rime is None or not self._typed:
            return ""
        pages, place = divmod(index, len(_CHOOSERS))
        for _ in range(pages):
            self._rime.press(self._session, PAGE_DOWN)
        self._rime.press(self._session, ord(_CHOOSERS[place]))
        self._look()
        return self._rime.committed(self._session)

    def close(self) -> str:
        """The likeliest for everything that is open; letters that mean nothing as they are."""
        before, word = None, ""
        while self._typed and self._typed != before:
            before = self._typed
            word += self.choose(0)
        rest = self._typed.replace(" ", "")
        if rest:
            self.forget()
        return word + rest

    def forget(self) -> None:
        """Nothing of what was typed stays, neither open nor as librime's context."""
        if self._rime is not None and self._session:
            self._rime.close(self._session)
        self._session, self._typed, self._letters = 0, "", 0

    def end(self) -> None:
        """With the process."""
        self.wait(_PATIENCE)
        self.forget()
        rime, self._rime = self._rime, None
        if rime is not None:
            rime.end()

    def _look(self) -> None:
        assert self._rime is not None
        self._typed = self._rime.typed(self._session)
        if not self._typed:
            self._letters = 0

    def _deploy(self) -> None:
        """librime's own folder is gone before anybody types: there is nowhere to write to.

        One session is kept open, and never typed into: by it librime keeps in memory what it has
        read of the schema. The first search brings the dictionary in.
        """
        try:
            rime = Rime()
        except MissingError as error:
            _log.warning("pinyin_missing why=%s", error)
            self.standing = Standing.MISSING
            return
        with tempfile.TemporaryDirectory(prefix="kiosk-pinyin-") as folder:
            for schema in _SCHEMAS.glob("*.yaml"):
                shutil.copy(schema, folder)
            rime.deploy(Path(folder))
            self._keeper = rime.open()
            first = rime.open()
            for letter in "shilixian":
                rime.press(first, ord(letter))
            found = list(islice(rime.candidates(first, 0), 1))
            rime.close(first)
        if found:
            self._rime = rime
        self.standing = Standing.READY if found else Standing.MISSING
