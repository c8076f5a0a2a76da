"""Tokens of other systems: `kf_<id>_<secret>`, shown once, hashed, with scopes and an end."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from fleet.people import secret
from fleet.people.roles import Permission, Way, Who, scopes
from fleet.store.people_tables import people_tokens as tokens

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{1,59}")
MOST_DAYS = 366
USED_SECONDS = 60.0  # its use is written down no more often
_SHAPE = re.compile(r"kf_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Token:
    """Times are epoch seconds, 0 for never."""

    id: str
    name: str
    scopes: frozenset[Permission]
    made_by: str
    made_at: float
    ends_at: float
    revoked_at: float
    used_at: float

    def good(self, now: float) -> bool:
        return not self.revoked_at and now < self.ends_at


def make(
    connection: Connection,
    name: str,
    wanted: frozenset[Permission],
    made_by: str,
    *,
    days: int,
    now: float,
) -> tuple[str, str]:
    """Its id, and the token itself: nobody can find it again."""
    id_, hidden = secrets.token_hex(8), secrets.token_urlsafe(32)
    row = {
        "id": id_, "name": name, "digest": secret.digest("token", id_, hidden),
        "scopes": " ".join(sorted(wanted)), "made_by": made_by, "made_at": now,
        "ends_at": now + days * 86_400.0,
    }  # fmt: skip
    connection.execute(insert(tokens).values(row))
    return id_, f"kf_{id_}_{hidden}"


def find(connection: Connection, given: str, now: float) -> Token | None:
    """None for what is unknown, over or revoked."""
    shape = _SHAPE.fullmatch(given)
    if shape is None:
        return None
    row = connection.execute(select(tokens).where(tokens.c.id == shape[1])).first()
    true = secret.digest("token", shape[1], shape[2])
    if row is None or not secret.same(row.digest, true):
        return None
    token = _token(row._asdict())
    return token if token.good(now) else None


def who(token: Token, address: str) -> Who:
    return Who(f"token:{token.name}", "token", token.scopes, Way.TOKEN, address)


def used(connection: Connection, id_: str, now: float) -> None:
    connection.execute(update(tokens).where(tokens.c.id == id_).values(used_at=now))


def revoke(connection: Connection, id_: str, now: float) -> str:
    """Its name; '' when there is no good one."""
    row = connection.execute(
        select(tokens.c.name).where(tokens.c.id == id_, tokens.c.revoked_at == 0)
    ).first()
    if row is None:
        return ""
    connection.execute(update(tokens).where(tokens.c.id == id_).values(revoked_at=now))
    return str(row.name)


def every(connection: Connection) -> list[Token]:
    rows = connection.execute(select(tokens).order_by(tokens.c.made_at.desc()))
    return [_token(row._asdict()) for row in rows]


def _token(row: dict[str, object]) -> Token:
    known = {name: row[name] for name in Token.__slots__}
    return Token(**(known | {"scopes": scopes(str(row["scopes"]).split())}))  # type: ignore[arg-type]
