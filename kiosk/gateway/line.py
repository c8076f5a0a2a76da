"""HTTP to the fleet: one question, one answer, in bounded time."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec
import structlog

from kiosk import wire
from kiosk.gateway import trust

MAX_BODY = 16 * 1024 * 1024  # bytes; a certificate has some hundred KiB
STALLED = 20.0  # seconds
WAIT = 60  # seconds, where the fleet does not say how long
OTHERS = 0o077  # what group and others may do with the token's file
T = TypeVar("T")

log = structlog.get_logger("kiosk.gateway")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    mac: bytes = b""
    wait: int = WAIT  # seconds, if it was refused because it was asked too often


class Line:
    """HTTP to the fleet, with the terminal's token.

    `token_file` is read at each call: the fleet may write it after the terminal has started, and
    may replace it. One that others can read or write is not used, and nothing is sent.

    `ca`: whom to trust where `url` is https; read when it is there, and again when it changes.
    """

    def __init__(self, url: str, token_file: Path, ca: Path | None = None) -> None:
        self._token_file = token_file
        self._exposed = False
        self._url = url
        self._ca = ca if url.startswith("https:") else None
        self._trusted: object = None  # which state of the file the client trusts
        # No proxy from the environment: a case's address goes to the fleet alone.
        self._client: httpx.AsyncClient | None = None
        if self._ca is None:
            self._client = httpx.AsyncClient(base_url=url, trust_env=False)

    async def ask(self, path: str, seconds: float, sealed: str = "") -> Answer | None:
        """Any status with the whole body, within `seconds` altogether. `sealed`: POST it."""
        if sealed:
            return await self._send("POST", path, seconds, json={"sealed": sealed})
        return await self._send("GET", path, seconds)

    async def put(self, path: str, seconds: float, content: bytes) -> Answer | None:
        """As `ask`, of bytes that may be on their way for long: `STALLED` seconds without any end
        it."""
        return await self._send("PUT", path, seconds, content=content, timeout=STALLED)

    async def _send(self, method: str, path: str, seconds: float, **said: Any) -> Answer | None:
        headers, client = self._headers(), await self._ready()
        if headers is None or client is None:
            return None
        try:
            async with (
                asyncio.timeout(seconds),
                client.stream(method, path, headers=headers, **said) as response,
            ):
                answer = await _read(response)
        except (httpx.HTTPError, TimeoutError) as error:
            log.info("gateway.unreachable", error=type(error).__name__)
            return None
        if answer is None:
            log.warning("gateway.refused", status=response.status_code)
            return None
        mac = response.headers.get(wire.ANSWER_MAC, "").encode()
        after = response.headers.get("Retry-After", "")
        wait = int(after) if after.isascii() and after.isdigit() and len(after) < 7 else WAIT
        return Answer(response.status_code, answer, mac, wait)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def _ready(self) -> httpx.AsyncClient | None:
        """None: whom to trust is not here (yet), and nobody is asked."""
        if self._ca is None:
            return self._client
        try:
            stat = self._ca.stat()
            state = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
            if state != self._trusted:
                context = trust.context(self._ca)
                if self._client is not None:
                    await self._client.aclose()
                self._client = httpx.AsyncClient(
                    base_url=self._url, trust_env=False, verify=context
                )
                self._trusted = state
        except OSError as error:
            log.info("gateway.no_trust", error=type(error).__name__)
            return None
        return self._client

    def _headers(self) -> dict[str, str] | None:
        """None: the token may not be used."""
        try:
            with self._token_file.open("rb") as file:
                exposed = bool(os.fstat(file.fileno()).st_mode & OTHERS)
                token = file.read().decode("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return {}
        if exposed and not self._exposed:
            log.error("gateway.token_exposed", remedy="chmod 600")
        self._exposed = exposed
        if exposed:
            return None
        return {"Authorization": f"Bearer {token}"} if token else {}


async def _read(response: httpx.Response) -> bytes | None:
    """The body, or None when it is longer than anything that the fleet sends."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)


def decoded(body: bytes, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
