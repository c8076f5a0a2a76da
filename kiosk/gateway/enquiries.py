"""What becomes of cases: by number for anybody, by card for whoever's they are; and results."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import replace

import httpx
import msgspec

from kiosk import wire
from kiosk.gateway.cases import CASES
from kiosk.gateway.line import decoded, log
from kiosk.gateway.proven import ProvenLine
from kiosk.model import CaseStory, CollectedPaper, EnquiryFault, HandedIn, TooOften

SEARCH = "/api/v1/gateway/progress/search"
BUNDLES = "/api/v1/gateway/bundles"
SUPPLEMENTS = "/api/v1/gateway/supplements"
PDF = b"%PDF-"


class _Found(msgspec.Struct, frozen=True):
    cases: list[CaseStory]


class _HandedIn(msgspec.Struct, frozen=True):
    outcome: HandedIn


class _Nothing(msgspec.Struct, frozen=True):
    pass


class _Collected(msgspec.Struct, frozen=True):
    fault: EnquiryFault | None
    certificate_no: str = ""
    copy_no: int = 0
    pdf: str = ""


class HttpEnquiries:
    """Implements `kiosk.ports.Enquiries`."""

    def __init__(self, line: ProvenLine) -> None:
        self._line = line

    async def story(self, case_no: str, seconds: float) -> CaseStory | EnquiryFault | TooOften:
        if isinstance(wire.read_case_number(case_no), wire.NumberFault):
            return EnquiryFault.UNKNOWN
        body = await self._told(f"{CASES}/{case_no}/progress", seconds)
        if not isinstance(body, bytes):
            return body
        story = story_of(case_no, body)
        if story is None:
            log.warning("gateway.malformed", what="story")
        return story or EnquiryFault.UNREACHABLE

    async def bundle(
        self, bundle: str, seconds: float
    ) -> Sequence[CaseStory] | EnquiryFault | TooOften:
        if isinstance(wire.read_bundle_number(bundle), wire.NumberFault):
            return EnquiryFault.UNKNOWN
        body = await self._told(f"{BUNDLES}/{bundle}/progress", seconds)
        if not isinstance(body, bytes):
            return body
        told = decoded(body, _Found)
        if told is None:
            log.warning("gateway.malformed", what="bundle")
            return EnquiryFault.UNREACHABLE
        return [replace(story, words=(), own=False) for story in told.cases]

    async def _told(self, path: str, seconds: float) -> bytes | EnquiryFault | TooOften:
        """What anybody may ask by a number."""
        answer = await self._line.open.ask(path, seconds)
        if answer is None:
            return EnquiryFault.UNREACHABLE
        if answer.status == httpx.codes.TOO_MANY_REQUESTS:
            return TooOften(answer.wait)
        if answer.status == httpx.codes.OK:
            return answer.body
        unknown = answer.status == httpx.codes.NOT_FOUND
        return EnquiryFault.UNKNOWN if unknown else EnquiryFault.UNREACHABLE

    async def handed_in(self, record: str, seconds: float) -> HandedIn | None:
        answer = await self._line.open.ask(f"{SUPPLEMENTS}/{record}", seconds)
        found = answer is not None and answer.status == httpx.codes.OK
        told = decoded(answer.body, _HandedIn) if answer is not None and found else None
        return told.outcome if told else None

    async def stories(self, number: str, seconds: float) -> Sequence[CaseStory] | EnquiryFault:
        body = await self._line.ask(SEARCH, "progress", _Nothing(), seconds, number)
        told = decoded(body, _Found)
        return EnquiryFault.UNREACHABLE if told is None else told.cases

    async def collect(
        self, case_no: str, number: str, job: str, seconds: float
    ) -> CollectedPaper | EnquiryFault:
        path, purpose = f"{CASES}/{case_no}/collection", f"collect/{case_no}"
        body = await self._line.say(path, purpose, job, seconds, number)
        told = decoded(body, _Collected)
        if told is None:
            return EnquiryFault.UNREACHABLE
        if told.fault is not None:
            return told.fault
        pdf = _pdf(told.pdf)
        if pdf is None or told.copy_no < 0:
            log.warning("gateway.malformed", what="collection")
            return EnquiryFault.UNREACHABLE
        return CollectedPaper(told.certificate_no, told.copy_no, pdf)

    async def end(self) -> None:
        await self._line.end()


def story_of(case_no: str, body: bytes) -> CaseStory | None:
    """What an answer's body says of that case to anybody; None when it says nothing of it."""
    told = decoded(body, CaseStory)
    if told is None or told.case_no != case_no:
        return None
    return replace(told, words=(), own=False)


def _pdf(text: str) -> bytes | None:
    try:
        pdf = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None
    return pdf if pdf.startswith(PDF) else None
