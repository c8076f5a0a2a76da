"""A complaint or a word to the hotline, made at a terminal, signed in or not."""

from __future__ import annotations

from typing import Annotated

import msgspec
from sqlalchemy import Connection

from fleet.handling import desk
from fleet.handling.context import Context
from fleet.handling.orders import OrderFault
from fleet.records import NOT_JSON
from kiosk.wire import NumberFault, read_case_number


class Complaint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What travels as the `secret` of a sealed `kiosk.wire.IdentityRequest`.

    `id`: made by the terminal; the same when it sends the same complaint again. `line`: the
    hotline that the citizen wanted, "" for the office itself. `about`: which kind of complaint was
    chosen; without words it is the complaint. `phone`: to be called back at.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9-]{8,64}\Z")]
    text: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    line: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{0,12}\Z")] = ""
    case_no: Annotated[str, msgspec.Meta(max_length=64)] = ""
    phone: Annotated[str, msgspec.Meta(pattern=r"^[0-9+-]{0,20}\Z")] = ""
    about: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{0,32}\Z")] = ""


def enter(
    connection: Connection, context: Context, terminal: str, said: str, sealed: str
) -> desk.Order | OrderFault:
    """`said`: JSON of a `Complaint`; `sealed`: the request as it came, which is what is kept."""
    wanted = wanted_of(context, terminal, said, sealed)
    if isinstance(wanted, OrderFault):
        return wanted
    return desk.open_order(connection, context.orders, context.calendar, context.clock(), wanted)


def wanted_of(
    context: Context, terminal: str, said: str, sealed: str, number: str = ""
) -> desk.Request | OrderFault:
    """`number`: that the terminal has told the citizen; "" when it has told none."""
    try:
        complaint = msgspec.json.decode(said, type=Complaint)
    except NOT_JSON:
        return OrderFault.MALFORMED
    if not complaint.text.strip() and not complaint.about:
        return OrderFault.MALFORMED
    kind = context.orders.line(complaint.line)
    if isinstance(kind, OrderFault):
        return kind
    case_no = read_case_number(complaint.case_no)
    return desk.Request(
        kind,
        f"{terminal}:{complaint.id}",
        "" if isinstance(case_no, NumberFault) else case_no,
        terminal,
        sealed,
        number,
    )
