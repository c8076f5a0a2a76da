"""Who is signed in: a random word in a cookie, of which the store has the hash alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select, update

from fleet.people import secret
from fleet.people.accounts import Account
from fleet.people.roles import Role
from fleet.store.people_tables import people_accounts as accounts
from fleet.store.people_tables import people_sessions as sessions

PART_SECONDS = 900.0  # for what is still to be done before one is in
TOUCH_SECONDS = 30.0  # activity is written down no more often


class Stage(StrEnum):
    """What a session is still waiting for; only `FULL` lets anybody in."""

    CODE = "code"
    CHANGE = "change"
    ENROL = "enrol"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds. `whole`: from sign-in; `idle`: without a request. `second`: roles that need two."""

    idle: float = 1800.0
    whole: float = 43_200.0
    second: frozenset[Role] = frozenset({Role.APPROVER, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Session:
    digest: str
    account: str
    stage: Stage
    role: Role
    address: str
    browser: str
    made_at: float
    seen_at: float


def next_stage(account: Account, limits: Limits, *, code_given: bool) -> Stage:
    """In this order: the code, a password of one's own, the second factor where it is a must."""
    if account.two_factors and not code_given:
        return Stage.CODE
    if account.must_change:
        return Stage.CHANGE
    if not account.two_factors and account.role in limits.second and account.password:
        return Stage.ENROL
    return Stage.FULL


def begin(
    connection: Connection,
    account: str,
    stage: Stage,
    limits: Limits,
    now: float,
    *,
    address: str = "",
    browser: str = "",
) -> str:
    """What the cookie holds. Always a new one: a session that somebody planted is worth nothing."""
    made = secret.token()
    connection.execute(delete(sessions).where(sessions.c.ends_at < now))
    row = {
        "digest": secret.digest("session", made), "account": account, "stage": stage.value,
        "address": address[:64], "browser": browser[:200], "made_at": now, "seen_at": now,
        "ends_at": now + (limits.whole if stage is Stage.FULL else PART_SECONDS),
    }  # fmt: skip
    connection.execute(insert(sessions).values(row))
    return made


def find(connection: Connection, cookie: str, limits: Limits, now: float) -> Session | None:
    """None for what is unknown, over, or of somebody who may not come in any more."""
    if not cookie:
        return None
    query = select(sessions, accounts.c.role).join(accounts, accounts.c.name == sessions.c.account)
    rule = sessions.c.digest == secret.digest("session", cookie)
    row = connection.execute(query.where(rule, accounts.c.disabled.is_(False))).first()
    if row is None or row.ends_at <= now or row.seen_at + limits.idle <= now:
        return None
    return Session(
        row.digest, row.account, Stage(row.stage), Role(row.role), row.address, row.browser,
        row.made_at, row.seen_at,
    )  # fmt: skip


def touch(connection: Connection, digest: str, now: float) -> None:
    row = update(sessions).where(sessions.c.digest == digest)
    connection.execute(row.values(seen_at=now))


def of_account(connection: Connection, account: str, limits: Limits, now: float) -> list[Session]:
    """Those that are good, the newest first."""
    query = select(sessions, accounts.c.role).join(accounts, accounts.c.name == sessions.c.account)
    rule = (
        (sessions.c.account == account)
        & (sessions.c.ends_at > now)
        & (sessions.c.seen_at > now - limits.idle)
    )
    return [
        Session(
            row.digest, row.account, Stage(row.stage), Role(row.role), row.address, row.browser,
            row.made_at, row.seen_at,
        )
        for row in connection.execute(query.where(rule).order_by(sessions.c.made_at.desc()))
    ]  # fmt: skip


def end(connection: Connection, digest: str, account: str) -> int:
    """`account`: whose it must be. How many ended."""
    rule = (sessions.c.digest == digest) & (sessions.c.account == account)
    return connection.execute(delete(sessions).where(rule)).rowcount


def end_all(connection: Connection, account: str, but: str = "") -> int:
    rule = (sessions.c.account == account) & (sessions.c.digest != but)
    return connection.execute(delete(sessions).where(rule)).rowcount
