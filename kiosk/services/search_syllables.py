"""What Latin letters can stand for in pinyin: syllables alike to the ear, and one error away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

LONGEST = 6  # zhuang
TWO_LETTER_INITIALS = frozenset({"zh", "ch", "sh"})
_ALIKE_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_ALIKE_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


def sound(letters: str) -> str:
    """The same for all spellings that many people do not tell apart (模糊音), and for lü and lu."""
    heard = letters.replace("v", "u")
    for spelt, said in _ALIKE_INITIALS:
        if heard.startswith(spelt):
            heard = said + heard.removeprefix(spelt)
            break
    for spelt, said in _ALIKE_FINALS:
        if heard.endswith(spelt):
            return heard.removesuffix(spelt) + said
    return heard


def initials(syllable: str) -> Iterator[str]:
    """What may stand for it in an abbreviation: sheng -> s, sh."""
    yield syllable[:1]
    if syllable[:2] in TWO_LETTER_INITIALS:
        yield syllable[:2]


class Syllables:
    """The syllables that a catalogue uses, found by sound, by beginning and by one error."""

    def __init__(self, known: Iterable[str]) -> None:
        self._by_beginning: dict[str, list[str]] = defaultdict(list)
        self._by_heard_beginning: dict[str, list[str]] = defaultdict(list)
        self._by_loss: dict[str, list[str]] = defaultdict(list)
        for syllable in sorted(set(known)):
            for table, spelt in (
                (self._by_beginning, syllable),
                (self._by_heard_beginning, sound(syllable)),
            ):
                for end in range(1, len(spelt) + 1):
                    table[spelt[:end]].append(syllable)
            for rest in {syllable, *_losses(syllable)}:
                self._by_loss[rest].append(syllable)

    def beginning(self, letters: str) -> list[str]:
        return self._by_beginning.get(letters, [])

    def alike_beginning(self, letters: str) -> list[str]:
        return self._by_heard_beginning.get(sound(letters), [])

    def mistaken(self, letters: str) -> list[str]:
        """Syllables that become `letters` by one letter wrong, missing, too many, or swapped."""
        candidates = set(self._by_loss.get(letters, ()))
        for rest in _losses(letters):
            candidates.update(self._by_loss.get(rest, ()))
        return sorted(s for s in candidates if s != letters and one_error(s, letters))


def one_error(meant: str, written: str) -> bool:
    """Whether one letter wrong, missing, too many or swapped makes `written` of `meant`."""
    if abs(len(meant) - len(written)) > 1:
        return False
    if len(meant) == len(written):
        wrong = [n for n, (a, b) in enumerate(zip(meant, written, strict=True)) if a != b]
        if len(wrong) != 2 or wrong[1] != wrong[0] + 1:
            return len(wrong) == 1
        first, second = wrong
        return (meant[first], meant[second]) == (written[second], written[first])
    longer, shorter = sorted((meant, written), key=len, reverse=True)
    return shorter in _losses(longer)


def _losses(letters: str) -> set[str]:
    return {letters[:n] + letters[n + 1 :] for n in range(len(letters))}
