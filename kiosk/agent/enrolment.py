"""Gets the terminal's certificate, and the next one in time, on a thread of its own.

The first: with an invitation's code. Later ones: with proof by the key in use; the certificate in
use stays good meanwhile, and for weeks after.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec
import structlog

from kiosk import wire
from kiosk.agent.backoff import Backoff
from kiosk.agent.identity import Identity
from kiosk.gateway import trust

LOOK_SECONDS = 0.25
ASK_SECONDS = 20.0
MOST = 64 * 1024  # bytes of an answer
EXPOSED = 0o077

log = structlog.get_logger("enrolment")


@dataclass(frozen=True, slots=True)
class Office:
    """Where certificates are to be had. `code`: the file that holds an invitation's."""

    url: str
    ca: Path
    code: Path


class Enrolment:
    """`lost`: is the certificate in use good for nothing? `changed`: called on this thread when
    another is in use. `clock`: epoch seconds."""

    def __init__(
        self,
        identity: Identity,
        office: Office,
        terminal: str,
        *,
        changed: Callable[[], None] = lambda: None,
        lost: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._identity, self._office, self._terminal = identity, office, terminal
        self._changed, self._lost, self._clock = changed, lost, clock
        self._backoff = Backoff(1.0, 600.0)
        self._not_before = 0.0  # monotonic
        self._tried = ""  # the code that was used last
        self.fault = ""  # why the last asking brought nothing
        self.wanted = threading.Event()  # renew now, whatever is left

    def start(self, stop: threading.Event) -> threading.Thread:
        thread = threading.Thread(target=self._run, args=(stop,), name="enrolment", daemon=True)
        thread.start()
        return thread

    def _run(self, stop: threading.Event) -> None:
        while not stop.wait(LOOK_SECONDS):
            try:
                self.once()
            except OSError as error:
                self._failed(type(error).__name__)

    def once(self) -> None:
        """One look: is another certificate due, and can it be had?"""
        if self._identity.take_brought():
            self._done("brought")
        if self._identity.certificate is None and not self._identity.asked:
            self._identity.request()
        asked = self._question()
        if asked is None or time.monotonic() < self._not_before:
            return
        path, question = asked
        answer = self._ask(path, wire.encode(question))
        if isinstance(answer, wire.Issued) and self._identity.adopt(answer.chain):
            self._done(path.rsplit("/", 1)[1])
        else:
            self._failed(answer if isinstance(answer, str) else "bad_answer")

    def _question(self) -> tuple[str, wire.Enrol | wire.Renew] | None:
        """None: there is no need, or nobody can be asked yet."""
        left = self._identity.days_left(self._clock())
        none = left is None or left < 0 or self._lost()
        due = self.wanted.is_set() or self._identity.due(self._clock())
        if not (none or due) or not self._office.url.startswith("https:"):
            return None
        if not self._office.ca.exists():
            return None
        if none and (code := self._code()):
            if code != self._tried:
                self._tried, self._not_before = code, 0.0
            return wire.ENROL, wire.Enrol(self._terminal, code, self._identity.request())
        renewal = None if left is None else self._identity.renewal()
        return None if renewal is None else (wire.RENEW, renewal)

    def _code(self) -> str:
        file = self._office.code
        try:
            if file.stat().st_mode & EXPOSED:
                log.error("enrolment_code_exposed", remedy="chmod 600")
                return ""
            return file.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def _ask(self, path: str, body: bytes) -> wire.Issued | str:
        """The certificate, or why there is none."""
        headers = {"Content-Type": "application/json"}
        try:
            verify = trust.context(self._office.ca)
            url = self._office.url.rstrip("/") + path
            with httpx.Client(verify=verify, trust_env=False, timeout=ASK_SECONDS) as http:
                said = http.post(url, content=body, headers=headers)
            if said.status_code == httpx.codes.OK and len(said.content) <= MOST:
                return msgspec.json.decode(said.content, type=wire.Issued)
            return str(msgspec.json.decode(said.content, type=wire.Refused).fault)
        except (httpx.HTTPError, OSError):
            return "unreachable"
        except (msgspec.DecodeError, UnicodeDecodeError):
            return "bad_answer"

    def _done(self, how: str) -> None:
        self.fault = ""
        self.wanted.clear()
        self._backoff.reset()
        with contextlib.suppress(OSError):
            self._office.code.unlink(missing_ok=True)  # it is used up
        log.info("certificate", how=how, days=self._identity.days_left(self._clock()))
        self._changed()

    def _failed(self, why: str) -> None:
        if why != self.fault:
            log.warning("no_certificate", why=why)
        self.fault = why
        self._not_before = time.monotonic() + self._backoff.next()
