"""Which words of a page are a citizen's, so that they are spoken into headphones only.

What must not show in `repr` must not be heard either: the fields of a View that are kept out of
logs are private. Beside them, on every page that is about somebody: money, and long numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from kiosk.model import Language, Text
from kiosk.model.characters import shown
from kiosk.view import HotlineBody, OutOfServiceBody, QuestionBody, State, View

# Pages that say the same to everybody.
_ABOUT_NOBODY = (
    State.ATTRACT, State.GUIDE, State.INFORMATION, State.ARTICLE, State.HOTLINE,
    State.OUT_OF_SERVICE,
)  # fmt: skip
_MONEY_OR_NUMBER = re.compile(r"[¥￥]|\d\s*(?:元|yuan|CNY)|\d{6}|\d{4,}[Xx*]|\*{2}")


class Veil:
    """Made for one View."""

    def __init__(self, view: View) -> None:
        self._about = view.state not in _ABOUT_NOBODY
        hidden = _private(view.body, view.language, hidden=False)
        self._words = frozenset(word for word in hidden if word)
        body = view.body
        self._free = tuple(word for word in _said_to_all(body) if word)

    def covers(self, text: str) -> bool:
        if any(word == text or (len(word) > 1 and word in text) for word in self._words):
            return True
        for one in self._free:
            text = re.sub(rf"(?<![\d.]){re.escape(one)}", "", text)
        return self._about and bool(_MONEY_OR_NUMBER.search(text))


def _said_to_all(body: object) -> Iterator[str]:
    """Numbers that are no citizen's: a telephone, the limits that an error names."""
    if isinstance(body, HotlineBody | OutOfServiceBody):
        yield body.hotline
    elif isinstance(body, QuestionBody):
        for _, said in body.figures:
            yield from (one for one in (said.zh, said.en) if _MONEY_OR_NUMBER.search(one))


def _private(value: object, language: Language, *, hidden: bool) -> Iterator[str]:
    """Texts in fields that `repr` leaves out; a Text in each language, and as it is shown."""
    if isinstance(value, str) and hidden:
        yield str(value)
    elif isinstance(value, Text):
        yield from (value.zh, value.en, shown(value, language)) if hidden else ()
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _private(one, language, hidden=hidden)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _private(getattr(value, one.name), language, hidden=not one.repr)
