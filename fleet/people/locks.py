"""Wrong tries, and the growing waits that follow: for an account, and for an address.

A try is counted before it is looked at, so that many at once are not more than the same in a row.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from fleet.store.database import put
from fleet.store.people_tables import people_accounts as accounts
from fleet.store.people_tables import people_addresses as addresses


@dataclass(frozen=True, slots=True)
class Patience:
    """`free` tries; then a wait that doubles from `first` seconds to `most`."""

    free: int
    first: float
    most: float

    def wait(self, wrong: int) -> float:
        over = wrong - self.free
        return 0.0 if over < 0 else min(self.most, self.first * 2.0 ** min(over, 30))


ACCOUNT = Patience(free=5, first=30.0, most=900.0)
ADDRESS = Patience(free=20, first=30.0, most=3600.0)
FORGET_SECONDS = 3600.0  # an address without tries for so long begins anew


@dataclass(frozen=True, slots=True)
class Turn:
    """May this try be looked at? `wait`: seconds for which the address is not listened to."""

    granted: bool
    wait: float = 0.0
    closes: bool = False  # if it is wrong, the account waits


def reserve(connection: Connection, name: str, address: str, now: float) -> Turn:
    """Count a try as wrong, until `forgive` says otherwise."""
    connection.execute(delete(addresses).where(addresses.c.touched_at < now - FORGET_SECONDS))
    here = connection.execute(
        select(addresses).where(addresses.c.address == address).with_for_update()
    ).first()
    if here is not None and here.locked_until > now:
        return Turn(False, here.locked_until - now)
    wrong = (here.wrong if here else 0) + 1
    values = {
        "wrong": wrong,
        "locked_until": now + ADDRESS.wait(wrong) if ADDRESS.wait(wrong) else 0.0,
        "touched_at": now,
    }
    put(connection, addresses, {"address": address, **values}, ("address",), values)
    return _account(connection, name, now)


def _account(connection: Connection, name: str, now: float) -> Turn:
    query = select(accounts.c.wrong, accounts.c.locked_until)
    row = connection.execute(query.where(accounts.c.name == name).with_for_update()).first()
    if row is not None and row.locked_until > now:
        return Turn(False)
    tries = (row.wrong if row else 0) + 1
    wait = ACCOUNT.wait(tries)
    changed = update(accounts).where(accounts.c.name == name)
    connection.execute(changed.values(wrong=tries, locked_until=now + wait if wait else 0.0))
    return Turn(True, closes=wait > 0)


def forgive(connection: Connection, name: str, address: str) -> None:
    """The try was right: the account begins anew, the address has this one try back."""
    unlock(connection, name)
    fewer = update(addresses).where(addresses.c.address == address, addresses.c.wrong > 0)
    connection.execute(fewer.values(wrong=addresses.c.wrong - 1, locked_until=0.0))


def unlock(connection: Connection, name: str) -> None:
    changed = update(accounts).where(accounts.c.name == name)
    connection.execute(changed.values(wrong=0, locked_until=0.0))
