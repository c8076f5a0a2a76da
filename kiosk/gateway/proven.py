"""Questions that only the fleet can open, and answers that only it can have given."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk import wire
from kiosk.gateway.line import Line, log


class ProvenLine:
    """`case_key`: the fleet's public key, when it is here. `clock`: epoch seconds.

    `open`: the line beneath, for what anybody may ask. What is asked here travels inside a
    `wire.IdentityRequest`, made anew and sealed for one purpose.
    """

    def __init__(
        self,
        url: str,
        token_file: Path,
        case_key: Callable[[], bytes | None],
        clock: Callable[[], float] = time.time,
        ca: Path | None = None,
    ) -> None:
        self.open = Line(url, token_file, ca)
        self._case_key = case_key
        self._clock = clock

    async def ask(
        self, path: str, purpose: str, inside: msgspec.Struct, seconds: float, number: str = ""
    ) -> bytes:
        """The body of a proven answer, whatever its status; or nothing."""
        said = msgspec.json.encode(inside).decode()
        return await self.say(path, purpose, said, seconds, number)

    async def say(self, path: str, purpose: str, said: str, seconds: float, number: str) -> bytes:
        """The same, where what is said is no JSON."""
        request = wire.IdentityRequest(secrets.token_hex(32), self._clock(), number, said)
        try:
            sealed = wire.seal_identity(self._case_key() or b"", purpose, request)
        except ValueError:
            log.warning("gateway.no_case_key")
            return b""
        answer = await self.open.ask(path, seconds, sealed)
        if answer is None:
            return b""
        if not hmac.compare_digest(answer.mac, wire.mac(request.nonce, answer.body).encode()):
            log.warning("gateway.refused", status=answer.status)
            return b""
        return answer.body

    async def end(self) -> None:
        await self.open.close()
