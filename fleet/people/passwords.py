"""Passwords: which are good enough, and how they are kept (argon2id)."""

from __future__ import annotations

import re
import secrets
import threading
from enum import StrEnum
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 12
MOST = 128  # longer ones would only cost time
TOGETHER = 2  # each takes 64 MiB while it is computed
FIRST_LENGTH = 20
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
_LEET = str.maketrans("013457@$!", "oleastasi")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890", "1qaz2wsx3edc")
_RUN = 4  # so many neighbours in a row count as one letter
_DIFFERENT = 5  # that a password must have at least


class PasswordFault(StrEnum):
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    LIKE_NAME = "like_name"
    SAME = "same"  # as the one before


def weakness(password: str, name: str) -> PasswordFault | None:
    """Length over mixtures of letters and signs, as NIST SP 800-63B advises."""
    if len(password) < LEAST:
        return PasswordFault.TOO_SHORT
    if len(password) > MOST:
        return PasswordFault.TOO_LONG
    bare = _bare(password)
    own = _bare(name)
    if own and own in bare and bare.replace(own, "") in ("", *common()):
        return PasswordFault.LIKE_NAME
    return PasswordFault.COMMON if _is_common(password, bare) else None


def _is_common(password: str, bare: str) -> bool:
    """Known words in a row, neighbours of a keyboard, or a few letters again and again."""
    left = password.lower()
    if len(set(left)) < _DIFFERENT:
        return True
    for row in _ROWS:
        for line in (row, row[::-1]):
            left = _without_runs(left, line)
    if len(set(left)) < _DIFFERENT:
        return True
    return _of_words(bare)


def _of_words(bare: str) -> bool:
    """Is it nothing but common words? By length, for a pattern could take years to say no."""
    reached = [True] + [False] * len(bare)
    for at, begun in enumerate(reached):
        for word in common() if begun else ():
            if bare.startswith(word, at):
                reached[at + len(word)] = True
    return reached[-1]


def _without_runs(text: str, line: str) -> str:
    for length in range(len(line), _RUN - 1, -1):
        for at in range(len(line) - length + 1):
            text = text.replace(line[at : at + length], line[at])
    return text


def _bare(text: str) -> str:
    """Only its letters, with signs and digits that stand for letters read as these."""
    trimmed = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text.lower())
    return re.sub(r"[\W\d_]+", "", trimmed.translate(_LEET))


@cache
def common() -> tuple[str, ...]:
    """Words of which the passwords are made that leak most often; longer ones first."""
    text = (Path(__file__).parent / "common.txt").read_text(encoding="utf-8")
    words = {line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def fresh(length: int = FIRST_LENGTH) -> str:
    """A random one that can be read aloud and typed: groups of five."""
    letters = [secrets.choice(_LETTERS) for _ in range(length)]
    return "-".join("".join(letters[at : at + 5]) for at in range(0, length, 5))


class Passwords:
    """`hasher`: with other parameters than the default in tests, where argon2 need not be slow."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = threading.BoundedSemaphore(TOGETHER)
        self._nobodys = self._hasher.hash(secrets.token_hex(16))

    def keep(self, password: str) -> str:
        with self._turn:
            return self._hasher.hash(password)

    def holds(self, kept: str, password: str) -> bool:
        """As slow for '' (nobody has it) as for any other."""
        with self._turn:
            try:
                held = self._hasher.verify(kept or self._nobodys, password[: MOST + 1])
            except (VerificationError, InvalidHashError):
                return False
        return held and bool(kept)

    def outdated(self, kept: str) -> bool:
        """Was it made with other parameters than today's?"""
        return self._hasher.check_needs_rehash(kept)
