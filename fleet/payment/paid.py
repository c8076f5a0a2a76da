"""An approval platform that is given paid cases only. In front of any platform (`Platform`)."""

from __future__ import annotations

from fleet.payment.claims import Claim, Claims
from fleet.platform.contract import Decision, Platform, PlatformError, Reason, Standing
from kiosk.wire import CasePayload


class PaidPlatform:
    """`decide` claims the payment first. A kill in between is harmless: both can be repeated."""

    def __init__(self, platform: Platform, claims: Claims) -> None:
        self._platform = platform
        self._claims = claims

    def decide(self, case: CasePayload) -> Decision:
        match self._claims.claim(case):
            case Claim.WAIT:
                raise PlatformError("the payment of a case is not known yet")
            case Claim.UNPAID:
                return Decision(Standing.REFUSED, reason=Reason.UNPAID)
            case Claim.FREE | Claim.SETTLED:
                return self._platform.decide(case)
