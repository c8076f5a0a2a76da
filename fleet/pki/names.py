"""Whom a certificate names. The common name is the MQTT user: access lists speak of it."""

from __future__ import annotations

import re
from enum import StrEnum

from fleet.errors import PkiError

_TERMINAL = re.compile(r"[A-Za-z0-9-]{1,32}")
MOST_WORKERS = 16
_RESERVED = {"fleet"}  # kiosk/v1/{tenant}/fleet is the fleet's own branch


class Role(StrEnum):
    """No terminal's id holds a dot: none can be taken for one of the others."""

    TERMINAL = "terminal"
    FLEET = "fleet"  # the fleet manager: reads all, answers
    INGEST = "ingest"  # a worker beside it: reads what is to be kept, acknowledges it
    OPERATOR = "operator"  # sends commands, reads nothing
    OBSERVER = "observer"  # reads all, says nothing
    SERVER = "server"


def common_name(role: Role, tenant: str, terminal: str = "") -> str:
    """Raises `PkiError` for an id that no terminal can have. A worker has a number instead."""
    if role is Role.INGEST:
        return f"{role}{terminal}.{tenant}"
    if role is not Role.TERMINAL:
        return f"{role}.{tenant}"
    if not _TERMINAL.fullmatch(terminal) or terminal.lower() in _RESERVED:
        raise PkiError(f"{terminal!r} can't be a terminal's id: letters, digits and hyphens, <= 32")
    return terminal
