"""Decoders that break each promise, on what the fuzzer soon finds: it must tell."""

from __future__ import annotations

import time

_kept: list[bytes] = []


def raises(data: bytes) -> None:
    if len(data) == 3:
        raise ValueError


def hangs(data: bytes) -> None:
    time.sleep(60 if len(data) == 3 else 0)


def grows(data: bytes) -> None:
    if len(data) < 10:
        _kept.append(b"\1" * (1 << 24))


SEEDS = {name: lambda: [b"seed"] for name in ("raises", "hangs", "grows")}
