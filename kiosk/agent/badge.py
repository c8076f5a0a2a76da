"""How the terminal stands with its fleet: certificate, known time, and what the fleet may ask."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.agent.commands import Commands, Operations
from kiosk.agent.enrolment import Enrolment
from kiosk.agent.identity import Identity
from kiosk.agent.known import KnownTime
from kiosk.agent.tasks import Means, Tasks
from kiosk.journal import Journal
from kiosk.wire import Desired, Operation


@dataclass(frozen=True, slots=True)
class Badge:
    """`trust`: the folder of the fleet's public keys. `means`: for what takes time; None: such
    commands are unknown here. `wish`: takes what the fleet wants the terminal to have."""

    known: KnownTime
    identity: Identity
    enrolment: Enrolment
    tenant: str
    trust: Path
    means: Means | None = None
    wish: Callable[[Desired], None] = lambda _desired: None

    def told(self) -> dict[str, Any]:
        """As `wire.Health` has it."""
        days = self.identity.days_left(time.time())
        return {"certificate_days": days, "certificate_fault": self.enrolment.fault}

    def commands(self, journal: Journal, report: Callable[[], None]) -> Commands:
        operations: Operations = {
            Operation.REPORT: lambda _: report(),
            Operation.RENEW_CERTIFICATE: lambda _: self.enrolment.wanted.set(),
        }
        tasks = Tasks(journal, self.means) if self.means is not None else None
        return Commands(
            journal, self.tenant, self.trust, self.known, operations=operations, tasks=tasks
        )
