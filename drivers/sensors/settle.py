"""Readings that may be believed: contacts bounce, and mains that came back may go again."""

from __future__ import annotations

from collections.abc import Mapping

SETTLE_SECONDS = 0.05  # that a contact must stay as it is
RECOVERED_SECONDS = 60.0  # for which a UPS with mains again is `recovered` and not yet `good`
_AT_ONCE = {("headphones", "not_present")}  # private speech must not wait
_ON_BATTERY = ("engaged", "low")


class Settler:
    """Takes a new word for a reading when it was said `times` in a row, over `SETTLE_SECONDS`.

    A reading's first word is taken at once. Times are of a monotonic clock.
    """

    def __init__(self, times: int) -> None:
        self._times = times
        self._words: dict[str, str] = {}
        self._pending: dict[str, tuple[str, int, float]] = {}  # word, times, since when

    @property
    def unsettled(self) -> bool:
        return bool(self._pending)

    def see(self, said: Mapping[str, str], now: float) -> dict[str, str]:
        """The settled readings after `said` was seen."""
        for reading, word in said.items():
            if self._taken(reading, word, now):
                self._words[reading] = word
                self._pending.pop(reading, None)
        return {reading: self._words[reading] for reading in said}

    def forget(self) -> None:
        """The source was away: what it says next is taken at once."""
        self._words.clear()
        self._pending.clear()

    def _taken(self, reading: str, word: str, now: float) -> bool:
        if self._words.get(reading, word) == word or (reading, word) in _AT_ONCE:
            return True
        pending, times, since = self._pending.get(reading, (word, 0, now))
        if pending != word:
            times, since = 0, now
        self._pending[reading] = word, times + 1, since
        return self._times <= times + 1 and (self._times == 1 or now - since >= SETTLE_SECONDS)


class Recovery:
    """Remembers for a while that a UPS was on battery."""

    def __init__(self) -> None:
        self._until = 0.0
        self._on_battery = False

    def see(self, said: Mapping[str, str], now: float) -> dict[str, str]:
        word = said.get("ups")
        if word in _ON_BATTERY:
            self._on_battery = True
        elif word == "good":
            if self._on_battery:
                self._on_battery, self._until = False, now + RECOVERED_SECONDS
            if now < self._until:
                return {**said, "ups": "recovered"}
        return dict(said)
