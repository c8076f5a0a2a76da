"""The built-in sample platform: decides by `rules`, answers from `insurance`, issues papers."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from fleet.certificates.compose import ComposeError, Pair
from fleet.certificates.issue import Issuer
from fleet.certificates.keys import KeysError
from fleet.platform import papers, rules, workdays
from fleet.platform.contract import Decision, PlatformError, Reason, Standing
from fleet.platform.insurance import history
from fleet.platform.register import Register
from kiosk.wire import CasePayload

CHINA = timezone(timedelta(hours=8))
_CROCKFORD = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)


def china_now() -> datetime:
    return datetime.now(CHINA)


def certificate_number(case_no: str) -> str:
    """CB-XXXX-XXXX-XXXX: 60 bits of the case number's hash, without I, L, O and U."""
    digest = hashlib.sha256(b"certificate " + case_no.encode()).digest()
    letters = base64.b32encode(digest).translate(_CROCKFORD)[:12].decode()
    return f"CB-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


class SamplePlatform:
    """Implements `contract.Platform`. Thread-safe; several processes may share `var`."""

    def __init__(  # noqa: PLR0917 - the settings' own order
        self,
        var: Path,
        trust: Path,
        accept_unmatched_face: bool,
        authority_zh: str,
        authority_en: str,
        authority_code: str,
        clock: Callable[[], datetime] = china_now,
    ) -> None:
        self._unmatched = accept_unmatched_face
        self._code = authority_code
        self._clock = clock
        self._register = Register(var / "issued")
        try:
            self._issuer = Issuer(var, trust, Pair(authority_zh, authority_en), clock())
        except (KeysError, OSError) as error:
            raise PlatformError(str(error)) from error

    def decide(self, case: CasePayload) -> Decision:
        """See `contract.Platform`. Raises `PlatformError`: nothing was decided, ask again."""
        try:
            return self._register.once(case, lambda: self._decide(case))
        except OSError as error:
            raise PlatformError(f"the register cannot be used: {error.strerror}") from error

    def _decide(self, case: CasePayload) -> Decision:
        now = self._clock()
        rule = rules.find(case.task_code, self._code)
        if rule is None:
            return rules.refused(Reason.UNKNOWN_ITEM)
        stopped = rules.obstacle(rule, case, self._unmatched, now.date())
        if stopped is not None:
            return stopped
        scheme = case.answers.get("scheme", "medical")
        known = history(case.applicant.number, scheme, now.date())
        if known is None:
            return rules.refused(Reason.NOT_INSURED)
        if rule.ending is rules.Ending.STATEMENT:
            lines = papers.statement(known, int(case.answers["year"]), now.date())
            return Decision(Standing.APPROVED, result=lines)
        number = certificate_number(case.case_no)
        sheet = papers.insurance_sheet(case, known, number, self._issuer.authority, now.date())
        try:
            pdf = self._issuer.issue(sheet, case.task_code, papers.summary(sheet), now)
        except ComposeError:
            return rules.pending(Reason.RARE_CHARACTER, workdays.after(now.date(), 1))
        return Decision(Standing.APPROVED, certificate_no=number, certificate=pdf)
