"""The sample identity service: a file of invented people, their phones and hashes of their PINs."""

from __future__ import annotations

import hashlib
import hmac
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fleet.platform.contract import Person, PlatformError

PEOPLE = Path(__file__).with_name("people.toml")
_COST = {"n": 2**14, "r": 8, "p": 5, "maxmem": 64 * 2**20, "dklen": 32}


class SamplePersons:
    """Implements `contract.Persons`. Raises `PlatformError` when the file is damaged."""

    def __init__(self, file: Path = PEOPLE) -> None:
        try:
            listed = tomllib.loads(file.read_text("utf-8"))["people"]
            self._people: Mapping[str, Mapping[str, str]] = {one["number"]: one for one in listed}
            for one in listed:
                _salt_and_hash(one.get("pin", ""))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise PlatformError(f"{file}: damaged ({type(error).__name__})") from None

    def find(self, number: str) -> Person | None:
        known = self._people.get(number)
        return Person(known.get("phone", ""), bool(known.get("pin"))) if known else None

    def pin_holds(self, number: str, pin: str) -> bool:
        salt, kept = _salt_and_hash(self._people.get(number, {}).get("pin", ""))
        return bool(kept) and hmac.compare_digest(kept, _scrypt(pin, salt))


def hashed(pin: str, salt: bytes) -> str:
    """As it stands in the file: salt and scrypt hash, in hex."""
    return f"{salt.hex()}:{_scrypt(pin, salt).hex()}"


def _scrypt(pin: str, salt: bytes) -> bytes:
    cost: dict[str, Any] = _COST
    return hashlib.scrypt(pin.encode("utf-8", "replace"), salt=salt, **cost)


def _salt_and_hash(kept: str) -> tuple[bytes, bytes]:
    salt, _, digest = kept.partition(":")
    return bytes.fromhex(salt), bytes.fromhex(digest)
