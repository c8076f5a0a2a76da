"""The status bytes of the simulated printer; bits as in Epson's reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FIXED = 0x12  # bits 1 and 4 of every real-time reply
_ERRORS = {"recoverable": 0x04, "unrecoverable": 0x20, "auto_recovering": 0x40}


def offline(state: Mapping[str, Any]) -> bool:
    trouble = state["error"] in _ERRORS or state["cutter"] == "error"
    return bool(trouble or state["paper"] == "out" or _open(state) or state["feed_button"])


def real_time_reply(n: int, state: Mapping[str, Any]) -> bytes:
    """The answer to DLE EOT `n`."""
    out, low = state["paper"] == "out", state["paper"] == "low"
    errors, fed = _errors(state), bool(state["feed_button"])
    bits = {
        1: offline(state) * 0x08 | fed * 0x40,
        2: _open(state) * 0x04 | fed * 0x08 | out * 0x20 | bool(errors) * 0x40,
        3: errors,
        4: (low or out) * 0x0C | out * 0x60,
    }
    return bytes([_FIXED | bits[n]])


def automatic_status(state: Mapping[str, Any]) -> bytes:
    """The four bytes of GS a."""
    out, low = state["paper"] == "out", state["paper"] == "low"
    fed = bool(state["feed_button"])
    first = 0x10 | offline(state) * 0x08 | _open(state) * 0x20 | fed * 0x40
    return bytes([first, _errors(state), (low or out) * 0x03 | out * 0x0C, 0x00])


def _open(state: Mapping[str, Any]) -> bool:
    return bool(state["cover"] == "open")


def _errors(state: Mapping[str, Any]) -> int:
    return _ERRORS.get(str(state["error"]), 0) | bool(state["cutter"] == "error") * 0x08
