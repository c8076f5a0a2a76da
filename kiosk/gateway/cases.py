"""How is my case, and where is its certificate?"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import httpx
import msgspec

from kiosk.gateway.line import Answer, Line, decoded, log
from kiosk.ports import CaseProgress, CaseState

CASES = "/api/v1/gateway/cases"


class _Body(msgspec.Struct, frozen=True):
    case_no: str
    state: CaseState
    due_date: str | None = None
    certificate_no: str | None = None
    reason: str | None = None
    result: list[tuple[str, str, str]] | None = None


class HttpGateway:
    """Implements `kiosk.ports.Gateway`."""

    def __init__(self, url: str, token_file: Path, ca: Path | None = None) -> None:
        self._line = Line(url, token_file, ca)

    async def progress(self, case_no: str, seconds: float) -> CaseProgress | None:
        answer = await self._get(f"{CASES}/{quote(case_no, safe='')}", seconds)
        if answer is None:
            return None
        if answer.status == httpx.codes.NOT_FOUND:
            return CaseProgress(case_no, CaseState.UNKNOWN)
        return progress_of(case_no, answer.body)

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
        await self._line.close()

    async def _get(self, path: str, seconds: float) -> Answer | None:
        """200 or 404; otherwise None."""
        answer = await self._line.ask(path, seconds)
        if answer is not None and answer.status not in (httpx.codes.OK, httpx.codes.NOT_FOUND):
            log.warning("gateway.refused", status=answer.status)
            return None
        return answer


def progress_of(case_no: str, body: bytes) -> CaseProgress | None:
    """What an answer's body says of that case; None when it says nothing of it."""
    told = decoded(body, _Body)
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
