"""A page as it is read: its title, its texts, and what can be pressed, in their order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kivy.uix.widget import Widget

from screens.access.tree import beside, in_order, in_sight, labels_of, letters
from screens.access.veil import Veil
from screens.widgets.candidates import CandidateBar
from screens.widgets.entry import DateBoxes, Field
from screens.widgets.hanzi_keys import ANEW, MODE, MORE, WRITE
from screens.widgets.keys import ERASE, SHIFT, SPACE, Key
from screens.widgets.ladder import PaperCard
from screens.widgets.leaves import Leaves
from screens.widgets.marks import Medallion, Ring
from screens.widgets.pinpad import Slots
from screens.widgets.press import Pressable, targets
from screens.widgets.searchbar import SearchBar
from screens.widgets.text import Label

Say = Callable[..., str]

_BARE = (Ring, Medallion)  # a sign, or a number that counts
_LONG = re.compile(r"\d{5,}")  # is said digit by digit
_TURNS = ("_up", "_down", "_before", "_after")

# Targets with a sign in the place of words: locale keys `aloud.target.<action>`.
SIGNS = frozenset(
    ("clear", "candidates_before", "candidates_after",
     *(f"key:{key}" for key in (ERASE, SPACE, SHIFT, MODE, MORE, WRITE, ANEW)),
     *(f"key:{sign}" for sign in "'.-@/#&+%:()_,·，。；：“”《》！？—…＿°〇、（）"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    text: str = field(repr=False)
    private: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """One target, or a row of keys that are one stop for who goes from stop to stop."""

    members: tuple[Pressable, ...]
    words: tuple[Words, ...]  # of each member

    def without(self, actions: Collection[str]) -> Stop:
        """Keys that a keypad has itself are no stops."""
        kept = [(target, words) for target, words in zip(self.members, self.words, strict=True)
                if target.action not in actions]  # fmt: skip
        return Stop(tuple(target for target, _ in kept), tuple(words for _, words in kept))


@dataclass(frozen=True, slots=True)
class Reading:
    """`title` is among `texts` no more. `typed`: what an answer's field holds so far."""

    title: tuple[Words, ...]
    texts: tuple[Words, ...]
    stops: tuple[Stop, ...]
    typed: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    words: Words
    size: float = 0  # of the type
    target: Pressable | None = None
    typed: bool = False


