"""Client of the fleet's gateway API: how is my case, and where is its certificate?

Whatever goes wrong on the way is None, as the port says; the log holds status codes and never an
address, a case or a body.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import msgspec
import structlog

from kiosk.ports import CaseProgress, CaseState

MAX_BODY = 16 * 1024 * 1024  # bytes; a certificate has some hundred KiB
CASES = "/api/v1/gateway/cases"

log = structlog.get_logger(__name__)


class _Body(msgspec.Struct, frozen=True):
    case_no: str
    state: CaseState
    due_date: str | None = None
    certificate_no: str | None = None
    reason: str | None = None
    result: list[tuple[str, str, str]] | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes


class HttpGateway:
    """Implements `kiosk.ports.Gateway`. `token_file` is read at each call: the fleet may write it
    after the terminal has started, and may replace it."""

    def __init__(self, url: str, token_file: Path) -> None:
        self._token_file = token_file
        # No proxy from the environment: a case's address goes to the fleet alone.
        self._client = httpx.AsyncClient(base_url=url, trust_env=False)

    async def progress(self, case_no: str, seconds: float) -> CaseProgress | None:
        answer = await self._get(f"{CASES}/{quote(case_no, safe='')}", seconds)
        if answer is None:
            return None
        if answer.status == httpx.codes.NOT_FOUND:
            return CaseProgress(case_no, CaseState.UNKNOWN)
        return _progress(case_no, answer.body)

    async def certificate(self, case_no: str, seconds: float) -> bytes | None:
        answer = await self._get(f"{CASES}/{quote(case_no, safe='')}/certificate", seconds)
        if answer is None or answer.status == httpx.codes.NOT_FOUND:
            return None
        if not answer.body.startswith(b"%PDF-"):
            log.warning("gateway.malformed", what="certificate")
            return None
        return answer.body

    async def reachable(self, seconds: float) -> bool:
        answer = await self._get("/healthz", seconds)
        return answer is not None and answer.status == httpx.codes.OK

    async def close(self) -> None:
        await self._client.aclose()

    async def _get(self, path: str, seconds: float) -> _Answer | None:
        """200 or 404 with the whole body, within `seconds` altogether; otherwise None."""
        try:
            async with (
                asyncio.timeout(seconds),
                self._client.stream("GET", path, headers=self._headers()) as response,
            ):
                body = await _read(response)
        except (httpx.HTTPError, TimeoutError) as error:
            log.info("gateway.unreachable", error=type(error).__name__)
            return None
        if response.status_code not in (httpx.codes.OK, httpx.codes.NOT_FOUND) or body is None:
            log.warning("gateway.refused", status=response.status_code)
            return None
        return _Answer(response.status_code, body)

    def _headers(self) -> dict[str, str]:
        try:
            token = self._token_file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return {}
        return {"Authorization": f"Bearer {token}"} if token else {}


async def _read(response: httpx.Response) -> bytes | None:
    """The body, or None when it is longer than anything that the fleet sends."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)


def _progress(case_no: str, body: bytes) -> CaseProgress | None:
    try:
        told = msgspec.json.decode(body, type=_Body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        told = None
    if told is None or told.case_no != case_no or told.state is CaseState.UNKNOWN:
        log.warning("gateway.malformed", what="progress")
        return None
    return CaseProgress(
        case_no=case_no,
        state=told.state,
        due_date=told.due_date or "",
        certificate_no=told.certificate_no or "",
        reason=told.reason or "",
        result=tuple(told.result or ()),
    )
