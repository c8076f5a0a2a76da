"""One errand to the printer: IPP requests over HTTP, each bounded in time and size.

Each request has its own connection: a kept one that the printer closes at the wrong moment would
leave nobody sure whether a job arrived.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from pyipp import IPP, IPPConnectionError, IPPConnectionUpgradeRequired, IPPError, IPPResponseError
from pyipp.enums import IppOperation, IppStatus, IppTag

from drivers.document.faults import DocumentFault, fault_of
from drivers.document.messages import Message, Tagged, decode, encode
from drivers.worker import Worker
from kiosk.model import Fault

MAX_ANSWER = 1 << 20  # bytes; a printer's longest honest answer has some ten thousand
_IPP = "application/ipp"
_NEVER = 1 << 20  # seconds; the time is kept here
_DENIED = (401, 403, 407)
_NOT_HERE = range(400, 500)
_STATUS_FAULTS = {
    IppStatus.ERROR_FORBIDDEN: DocumentFault.ACCESS_DENIED,
    IppStatus.ERROR_NOT_AUTHENTICATED: DocumentFault.ACCESS_DENIED,
    IppStatus.ERROR_NOT_AUTHORIZED: DocumentFault.ACCESS_DENIED,
    IppStatus.ERROR_NOT_FOUND: DocumentFault.WRONG_ADDRESS,
    IppStatus.ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED: DocumentFault.FORMAT_NOT_SUPPORTED,
    IppStatus.ERROR_NOT_ACCEPTING_JOBS: DocumentFault.NOT_ACCEPTING,
    IppStatus.ERROR_BUSY: DocumentFault.BUSY,
    IppStatus.ERROR_TEMPORARY: DocumentFault.BUSY,
    IppStatus.ERROR_TOO_MANY_JOBS: DocumentFault.BUSY,
}


class NoAnswerError(Exception):
    """No answer that can be understood. `untouched`: for certain, nothing arrived."""

    def __init__(self, fault: Fault, *, untouched: bool = False) -> None:
        super().__init__(fault.code)
        self.fault = fault
        self.untouched = untouched


class RefusedError(Exception):
    """The printer understood, and did not do it."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:#06x}")
        code = _STATUS_FAULTS.get(IppStatus(status)) if status in list(IppStatus) else None
        self.status = status
        self.fault = fault_of(code or DocumentFault.REFUSED, f"{status:#06x}")


@dataclass(frozen=True, slots=True)
class Request:
    """`target`: a job's number, 0 for the printer itself."""

    operation: IppOperation
    attributes: Tagged
    target: int = 0
    job: Tagged | None = None
    data: bytes = b""


class Link:
    """Use as `async with`; opens nothing before the first request, and leaves nothing open."""

    def __init__(
        self, uri: str, user: str, *, resolver: Resolver, verify_tls: bool, connect_seconds: float
    ) -> None:
        self._user = user
        self._uri = uri
        self._resolver = resolver
        self._verify_tls = verify_tls
        self._connect_seconds = connect_seconds
        self._serial = count(1)
        self._client: _Client | None = None

    async def __aenter__(self) -> Self:
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=self._resolver, force_close=True),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._connect_seconds),
            skip_auto_headers=("Accept-Encoding",),
            auto_decompress=False,
            response_class=_Answer,
        )
        self._client = _Client(
            self._uri, session=session, request_timeout=_NEVER, verify_ssl=self._verify_tls
        )
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._client and self._client.session:
            await self._client.session.close()

    async def ask(self, request: Request, seconds: float) -> Message:
        """Raises `NoAnswerError` or `RefusedError`, and nothing else."""
        number = next(self._serial)
        raw = await self._exchange(self._encoded(request, number), seconds)
        answer = decode(raw)
        if answer is None or answer.request_id != number:
            raise NoAnswerError(fault_of(DocumentFault.NO_ANSWER, "not IPP"))
        if answer.code >= IppStatus.REDIRECTION_OTHER_SITE:
            raise RefusedError(answer.code)
        return answer

    def _encoded(self, request: Request, number: int) -> bytes:
        """Charset, language and target come first, in this order (RFC 8011, 4.1.4 and 4.1.5)."""
        operation: Tagged = {
            "attributes-charset": (IppTag.CHARSET, ["utf-8"]),
            "attributes-natural-language": (IppTag.LANGUAGE, ["en"]),
            "printer-uri": (IppTag.URI, [self._uri]),
            **({"job-id": (IppTag.INTEGER, [request.target])} if request.target else {}),
            "requesting-user-name": (IppTag.NAME, [self._user]),
            **request.attributes,
        }
        groups: Sequence[tuple[int, Tagged]] = [(IppTag.OPERATION, operation)]
        if request.job:
            groups = [*groups, (IppTag.JOB, request.job)]
        return encode(request.operation, number, groups) + request.data

    async def _exchange(self, message: bytes, seconds: float) -> bytes:
        assert self._client is not None, "not entered"
        try:
            async with asyncio.timeout(seconds):
                return await self._client.post(message)
        except TimeoutError as error:
            raise NoAnswerError(fault_of(DocumentFault.NO_ANSWER, "timed out")) from error
        except (IPPError, aiohttp.ClientError, OSError, ValueError) as error:
            raise _translated(error) from error


class _Client(IPP):
    """pyipp's client for messages that are already bytes."""

    async def post(self, message: bytes) -> bytes:
        return await self._request(data=message)


class _Answer(aiohttp.ClientResponse):
    """Reads no more than `MAX_ANSWER`, nothing that is not IPP, and no error's page."""

    async def read(self) -> bytes:
        if self.status >= 400:
            return b""
        if self.content_type != _IPP:
            raise aiohttp.ClientPayloadError(f"{_IPP} expected")
        body = bytearray()
        async for chunk in self.content.iter_chunked(1 << 16):
            body += chunk
            if len(body) > MAX_ANSWER:
                raise aiohttp.ClientPayloadError("longer than any answer")
        return bytes(body)


class Resolver(AbstractResolver):
    """Looks names up on its own worker: a name server that hangs costs nobody else a thread."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._worker = Worker("document-names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._worker.call(
            self._seconds, socket.getaddrinfo, host, port, family, socket.SOCK_STREAM
        )
        return [
            ResolveResult(
                hostname=host, host=str(address[0]), port=port, family=kind, proto=proto, flags=0
            )
            for kind, _, proto, _, address in found
        ]

    async def close(self) -> None:
        """Belongs to the driver, not to one session: see `end`."""

    def end(self) -> None:
        self._worker.close()


def _translated(error: Exception) -> NoAnswerError:
    cause = error.__cause__ if isinstance(error, IPPConnectionError) else error
    if isinstance(cause, aiohttp.ClientSSLError):
        fault = fault_of(DocumentFault.ACCESS_DENIED, "certificate not trusted")
        return NoAnswerError(fault, untouched=True)
    if isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return NoAnswerError(fault_of(DocumentFault.UNREACHABLE), untouched=True)
    if isinstance(error, IPPConnectionUpgradeRequired):
        return NoAnswerError(fault_of(DocumentFault.WRONG_ADDRESS, "wants ipps"))
    if isinstance(error, IPPResponseError):
        status = int(error.args[1]["status-code"])
        code = DocumentFault.WRONG_ADDRESS if status in _NOT_HERE else DocumentFault.NO_ANSWER
        denied = DocumentFault.ACCESS_DENIED if status in _DENIED else code
        return NoAnswerError(fault_of(denied, f"HTTP {status}"))
    return NoAnswerError(fault_of(DocumentFault.NO_ANSWER))
