"""`python -m fleet.platform.backends.city --folder DIR`: the simulated city platform.

REST and JSON; tokens that expire; promise items are taken first (202) and answered when asked for.
What it tells is committed before; a case number is an idempotency key for ever. `backends.faults`
says what can go wrong, `server` what tests may drive.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from fleet.platform.adapters import citywire as city
from fleet.platform.backends import cityrecords, common
from fleet.platform.backends.faults import Faults
from fleet.platform.backends.server import Answer, Reply, Request
from fleet.platform.contract import Decision, PlatformError, Standing
from fleet.platform.office import Office, Supplemented
from kiosk.wire import CasePayload

TOKEN_SECONDS = 600
ATTACHMENT = re.compile(r"/api/v1/attachments/([0-9a-f]{64})")
AFFAIR = re.compile(r"/api/v1/affairs/([A-Za-z0-9._-]{1,64})(?:/(materials|result))?")


class Refused(Exception):  # noqa: N818 - an answer of the protocol, not a defect
    """Answered with this status and code."""

    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code


@dataclass
class CityOffice:
    office: Office
    faults: Faults
    secret: str
    tokens: dict[str, float] = field(default_factory=dict)
    taken: dict[str, float] = field(default_factory=dict)  # promise items, since when
    attachments: dict[str, int] = field(default_factory=dict)  # SHA-256 of a page, its bytes

    def answer(self, request: Request) -> Reply:
        number = request.headers.get("x-request-id", "")
        try:
            status, data = self._route(request)
            return _reply(status, city.WELL, number, data)
        except Refused as refused:
            return _reply(refused.status, refused.code, number, None)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
            return _reply(422, city.UNREADABLE, number, None)
        except PlatformError:
            return _reply(500, "C5000", number, None)

    def _route(self, request: Request) -> tuple[int, Any]:
        if request.forget:
            self.tokens.clear()
        if request.path == "/oauth/token":
            return 200, self._sign_in(request)
        self._check(request)
        if request.path == "/api/v1/events":
            return 200, self._feed(int(request.query.get("cursor", "0") or 0))
        if request.path == "/api/v1/affairs":
            return self._hand_over(request)
        page = ATTACHMENT.fullmatch(request.path)
        if page is not None:
            return self._attach(page[1], request)
        found = AFFAIR.fullmatch(request.path)
        if found is None:
            raise Refused(404, "C4040")
        act: Callable[[str, Request], tuple[int, Any]] = {
            "materials": self._supplement, "result": self._result, None: self._look,
        }[found[2]]  # fmt: skip
        return act(found[1], request)

    # ---- tokens ------------------------------------------------------------------------------

    def _sign_in(self, request: Request) -> city.Token:
        given = msgspec.json.decode(request.body, type=dict[str, str])
        if not hmac.compare_digest(given.get("clientSecret", "").encode(), self.secret.encode()):
            raise Refused(403, "C4030")
        token = secrets.token_urlsafe(24)
        self.tokens[token] = time.monotonic() + TOKEN_SECONDS
        return city.Token(token, TOKEN_SECONDS)

    def _check(self, request: Request) -> None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, 0.0) < time.monotonic():
            raise Refused(401, city.EXPIRED)

    # ---- affairs -----------------------------------------------------------------------------

    def _hand_over(self, request: Request) -> tuple[int, Any]:
        affair = msgspec.json.decode(request.body, type=city.Affair)
        if request.headers.get("idempotency-key") != affair.proj_no:
            raise Refused(422, city.UNREADABLE)
        item = self.office.item(affair.service_code)
        if item is None:
            raise Refused(404, city.UNKNOWN_SERVICE)
        if affair.serv_type is not None and affair.serv_type != cityrecords.kind(item, affair):
            raise Refused(422, city.WRONG_KIND)
        case = cityrecords.case(affair)
        decision, before = self.office.hand_over(case)
        if decision.reason.value == "case_reused":
            raise Refused(409, city.REUSED)
        if decision.state is Standing.PENDING and not before:
            self.taken[case.case_no] = time.monotonic()
        return self._told(case, decision)

    def _attach(self, digest: str, request: Request) -> tuple[int, Any]:
        """What it keeps of a page is its size: nobody looks at it here."""
        if hashlib.sha256(request.body).hexdigest() != digest:
            raise Refused(422, city.UNREADABLE)
        self.attachments[digest] = len(request.body)
        return 201, None

    def _look(self, number: str, _request: Request) -> tuple[int, Any]:
        case, decision, _ = self._known(number)
        return self._told(case, decision)

    def _result(self, number: str, _request: Request) -> tuple[int, Any]:
        case, decision, conclusion = self._known(number)
        return 200, cityrecords.outcome(case, conclusion or decision, self._kind(case))

    def _supplement(self, number: str, request: Request) -> tuple[int, Any]:
        affair = msgspec.json.decode(request.body, type=city.Affair)
        if affair.proj_no != number:
            raise Refused(422, city.UNREADABLE)
        match self.office.supplement(cityrecords.case(affair)):
            case Supplemented.UNKNOWN:
                raise Refused(404, city.UNKNOWN_AFFAIR)
            case Supplemented.OTHER:
                raise Refused(409, city.REUSED)
            case Supplemented.TAKEN:
                return 200, None

    def _told(self, case: CasePayload, decision: Decision) -> tuple[int, Any]:
        """Promise items are pondered for a moment before the city says that it has them."""
        since = self.taken.get(case.case_no, 0.0)
        if time.monotonic() - since < self.faults.state().async_seconds:
            return 202, city.Outcome(case.case_no, self._kind(case), city.PONDERING)
        self.taken.pop(case.case_no, None)
        return 200, cityrecords.outcome(case, decision, self._kind(case))

    def _known(self, number: str) -> tuple[CasePayload, Decision, Decision | None]:
        with self.office.book.change():
            row = self.office.book.find(number)
        if row is None:
            raise Refused(404, city.UNKNOWN_AFFAIR)
        return row.case, row.decision, row.conclusion

    def _kind(self, case: CasePayload) -> int:
        item = self.office.item(case.task_code)
        return cityrecords.kind_of(item, case.bundle, case.handling) if item else 0

    def _feed(self, after: int) -> city.Feed:
        found = self.office.reports(after)
        events = [cityrecords.happened(number, report) for number, report in found]
        return city.Feed(events, str(found[-1][0] if found else after))


def _reply(status: int, code: str, request: str, data: Any) -> Reply:
    content = {"code": code, "message": "", "requestId": request, "data": data}
    return Reply(status, msgspec.json.encode(content))


def build(office: Office, faults: Faults, secret: str) -> Answer:
    return CityOffice(office, faults, secret).answer


if __name__ == "__main__":
    sys.exit(common.run("city", build))