class Reader:
    """`page`: what is read whole; of `bars` only what can be pressed."""

    def __init__(self, say: Say, veil: Veil) -> None:
        self._say, self._veil = say, veil

    def read(self, page: Widget, bars: Sequence[Widget]) -> Reading:
        pieces = list(self._pieces(page))
        sized = [one for one in pieces if one.target is None and not one.typed]
        largest = max((one.size for one in sized if letters(one.words.text)), default=0)
        title = next((p for p in sized if p.size == largest and letters(p.words.text)), None)
        texts = tuple(one.words for one in sized if one is not title)
        around = [one for bar in bars for one in self._pieces(bar)]
        found = self._told_apart([one for one in (*pieces, *around) if one.target is not None])
        typed = tuple(one.words for one in pieces if one.typed and one.target is None)
        return Reading((title.words,) if title else (), texts, tuple(_stops(found)), typed)

    # ---- Texts -------------------------------------------------------------------------------

    def _pieces(self, widget: Widget, *, typed: bool = False) -> Iterator[_Piece]:
        """`typed`: what is in it was typed, so that it is private whatever it says."""
        if not widget.opacity or isinstance(widget, _BARE):
            return
        if isinstance(widget, Label):
            if widget.raw.strip() and in_sight(widget):
                yield _Piece(self._words(widget.raw, typed=typed), widget.font_size, typed=typed)
        elif isinstance(widget, Pressable):
            holds = isinstance(widget, SearchBar) and widget.typed
            yield from self._target(widget, typed=typed or holds)
            yield from self._inner(widget, typed=typed)
        elif isinstance(widget, Slots | Field | DateBoxes | Leaves | PaperCard):
            yield from self._whole(widget)
            yield from self._inner(widget, typed=isinstance(widget, DateBoxes))
        else:
            for child in in_order(widget):
                yield from self._pieces(child, typed=typed or isinstance(widget, CandidateBar))

    def _whole(self, widget: Widget) -> Iterator[_Piece]:
        """What consists of many labels, and is told as one."""
        if isinstance(widget, Slots):  # of a secret only how long it is
            count = sum(1 for _ in labels_of(widget))
            yield _Piece(Words(self._say("aloud.digits", count=count)), typed=True)
        elif isinstance(widget, Field | DateBoxes):
            value = _LONG.sub(lambda digits: " ".join(digits[0]), widget.value)
            told = f"{value} {widget.unit}".strip() if value else ""
            yield _Piece(Words(told, private=True), typed=True)
        elif isinstance(widget, Leaves):
            yield from (_Piece(self._words(text)) for text in widget.told)
        else:
            told = self._say("aloud.and").join(label.raw for label in labels_of(widget))
            yield _Piece(self._words(told))

    def _words(self, text: str, *, typed: bool = False) -> Words:
        flat = " ".join(text.split())
        return Words(flat, typed or self._veil.covers(text) or self._veil.covers(flat))

    # ---- What can be pressed -----------------------------------------------------------------

    def _inner(self, widget: Widget, *, typed: bool) -> Iterator[_Piece]:
        """Within what is told as one."""
        for one in widget.walk(restrict=True):
            if isinstance(one, Pressable) and one is not widget:
                yield from self._target(one, typed=typed)

    def _target(self, target: Pressable, *, typed: bool) -> Iterator[_Piece]:
        """Largest words first. What is out of use is a text, if it is worth it."""
        labels = sorted(labels_of(target), key=lambda one: -one.font_size)
        told = self._name(target, [label.raw for label in labels])
        if target.enabled and target.action:
            if target in targets(target).values():  # in sight
                yield _Piece(self._words(told, typed=typed), target=target)
        elif labels and _worth_telling(target) and in_sight(target):
            yield _Piece(self._words(self._say("aloud.unavailable", what=told), typed=typed))

    def _name(self, target: Pressable, own: Sequence[str]) -> str:
        """What it says, or, of one with a mere sign, what its action is called."""
        key = f"aloud.target.{target.action}"
        told = self._say(key) if target.action in SIGNS else self._say("aloud.and").join(own)
        if target.chosen is None:
            return told
        return self._say("aloud.chosen" if target.chosen else "aloud.not_chosen", what=told)

    def _told_apart(self, pieces: Sequence[_Piece]) -> list[_Piece]:
        """Of several that say the same, each also says what it stands beside."""
        counts = Counter(piece.words.text for piece in pieces)
        return [self._beside(one) if counts[one.words.text] > 1 else one for one in pieces]

    def _beside(self, piece: _Piece) -> _Piece:
        context = beside(piece.target) if piece.target is not None else ""
        told = self._say("aloud.and").join((context, piece.words.text))
        return replace(piece, words=self._words(told)) if context else piece


def _worth_telling(target: Pressable) -> bool:
    """Out of use: a key, or a turn to a page that is not there, is nothing to wonder at."""
    return not isinstance(target, Key) and not target.action.endswith(_TURNS)


def _stops(pieces: Sequence[_Piece]) -> Iterator[Stop]:
    """Keys and words to choose from that stand in one row are one stop."""
    row: list[_Piece] = []
    for piece in pieces:
        if row and _row_of(piece) != _row_of(row[0]):
            yield _stop(row)
            row = []
        row.append(piece)
    if row:
        yield _stop(row)


def _row_of(piece: _Piece) -> object:
    """The row it belongs to; of what stands alone, itself."""
    target = piece.target
    assert target is not None
    return target.parent if target.action.startswith(("key:", "candidate")) else target


def _stop(row: Sequence[_Piece]) -> Stop:
    members = tuple(one.target for one in row if one.target is not None)
    return Stop(members, tuple(one.words for one in row))
