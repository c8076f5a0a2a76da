"""Accounts of the fleet's people: as rows, and every change of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, func, insert, select, update

from fleet.people.roles import Role
from fleet.store.people_tables import people_accounts as accounts
from fleet.store.people_tables import people_recovery as recovery

FIRST = "admin"
NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,62}")
DISPLAY_MOST = 100


class AccountFault(StrEnum):
    NAME = "name"  # not one that can be had
    TAKEN = "taken"
    UNKNOWN = "unknown"
    ROLE = "role"
    LAST = "last"  # nobody could look after accounts any more
    OWN = "own"  # nobody raises, lowers or disables themselves


@dataclass(frozen=True, slots=True)
class Account:
    """Times are epoch seconds, 0 for never. `subject`: of single sign-on. `secret`: sealed."""

    name: str
    display: str
    role: Role
    password: str
    must_change: bool
    disabled: bool
    subject: str
    secret: str
    locked_until: float
    made_at: float
    signed_in_at: float

    @property
    def two_factors(self) -> bool:
        return self.secret != ""


_COLUMNS = [accounts.c[name] for name in Account.__slots__]


def find(connection: Connection, name: str) -> Account | None:
    row = connection.execute(select(*_COLUMNS).where(accounts.c.name == name)).first()
    return _account(row._asdict()) if row is not None else None


def of_subject(connection: Connection, subject: str) -> Account | None:
    row = connection.execute(select(*_COLUMNS).where(accounts.c.subject == subject)).first()
    return _account(row._asdict()) if row is not None else None


def every(connection: Connection) -> list[Account]:
    rows = connection.execute(select(*_COLUMNS).order_by(accounts.c.name))
    return [_account(row._asdict()) for row in rows]


def _account(row: dict[str, object]) -> Account:
    return Account(**(row | {"role": Role(str(row["role"]))}))  # type: ignore[arg-type]


def add(
    connection: Connection,
    name: str,
    role: Role,
    now: float,
    *,
    display: str = "",
    password: str = "",
    subject: str = "",
) -> AccountFault | None:
    """`password`: as it is kept; it must be changed at the first sign-in."""
    if not NAME.fullmatch(name):
        return AccountFault.NAME
    if find(connection, name) is not None:
        return AccountFault.TAKEN
    row = {
        "name": name, "display": display[:DISPLAY_MOST], "role": role.value, "password": password,
        "must_change": password != "", "subject": subject, "made_at": now,
    }  # fmt: skip
    connection.execute(insert(accounts).values(row))
    return None


def change(connection: Connection, name: str, **values: object) -> None:
    connection.execute(update(accounts).where(accounts.c.name == name).values(**values))


def set_role(connection: Connection, name: str, role: Role) -> AccountFault | None:
    if role is not Role.ADMINISTRATOR and _is_last(connection, name):
        return AccountFault.LAST
    change(connection, name, role=role.value)
    return None


def disable(connection: Connection, name: str, *, yes: bool) -> AccountFault | None:
    if yes and _is_last(connection, name):
        return AccountFault.LAST
    change(connection, name, disabled=yes)
    return None


def _is_last(connection: Connection, name: str) -> bool:
    """Is this the only administrator who can sign in? Others may not be made to lose theirs."""
    query = select(accounts.c.name).where(
        accounts.c.role == Role.ADMINISTRATOR.value, accounts.c.disabled.is_(False)
    )
    return {row.name for row in connection.execute(query.with_for_update())} == {name}


def none_yet(connection: Connection) -> bool:
    return not connection.scalar(select(func.count()).select_from(accounts))


def recovery_left(connection: Connection, name: str) -> int:
    query = select(func.count()).select_from(recovery).where(recovery.c.account == name)
    return int(connection.scalar(query) or 0)
