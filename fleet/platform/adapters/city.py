"""The city platform: REST and JSON. Implements `contract.Platform`, `Reporting`, `Concluding`.

A case's number is its idempotency key: however often it is handed over, the city has it once, and
gives the same answer. A promise item is taken with 202 and asked for until the city has pondered.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from pathlib import Path

import msgspec

from fleet.platform.adapters import checks, cityshape
from fleet.platform.adapters import citywire as city
from fleet.platform.adapters.labels import LabelError
from fleet.platform.adapters.line import Line
from fleet.platform.adapters.spec import Spec
from fleet.platform.contract import Decision, PlatformError, Reason, Standing, StepReport
from fleet.platform.paperdesk import Papers
from kiosk.services.item import Item
from kiosk.wire import CasePayload

POLL_SECONDS = (0.02, 0.05, 0.1, 0.2, 0.5)
API = "/api/v1"
REFUSALS: Mapping[str, Reason] = {
    city.UNKNOWN_SERVICE: Reason.UNKNOWN_ITEM,
    city.REUSED: Reason.CASE_REUSED,
}


class CityPlatform:
    """Thread-safe. `items`: the catalogue by task_code."""

    def __init__(self, spec: Spec, items: Mapping[str, Item], papers: Papers) -> None:
        self._spec = spec
        self._tables = spec.tables()
        self._items = items
        self._papers = papers
        self._token = ""
        self._line = Line("city", spec.url, spec.seconds)

    def close(self) -> None:
        self._line.close()

    def decide(self, case: CasePayload) -> Decision:
        """See `contract.Platform`."""
        until = self._until()
        kind = checks.kind(case, self._items)
        body = msgspec.json.encode(self._affair(case, kind))
        key = {"Idempotency-Key": case.case_no}
        code, raw = self._ask("POST", f"{API}/affairs", until, body, key)
        for pause in (*POLL_SECONDS, *(POLL_SECONDS[-1:] * 100)):
            if code in REFUSALS:
                return Decision(Standing.REFUSED, reason=REFUSALS[code])
            answer = self._outcome(case, kind, code, raw)
            if answer is not None:
                return self._papers.issue(case, answer)
            if time.monotonic() + pause > until:
                break
            time.sleep(pause)
            code, raw = self._ask("GET", f"{API}/affairs/{case.case_no}", until)
        raise PlatformError("city: still pondering")

    def concluded(self, case: CasePayload) -> Decision | None:
        """See `contract.Concluding`."""
        kind = checks.kind(case, self._items)
        code, raw = self._ask("GET", f"{API}/affairs/{case.case_no}/result", self._until())
        answer = self._outcome(case, kind, code, raw)
        if answer is None or answer.state is Standing.PENDING:
            return None
        return self._papers.issue(case, answer)

    def supplement(self, case: CasePayload) -> None:
        """See `contract.Reporting`."""
        body = msgspec.json.encode(self._affair(case, checks.kind(case, self._items)))
        code, _ = self._ask("PUT", f"{API}/affairs/{case.case_no}/materials", self._until(), body)
        if code != city.WELL:
            raise PlatformError("city: the materials were not taken")

    def page(self, _case: CasePayload, digest: str, picture: bytes) -> None:
        """See `contract.TakesPages`."""
        plain = {"Content-Type": "application/octet-stream"}
        path = f"{API}/attachments/{digest}"
        code, _ = self._ask("PUT", path, self._until(), picture, plain)
        if code != city.WELL:
            raise PlatformError("city: a page was not taken")

    def reports(self, after: str) -> tuple[list[StepReport], str]:
        """See `contract.Reporting`. The place is the number of the last event."""
        if after and not (after.isascii() and after.isdecimal()):
            raise PlatformError("city: no place of this platform")
        place = int(after or 0)
        code, raw = self._ask("GET", f"{API}/events?cursor={place}", self._until())
        if code != city.WELL:
            raise PlatformError("city: no reports")
        feed = city.decoded(raw, city.Feed)
        fresh: dict[int, city.Happened] = {}
        for event in feed.events:  # one that comes twice counts once
            if fresh.setdefault(event.event_id, event) != event:
                raise PlatformError("city: two events with one number")
        numbers = sorted(number for number in fresh if number > place)
        found = [cityshape.report(fresh[number], self._tables) for number in numbers]
        return found, str(numbers[-1]) if numbers else after

    # ---- one exchange ------------------------------------------------------------------------

    def _affair(self, case: CasePayload, kind: str) -> city.Affair:
        try:
            return cityshape.affair(case, kind, self._tables)
        except (LabelError, ValueError):
            raise PlatformError("city: a word without a row in its labels") from None

    def _outcome(
        self, case: CasePayload, kind: str, code: str, raw: msgspec.Raw
    ) -> Decision | None:
        if code != city.WELL:
            raise PlatformError("city: the case was not taken")
        said = city.decoded(raw, city.Outcome)
        answer = cityshape.decision(case.case_no, kind, said, self._tables)
        return checks.sound(answer) if answer else None

    def _until(self) -> float:
        """By when (monotonic) one call has to end, however many exchanges it takes."""
        return time.monotonic() + self._spec.seconds

    def _ask(
        self,
        method: str,
        path: str,
        until: float,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> tuple[str, msgspec.Raw]:
        """The city's code and data; a token that has expired is renewed once."""
        for _ in range(2):
            token = self._token or self._sign_in(until)
            proof = {"Authorization": f"Bearer {token}", **(headers or {})}
            code, raw = self._exchange(method, path, until, body, proof)
            if code != city.EXPIRED:
                return code, raw
            self._token = ""
        raise PlatformError("city: the token is not taken")

    def _sign_in(self, until: float) -> str:
        try:
            secret = Path(self._spec.secret_file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise PlatformError("city: its secret file cannot be read") from None
        body = msgspec.json.encode({"clientId": self._spec.account, "clientSecret": secret})
        code, raw = self._exchange("POST", "/oauth/token", until, body, {})
        if code != city.WELL:
            raise PlatformError("city: sign-in was refused")
        token = city.decoded(raw, city.Token).access_token
        if not (token.isascii() and token.isprintable()):
            raise PlatformError("city: no token")
        self._token = token
        return token

    def _exchange(
        self, method: str, path: str, until: float, body: bytes, headers: Mapping[str, str]
    ) -> tuple[str, msgspec.Raw]:
        request = uuid.uuid4().hex
        more = {"X-Request-Id": request, "Content-Type": "application/json", **headers}
        said = self._line.ask(method, path, body, more, until=until)
        if said.status >= 500:
            raise PlatformError(f"city: status {said.status}")
        envelope = city.decoded(said.body, city.Envelope)
        if envelope.request_id != request:
            raise PlatformError("city: the answer is another request's")
        if (said.status < 300) != (envelope.code == city.WELL):
            raise PlatformError("city: status and code contradict each other")
        return envelope.code, envelope.data
