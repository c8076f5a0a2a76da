"""One bounded HTTP exchange with a platform: in time, in size, and whole or not at all."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, field

import httpx

from fleet.platform.contract import PlatformError

MOST_BYTES = 8 * 2**20
CONNECT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Said:
    status: int
    body: bytes = field(repr=False)


class Line:
    """Thread-safe. A loop of its own, because only so a whole exchange can be given a deadline:
    a platform that sends one byte each second never trips a timeout between two bytes."""

    def __init__(self, name: str, url: str, seconds: float) -> None:
        self._name = name
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name=f"line-{name}", daemon=True
        )
        self._client = httpx.AsyncClient(
            base_url=url,
            timeout=httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
            trust_env=False,
            headers={"Accept-Encoding": "identity"},
        )
        self._thread.start()

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        until: float,
    ) -> Said:
        """`until`: monotonic; no exchange takes longer. Raises `PlatformError`, which names
        neither address nor content."""
        exchange = self._exchange(method, path, body, headers or {}, until)
        try:
            return asyncio.run_coroutine_threadsafe(exchange, self._loop).result()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, CancelledError) as error:
            raise PlatformError(f"{self._name}: {type(error).__name__}") from None

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._client.aclose(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        if not self._thread.is_alive():
            self._loop.close()

    async def _exchange(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], until: float
    ) -> Said:
        async with asyncio.timeout(max(0.0, until - time.monotonic())):
            request = self._client.build_request(method, path, content=body, headers=headers)
            answer = await self._client.send(request, stream=True)
            try:
                return Said(answer.status_code, await self._whole(answer))
            finally:
                await answer.aclose()

    async def _whole(self, answer: httpx.Response) -> bytes:
        content = bytearray()
        async for piece in answer.aiter_raw():
            content += piece
            if len(content) > MOST_BYTES:
                raise httpx.DecodingError("too long")
        return bytes(content)
