"""The county platform: XML messages. Implements `contract.Platform`, `Reporting`, `Concluding`.

A case's number is its serial number of application there: one that comes again is answered
"here before", with the same answer. Reports are fetched, kept in an inbox, then acknowledged.
"""

from __future__ import annotations

import base64
import hmac
import threading
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element

from fleet.platform.adapters import checks, countyshape, countywire, xml
from fleet.platform.adapters.inbox import Inbox
from fleet.platform.adapters.labels import LabelError
from fleet.platform.adapters.line import Line
from fleet.platform.adapters.spec import Spec
from fleet.platform.contract import Decision, PlatformError, Reason, Standing, StepReport
from fleet.platform.paperdesk import Papers
from kiosk.services.item import Item
from kiosk.wire import CasePayload

MOST_FETCHES = 4  # pages of reports at a time; the rest comes with the next call
_HEADERS = {"Content-Type": "application/xml; charset=GB18030"}
_TAKEN = (countywire.WELL, countywire.AGAIN)


class CountyPlatform:
    """Thread-safe. `items`: the catalogue by task_code. `folder`: its inbox is kept there."""

    def __init__(self, spec: Spec, items: Mapping[str, Item], papers: Papers, folder: Path) -> None:
        self._spec = spec
        self._tables = spec.tables()
        self._items = items
        self._papers = papers
        self._session = ""
        self._inbox = Inbox(folder / "county-reports.db")
        self._fetching = threading.Lock()
        self._line = Line("county", spec.url, spec.seconds)

    def close(self) -> None:
        self._line.close()
        self._inbox.close()

    def decide(self, case: CasePayload) -> Decision:
        """See `contract.Platform`."""
        kind = checks.kind(case, self._items)
        code, content = self._ask(countywire.HAND_OVER, self._application(case, kind))
        if code == countywire.REUSED:
            return Decision(Standing.REFUSED, reason=Reason.CASE_REUSED)
        if code not in _TAKEN:
            raise PlatformError("county: the case was not taken")
        return self._papers.issue(case, self._decision(case, kind, content))

    def concluded(self, case: CasePayload) -> Decision | None:
        """See `contract.Concluding`."""
        question = Element("CX")
        xml.add(question, "SBLSH", case.case_no)
        code, content = self._ask(countywire.LOOK, question)
        if code != countywire.WELL:
            raise PlatformError("county: the case is not known")
        answer = self._decision(case, checks.kind(case, self._items), content)
        return None if answer.state is Standing.PENDING else self._papers.issue(case, answer)

    def supplement(self, case: CasePayload) -> None:
        """See `contract.Reporting`."""
        message = self._application(case, checks.kind(case, self._items))
        code, _ = self._ask(countywire.SUPPLEMENT, message)
        if code not in _TAKEN:
            raise PlatformError("county: the materials were not taken")

    def page(self, case: CasePayload, digest: str, picture: bytes) -> None:
        """See `contract.TakesPages`."""
        message = Element("FJ")
        for tag, value in (
            ("SBLSH", case.case_no), ("WJZY", digest), ("WJNR", base64.b64encode(picture).decode()),
        ):  # fmt: skip
            xml.add(message, tag, value)
        code, _ = self._ask(countywire.ATTACH, message)
        if code not in _TAKEN:
            raise PlatformError("county: a page was not taken")

    def reports(self, after: str) -> tuple[list[StepReport], str]:
        """See `contract.Reporting`. The place is one in the inbox."""
        if after and not (after.isascii() and after.isdecimal() and len(after) < 19):
            raise PlatformError("county: no place of this platform")
        with self._fetching:
            for _ in range(MOST_FETCHES):
                if not self._fetch():
                    break
        found, place = self._inbox.after(int(after or 0))
        return found, str(place) if found else after

    def _fetch(self) -> bool:
        """Keep first, acknowledge then: what is lost in between comes again."""
        code, content = self._ask(countywire.FETCH, Element("LQ"))
        if code != countywire.WELL:
            raise PlatformError("county: no reports")
        found = countyshape.reports(content, self._tables)
        if not found:
            return False
        self._inbox.keep(found)
        code, _ = self._ask(countywire.CONFIRM, countyshape.receipt(found))
        return code == countywire.WELL

    # ---- one exchange ------------------------------------------------------------------------

    def _application(self, case: CasePayload, kind: str) -> Element:
        try:
            return countyshape.application(case, kind, self._tables)
        except LabelError:
            raise PlatformError("county: a word without a row in its labels") from None

    def _decision(self, case: CasePayload, kind: str, content: Element) -> Decision:
        answer = countyshape.decision(case.case_no, kind, content, self._tables)
        return checks.sound(answer)

    def _ask(self, code: str, content: Element) -> tuple[str, Element]:
        """The county's code and content; a session that it forgot is begun anew once."""
        until = time.monotonic() + self._spec.seconds
        for _ in range(2):
            session = self._session or self._sign_in(until)
            found, answer = self._exchange(code, session, content, until)
            if found != countywire.NO_SESSION:
                return found, answer
            self._session = ""
        raise PlatformError("county: the session is not taken")

    def _sign_in(self, until: float) -> str:
        code, content = self._exchange(countywire.SIGN_IN, "", Element("QD"), until)
        if code != countywire.WELL:
            raise PlatformError("county: sign-in was refused")
        try:
            self._session = xml.text(content, "HHBH")
        except xml.XmlError:
            raise PlatformError("county: no session") from None
        return self._session

    def _exchange(
        self, code: str, session: str, content: Element, until: float
    ) -> tuple[str, Element]:
        secret, serial = self._secret(), uuid.uuid4().hex
        message = countywire.Message(code, self._spec.account, session, serial, content)
        body = countywire.encode(countywire.REQUEST, message, secret, datetime.now(UTC))
        said = self._line.ask("POST", countywire.PATH, body, _HEADERS, until=until)
        if said.status != 200:
            raise PlatformError(f"county: status {said.status}")
        try:
            answer, moment, signature = countywire.decode(countywire.ANSWER, said.body)
        except xml.XmlError as error:
            raise PlatformError(f"county: unreadable ({error})") from None
        wanted = countywire.expected(answer, moment, secret)
        if not hmac.compare_digest(wanted.encode(), signature.encode()):
            raise PlatformError("county: the signature does not hold")
        if answer.serial != serial:
            raise PlatformError("county: the answer is another request's")
        return answer.code, answer.content

    def _secret(self) -> str:
        try:
            return Path(self._spec.secret_file).read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            raise PlatformError("county: its secret file cannot be read") from None
