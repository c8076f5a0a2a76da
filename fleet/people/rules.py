"""Which address needs what. One table, read from above; what no row names, nobody may change.

What the fleet serves to terminals (`window.OPEN`) and the payment provider's callback prove
themselves by their own means, and are let through.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fleet import window
from fleet.payment import notices
from fleet.people.roles import Permission

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SOCKET = "/_nicegui_ws"


class Kind(StrEnum):
    OPEN = "open"  # everybody
    BEGUN = "begun"  # whoever has a session, even one that waits for its second factor
    LOCAL = "local"  # this machine, or the permission


@dataclass(frozen=True, slots=True)
class Rule:
    """`path` and everything below it. `methods`: none for every one. `told`: the pages behind it
    write the record of acts themselves."""

    path: str
    needs: Permission
    kind: Kind | None = None
    methods: frozenset[str] = frozenset()
    told: bool = False

    def fits(self, method: str, path: str) -> bool:
        if self.methods and method not in self.methods:
            return False
        below = self.path if self.path.endswith("/") else self.path + "/"
        return path == self.path or path.startswith(below)


def _open(path: str) -> Rule:
    return Rule(path, Permission.VIEW, Kind.OPEN, told=True)


RULES: tuple[Rule, ...] = (
    *(_open(path) for path in window.OPEN),
    _open(notices.PATH),
    _open(window.HEALTH),
    _open("/sign-in"),
    _open("/favicon.ico"),
    Rule("/preferences", Permission.VIEW, Kind.OPEN, methods=SAFE),
    Rule("/account", Permission.VIEW, Kind.BEGUN, told=True),
    Rule("/sign-out", Permission.VIEW, Kind.BEGUN, told=True),
    Rule("/metrics", Permission.METRICS, Kind.LOCAL),
    Rule("/people/tokens", Permission.TOKENS, told=True),
    Rule("/people", Permission.ACCOUNTS, told=True),
    Rule("/audit", Permission.AUDIT, told=True),
    Rule(SOCKET, Permission.VIEW, told=True),
    Rule("/reports", Permission.REPORTS, methods=SAFE),
    Rule("/api/v1/reports", Permission.REPORTS, methods=SAFE),
    Rule("/api/v1/alarms", Permission.ALARMS, methods=frozenset({"POST", "PUT", "PATCH"})),
    Rule("/api/v1/commands", Permission.COMMANDS, methods=frozenset({"POST"})),
    Rule("/api/v1/orders", Permission.COMMANDS, methods=frozenset({"POST"}), told=True),
    Rule("/api/v1/rollouts", Permission.ROLLOUTS, methods=frozenset({"POST"}), told=True),
    Rule("/api/v1/work-orders", Permission.CASES, methods=frozenset({"POST"}), told=True),
    Rule("/", Permission.VIEW, methods=SAFE),
    Rule("/", Permission.ACCOUNTS),
)


def rule(method: str, path: str) -> Rule:
    return next(one for one in RULES if one.fits(method, path))
