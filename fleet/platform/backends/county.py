"""`python -m fleet.platform.backends.county --folder DIR`: the simulated county platform.

XML messages in GB18030 over one address, in signed sessions; reports are fetched and stay until
they are acknowledged. What it tells is committed before; an application's serial number is taken
once. `backends.faults` says what can go wrong, `server` what tests may drive.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from fleet.platform.adapters import countywire as county
from fleet.platform.adapters import xml
from fleet.platform.backends import common, countyrecords
from fleet.platform.backends.faults import Faults
from fleet.platform.backends.server import Answer, Reply, Request
from fleet.platform.contract import PlatformError, Reason
from fleet.platform.office import Office, Supplemented
from kiosk.wire import CasePayload

SESSION_SECONDS = 600
NEVER_SIGNED = "-"  # the serial number of an answer to what could not be read
_SUPPLEMENTED: Mapping[Supplemented, str] = {
    Supplemented.TAKEN: county.WELL,
    Supplemented.UNKNOWN: county.UNKNOWN_CASE,
    Supplemented.OTHER: county.REUSED,
}


@dataclass
class CountyOffice:
    office: Office
    faults: Faults
    secret: str
    sessions: dict[str, float] = field(default_factory=dict)
    attachments: dict[str, int] = field(default_factory=dict)  # SHA-256 of a page, its bytes

    def answer(self, request: Request) -> Reply:
        if request.forget:
            self.sessions.clear()
        if request.path != county.PATH or request.method != "POST":
            return Reply(404, b"")
        content = Element(county.ANSWER.content)
        try:
            message, moment, signature = county.decode(county.REQUEST, request.body)
        except xml.XmlError:
            return self._reply(county.UNREADABLE, NEVER_SIGNED, content)
        wanted = county.expected(message, moment, self.secret)
        if not hmac.compare_digest(wanted.encode(), signature.encode()):
            return self._reply(county.BAD_SIGNATURE, message.serial, content)
        try:
            code = self._act(message, content)
        except xml.XmlError:
            code = county.UNREADABLE
        except PlatformError:
            code = county.BUSY
        return self._reply(code, message.serial, content)

    def _reply(self, code: str, serial: str, content: Element) -> Reply:
        message = county.Message(code, "", "", serial, content)
        body = county.encode(county.ANSWER, message, self.secret, datetime.now(UTC))
        return Reply(200, body, "application/xml; charset=GB18030")

    def _act(self, message: county.Message, content: Element) -> str:
        if message.code == county.SIGN_IN:
            session = secrets.token_hex(12)
            self.sessions[session] = time.monotonic() + SESSION_SECONDS
            xml.add(content, "HHBH", session)
            return county.WELL
        if self.sessions.get(message.session, 0.0) < time.monotonic():
            return county.NO_SESSION
        acts: Mapping[str, Callable[[Element, Element], str]] = {
            county.HAND_OVER: self._hand_over,
            county.LOOK: self._look,
            county.ATTACH: self._attach,
            county.SUPPLEMENT: self._supplement,
            county.FETCH: self._fetch,
            county.CONFIRM: self._confirm,
        }
        act = acts.get(message.code)
        return act(message.content, content) if act else county.UNREADABLE

    def _hand_over(self, said: Element, content: Element) -> str:
        case = countyrecords.case(said)
        item = self.office.item(case.task_code)
        kind = xml.text(said, "BJLX")
        if item is not None and kind and kind != countyrecords.kind(item, case):
            return county.WRONG_KIND
        decision, before = self.office.hand_over(case)
        if decision.reason is Reason.CASE_REUSED:
            return county.REUSED
        countyrecords.result(content, case.case_no, self._kind(case), decision)
        return county.AGAIN if before else county.WELL

    def _attach(self, said: Element, _content: Element) -> str:
        """What it keeps of a page is its size: nobody looks at it here."""
        try:
            picture = base64.b64decode(xml.text(said, "WJNR"), validate=True)
        except ValueError:
            return county.UNREADABLE
        digest = xml.text(said, "WJZY")
        if hashlib.sha256(picture).hexdigest() != digest:
            return county.UNREADABLE
        before = digest in self.attachments
        self.attachments[digest] = len(picture)
        return county.AGAIN if before else county.WELL

    def _look(self, said: Element, content: Element) -> str:
        with self.office.book.change():
            row = self.office.book.find(xml.text(said, "SBLSH"))
        if row is None:
            return county.UNKNOWN_CASE
        decision = row.conclusion or row.decision
        countyrecords.result(content, row.case_no, self._kind(row.case), decision)
        return county.WELL

    def _supplement(self, said: Element, _content: Element) -> str:
        return _SUPPLEMENTED[self.office.supplement(countyrecords.case(said))]

    def _fetch(self, _said: Element, content: Element) -> str:
        for number, report in self.office.reports(0, unfetched=True):
            countyrecords.happened(content, number, report)
        return county.WELL

    def _confirm(self, said: Element, _content: Element) -> str:
        numbers = [one for one in xml.texts(said, "XH") if one.isascii() and one.isdecimal()]
        with self.office.book.change():
            self.office.book.fetched([int(one) for one in numbers])
        return county.WELL

    def _kind(self, case: CasePayload) -> str:
        item = self.office.item(case.task_code)
        return countyrecords.kind(item, case) if item else ""


def build(office: Office, faults: Faults, secret: str) -> Answer:
    return CountyOffice(office, faults, secret).answer


if __name__ == "__main__":
    sys.exit(common.run("county", build))
