"""Words of a page -> what is spoken, and how fast and loud. Knows nothing of widgets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from kiosk.model import About, Cut, Language, Speaking, Utterance, Voice
from screens.access.reading import Reading, Say, Words

Speak = Callable[[Speaking], None]

RATES = (110, 135, 160, 200, 250, 320, 400)  # words a minute
VOLUMES = (30, 45, 60, 80, 100)
_NUMBER = re.compile(r"\d+")
_ENDS = {True: "。", False: ". "}  # in Chinese, or not
_TYPING = ("key:", "date:", "clear")
_STOPS = ".。!！?？;；:：,，、"


class Teller:
    """Speaks while `on`. `repeat` says again what was said last."""

    def __init__(self, speak: Speak, say: Callable[..., str]) -> None:
        self._speak, self._words = speak, say
        self.language = Language.ZH
        self.on = False
        self.reset()

    def reset(self) -> None:
        """As everybody finds it."""
        self.on = False
        self.rate, self.volume = RATES.index(Voice().rate), VOLUMES.index(Voice().volume)
        self._last: tuple[Words, ...] = ()
        self._last_about = About.PAGE

    @property
    def say(self) -> Say:
        """Words of the program in the language of the page."""
        return lambda key, **values: self._words(key, self.language, **values)

    def tell(
        self, words: Iterable[Words], about: About = About.PROGRAM, *, urgent: bool = True,
        after: Sequence[Utterance] = (), instead: str = "aloud.private",
    ) -> None:  # fmt: skip
        """`repeat` repeats what was not the program's own. `after`: in whatever language.
        `instead`: key of what is said for private words while there are no headphones."""
        told = tuple(one for one in words if one.text.strip())
        if about is not About.PROGRAM and told:
            self._last, self._last_about = told, about
        if self.on and (told or after):
            parts = (*self._parts(told), *after)
            self._speak(replace(self._speaking(instead), parts=parts, about=about, urgent=urgent))

    def hush(self) -> None:
        """What is cut by it can go on."""
        self._speak(self._speaking())

    def go_on(self) -> None:
        """With what was cut, from the beginning of its sentence."""
        nothing = Utterance(self.say("aloud.nothing_left"), self.language)
        self._speak(replace(self._speaking(), parts=(nothing,), cut=Cut.RESUMED))

    def forget(self, *, silent: bool = False) -> None:
        """Nothing of this page goes on later. `silent`: nor now."""
        if self.on:
            self._speak(replace(self._speaking(), urgent=silent, cut=Cut.FORGOTTEN))

    def repeat(self) -> None:
        self.tell(self._last, self._last_about)

    def faster(self, steps: int) -> None:
        self.rate = min(max(0, self.rate + steps), len(RATES) - 1)
        self.tell([Words(self.say("aloud.rate", step=self.rate + 1))])

    def louder(self, steps: int) -> None:
        self.volume = min(max(0, self.volume + steps), len(VOLUMES) - 1)
        self.tell([Words(self.say("aloud.volume", step=self.volume + 1))])

    def _speaking(self, instead: str = "aloud.private") -> Speaking:
        """Silence, as fast and loud as was chosen."""
        voice = Voice(RATES[self.rate], VOLUMES[self.volume])
        return Speaking((), voice, Utterance(self.say(instead), self.language))

    def _parts(self, words: Sequence[Words]) -> tuple[Utterance, ...]:
        """Neighbours that are equally private in one breath."""
        parts: list[Utterance] = []
        end = _ENDS[self.language.chinese]
        for one in words:
            text = one.text if one.text.rstrip()[-1] in _STOPS else one.text + end
            if parts and parts[-1].private == one.private:
                text = f"{parts.pop().text}{text}"
            parts.append(Utterance(text, self.language, one.private))
        return tuple(parts)


def what_is_new(old: Reading, new: Reading) -> list[Words]:
    """What a page says now and did not before; a number that counts is nothing new."""
    before = Counter(_shape(words) for words in _all(old))
    fresh = []
    for words in _all(new):
        shape = _shape(words)
        if before[shape]:
            before[shape] -= 1
        else:
            fresh.append(words)
    return fresh


def has_lost(old: Reading, new: Reading) -> bool:
    """Is what was read no longer so? A number that counts is no change, another answer is."""
    before, now = (
        Counter(_shape(words) for words in (*one.title, *one.texts)) for one in (old, new)
    )
    answered = any(words.text.strip() for words in old.typed)
    return bool(before - now) or (answered and old.typed != new.typed)


def _all(reading: Reading) -> Iterable[Words]:
    """Without keys, and what shows what they typed: that is told key by key."""
    yield from reading.title
    yield from reading.texts
    for stop in reading.stops:
        for target, words in zip(stop.members, stop.words, strict=True):
            if not target.action.startswith(_TYPING):
                yield words


def _shape(words: Words) -> str:
    return _NUMBER.sub("#", words.text)
