"""Scanned pages to the fleet: each is forgotten only when the fleet has shown that it holds it."""

from __future__ import annotations

import hmac
from enum import StrEnum
from pathlib import Path

import msgspec

from kiosk import wire
from kiosk.gateway.line import Line, decoded, log

TAKEN = (200, 201)
SECONDS = 900.0  # for one page, over the slowest line that still moves


class Sent(StrEnum):
    """What became of a page. All but `TAKEN` and `UNREACHABLE` are the fleet's own words."""

    TAKEN = "taken"
    UNREACHABLE = "unreachable"  # or an answer that is not proven to be the fleet's
    BAD_SEAL = "bad_seal"
    WRONG_DIGEST = "wrong_digest"
    TOO_LARGE = "too_large"
    NO_PICTURE = "no_picture"
    NO_ROOM = "no_room"


class _Fault(msgspec.Struct, frozen=True):
    fault: wire.PageFault


class HttpPages:
    def __init__(self, url: str, token_file: Path, ca: Path | None = None) -> None:
        self._line = Line(url, token_file, ca)

    async def put(self, page: wire.SealedPage, seconds: float = SECONDS) -> Sent:
        """Can be repeated as often as need be: the fleet takes each page once."""
        answer = await self._line.put(f"{wire.PAGES}/{page.digest}", seconds, page.sealed)
        if answer is None:
            return Sent.UNREACHABLE
        if answer.status in TAKEN:
            proof = wire.mac(page.proof, answer.body).encode()
            if hmac.compare_digest(answer.mac, proof):
                return Sent.TAKEN
            log.warning("gateway.unproven", what="page")
            return Sent.UNREACHABLE
        told = decoded(answer.body, _Fault)
        log.warning("gateway.refused", status=answer.status)
        return Sent(told.fault) if told else Sent.UNREACHABLE

    async def close(self) -> None:
        await self._line.close()
