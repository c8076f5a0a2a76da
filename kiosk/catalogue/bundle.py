"""A bundle's file: a SQLite file, then its signed statement, the statement's length, a mark.

SQLite reads such a file as it is, for it takes the size of the database from its head; but nothing
opens it as SQLite here before the signature and the hash of every byte were found right.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.catalogue.statement import FORMAT, LONGEST, Refusal, Statement, opened, sign

SUFFIX = ".kcb"
APPLICATION = 0x4B434231  # SQLite's application_id: "KCB1"
_END = struct.Struct(">I8s")
_MARK = b"KioskCB1"
_SQLITE = b"SQLite format 3\0"
_HEAD = 72  # bytes of SQLite's head up to the application_id
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Bundle:
    """A file that was found good."""

    path: Path
    statement: Statement


def check(path: Path, keys: Mapping[bytes, Ed25519PublicKey], tenant: str) -> Bundle | Refusal:
    """Is it whole, signed by somebody we trust, and ours? Reads every byte; never raises."""
    try:
        with path.open("rb") as file:
            statement = _statement(file, keys, tenant)
            if isinstance(statement, Refusal):
                return statement
            file.seek(0)
            if digest(file, statement.size) != statement.sha256:
                return Refusal.CHANGED
    except OSError:
        return Refusal.UNREADABLE
    return Bundle(path, statement)


def peek(path: Path, keys: Mapping[bytes, Ed25519PublicKey], tenant: str) -> Statement | Refusal:
    """The signed statement alone, at once: what it says of the other bytes is not checked."""
    try:
        with path.open("rb") as file:
            return _statement(file, keys, tenant)
    except OSError:
        return Refusal.UNREADABLE


def digest(file: BinaryIO, size: int) -> str:
    """SHA-256 (hex) of the next `size` bytes, or of what there is of them."""
    sums = hashlib.sha256()
    while size > 0 and (chunk := file.read(min(_CHUNK, size))):
        sums.update(chunk)
        size -= len(chunk)
    return sums.hexdigest()


def append(path: Path, statement: Statement, key: Ed25519PrivateKey) -> None:
    """Make a bundle of a SQLite file."""
    message = sign(statement, key)
    with path.open("ab") as file:
        file.write(message + _END.pack(len(message), _MARK))


def _statement(
    file: BinaryIO, keys: Mapping[bytes, Ed25519PublicKey], tenant: str
) -> Statement | Refusal:
    whole = os.fstat(file.fileno()).st_size
    head = file.read(_HEAD)
    broken = Refusal.CUT_SHORT if _is_ours(head) else Refusal.NOT_A_BUNDLE
    if whole < _HEAD + _END.size:
        return broken
    file.seek(whole - _END.size)
    length, mark = _END.unpack(file.read(_END.size))
    size = whole - _END.size - length
    if mark != _MARK or length > LONGEST or size < _HEAD:
        return broken
    file.seek(size)
    if not keys:
        return Refusal.NO_TRUST
    statement = opened(file.read(length), keys)
    if isinstance(statement, Refusal):
        return statement
    return _acceptable(statement, size, tenant)


def _acceptable(statement: Statement, size: int, tenant: str) -> Statement | Refusal:
    if statement.format != FORMAT:
        return Refusal.OTHER_FORMAT
    if statement.tenant != tenant:
        return Refusal.OTHER_TENANT
    return statement if statement.size == size else Refusal.CHANGED


def _is_ours(head: bytes) -> bool:
    return head.startswith(_SQLITE) and head[68:72] == APPLICATION.to_bytes(4, "big")
