"""Is a field's pattern a regular expression, and one that is always checked quickly?

Python's `re` can need years for a pattern in which one repetition stands inside another, since it
tries every way to share the text out: `(a+)+`. Forty characters are enough for that, so a pattern
is refused that repeats, eight times or more, what is itself of several lengths or may begin in
several ways. Simple ones that happen to be harmless are refused with them; all can be rewritten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MANY = 8  # repetitions; fewer cannot explode
_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?(?:P?<?[=!]|P<\w+>|P=\w+|[aiLmsux-]*:))?|\)"
    r"|\||(?:[*+?]|\{[0-9]*,?[0-9]*\})[?+]?|.",
    re.DOTALL,
)
_QUANTIFIER = re.compile(r"(?:([*+?])|\{([0-9]*)(,?)([0-9]*)\})[?+]?")
_EASY = re.compile(r"[^\\.\[(]")  # a character that stands for itself alone


@dataclass(slots=True)
class _Group:
    """`heads`: how each of its alternatives begins. `varies`: can it be of several lengths?"""

    heads: list[str] = field(default_factory=lambda: [""])
    varies: bool = False

    def add(self, piece: str) -> None:
        if not self.heads[-1]:
            self.heads[-1] = piece

    @property
    def ambiguous(self) -> bool:
        if self.varies:
            return True
        plain = all(_EASY.fullmatch(head) for head in self.heads)
        return len(self.heads) > 1 and not (plain and len(set(self.heads)) == len(self.heads))


def pattern_fault(pattern: str) -> str:
    """What is wrong with it, or ''."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"is not a regular expression: {error}"
    if re.search(r"\\[1-9]|\(\?P=|\(\?\(", pattern):
        return "refers back to a part of itself, which cannot be checked quickly"
    return _repeats(_TOKEN.findall(pattern))


def _repeats(pieces: list[str]) -> str:
    stack: list[_Group] = [_Group()]
    closed: _Group | None = None  # the group that ended just before
    for piece in pieces:
        most, last, closed = _most(piece), closed, None
        if most is not None and most >= _MANY and last is not None and last.ambiguous:
            return f"repeats ('{piece}') what is itself repeated or has alternatives"
        if last is not None:
            stack[-1].varies |= last.ambiguous
        if most is not None:
            stack[-1].varies |= _varies(piece)
        elif piece.startswith("("):
            stack[-1].add("(")
            stack.append(_Group())
        elif piece == ")" and len(stack) > 1:
            closed = stack.pop()
        elif piece == "|":
            stack[-1].heads.append("")
        else:
            stack[-1].add(piece)
    return ""


def _most(piece: str) -> int | None:
    """How often a quantifier repeats at most; None: it is none."""
    match = _QUANTIFIER.fullmatch(piece)
    if match is None or (match[1] is None and not (match[2] or match[4])):
        return None
    if match[1]:
        return 1 if match[1] == "?" else 1 << 30
    if match[4]:
        return int(match[4])
    return 1 << 30 if match[3] else int(match[2])


def _varies(piece: str) -> bool:
    match = _QUANTIFIER.fullmatch(piece)
    assert match
    if match[1]:
        return match[1] != "?"
    return bool(match[3]) and match[2] != match[4]
