"""Hashes under the fleet's own key: the database alone tells neither a number nor a code.

A plain hash would not do: all numbers, and all codes, can be tried in minutes.
"""

from __future__ import annotations

import hashlib
import hmac


class Marks:
    """Each 64 hex digits."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def person(self, number: str) -> str:
        return self._mark("person", number)

    def code(self, challenge: str, code: str) -> str:
        return self._mark("code", challenge, code)

    def nonce(self, nonce: str) -> str:
        return self._mark("nonce", nonce)

    def _mark(self, *parts: str) -> str:
        message = "\n".join(parts).encode("utf-8", "replace")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()
