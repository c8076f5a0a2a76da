"""Double entry: money is never made or lost here, only moved between four accounts.

| posting | debit | credit |
|---|---|---|
| received | provider | held |
| settled | held | payee |
| returning | held | due |
| revoked (a settled case was refused) | payee | due |
| returned | due | provider |

So `provider` = received - returned, and once nothing is under way it equals `payee`: settled cases.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection, func, select

from fleet.store.payment_tables import payment_entries as entries


class Account(StrEnum):
    PROVIDER = "provider"  # what the provider has for us
    HELD = "held"  # citizens' money that no case has claimed yet
    PAYEE = "payee"  # what belongs to the offices
    DUE = "due"  # what has to go back


class Posting(StrEnum):
    RECEIVED = "received"
    SETTLED = "settled"
    RETURNING = "returning"
    REVOKED = "revoked"
    RETURNED = "returned"


SIDES: dict[Posting, tuple[Account, Account]] = {
    Posting.RECEIVED: (Account.PROVIDER, Account.HELD),
    Posting.SETTLED: (Account.HELD, Account.PAYEE),
    Posting.RETURNING: (Account.HELD, Account.DUE),
    Posting.REVOKED: (Account.PAYEE, Account.DUE),
    Posting.RETURNED: (Account.DUE, Account.PROVIDER),
}


def post(
    connection: Connection, kind: Posting, trade_no: str, order_no: str, amount: int, *, now: float
) -> None:
    """A second posting of the same kind for one trade breaks a constraint, and its transaction."""
    debit, credit = SIDES[kind]
    common = {"trade_no": trade_no, "order_no": order_no, "kind": kind.value, "at": now}
    sides = ((debit, amount), (credit, -amount))
    rows = [{**common, "account": account.value, "amount": signed} for account, signed in sides]
    connection.execute(entries.insert(), rows)


def balances(connection: Connection) -> dict[Account, int]:
    """Debits less credits of each account: those of `held`, `payee` and `due` are below nought."""
    query = select(entries.c.account, func.sum(entries.c.amount)).group_by(entries.c.account)
    found = {name: int(total) for name, total in connection.execute(query)}
    return {account: found.get(account.value, 0) for account in Account}
