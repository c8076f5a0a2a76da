"""Who somebody is to the fleet, and what their role lets them do. One table: `GRANTS`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What can be allowed; also the scopes that a token of another system may have."""

    VIEW = "view"  # terminals, cases without personal data, alarms
    METRICS = "metrics"
    REPORTS = "reports"
    ALARMS = "alarms"  # take over, note, silence
    CASES = "cases"  # answer complaints and other work orders, and read what was said
    COMMANDS = "commands"  # order what can be taken back
    ROLLOUTS = "rollouts"  # prepare settings, catalogues, software
    APPROVE = "approve"  # the second person, for what is dangerous
    AUDIT = "audit"
    TOKENS = "tokens"
    ACCOUNTS = "accounts"


class Role(StrEnum):
    VIEWER = "viewer"
    OPERATOR = "operator"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


_VIEWER = frozenset({Permission.VIEW, Permission.METRICS, Permission.REPORTS})
_OPERATOR = _VIEWER | {
    Permission.ALARMS, Permission.CASES, Permission.COMMANDS, Permission.ROLLOUTS,
}  # fmt: skip
_APPROVER = _OPERATOR | {Permission.APPROVE, Permission.AUDIT}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.OPERATOR: _OPERATOR,
    Role.APPROVER: _APPROVER,
    Role.ADMINISTRATOR: frozenset(Permission),
}

# What another system may be given; accounts and tokens are made by people alone.
SCOPES = frozenset(Permission) - {Permission.ACCOUNTS, Permission.TOKENS, Permission.APPROVE}


class Way(StrEnum):
    """How somebody reached the fleet."""

    CONSOLE = "console"
    TOKEN = "token"  # noqa: S105
    COMMAND = "command"  # the command line on the fleet's own machine
    OPEN = "open"  # a demonstration where nobody signs in
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks. `name`: an account, or `token:<name>`; `session`: '' without one, never shown."""

    name: str
    role: str
    permissions: frozenset[Permission]
    way: Way
    address: str = ""
    session: str = ""

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


NOBODY = Who("", "", frozenset(), Way.NOBODY)


def demonstration(address: str = "") -> Who:
    """Everybody at a console where nobody signs in."""
    grants = GRANTS[Role.ADMINISTRATOR]
    return Who("demonstration", Role.ADMINISTRATOR, grants, Way.OPEN, address)


def scopes(words: Iterable[str]) -> frozenset[Permission]:
    """Those of `words` that are scopes; the others are left out."""
    known = {str(one): one for one in SCOPES}
    return frozenset(known[word] for word in words if word in known)
