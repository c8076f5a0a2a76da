"""Benefits and work: entitlement confirmed, a card blocked, a status registered."""

from __future__ import annotations

import calendar
from datetime import date

from fleet.certificates.facts import Facts, Pair, Row, same
from fleet.platform.registers.draw import code
from fleet.platform.registers.words import NOT_GIVEN, Asked, day

_LOSS_MONTHS = 3
_ENTITLEMENT_MONTHS = 12


def qualification(asked: Asked) -> Facts:
    """Confirmed again for a year from today."""
    recipient = asked.said("recipient_name", "recipient", other=Pair("申请人本人", "The applicant"))
    due = _months_later(asked.today, _ENTITLEMENT_MONTHS)
    rows = (
        Row(Pair("认证编号", "Confirmation no."), same(code("RZ", asked.number, asked.today))),
        Row(Pair("认证日期", "Confirmed on"), day(asked.today)),
        Row(Pair("下次认证不晚于", "Next, no later than"), day(due)),
        *asked.rows(),
    )
    return Facts(rows, None, {"recipient": recipient, "next_day": day(due)})


def loss_report(asked: Asked) -> Facts:
    """A card is blocked at once, and can be freed within three months."""
    last = asked.answer("card_last4", "card_last_four", "last4", "card")[-4:]
    card = Pair(f"社会保障卡（尾号{last}）", f"Social security card ending in {last}")
    if not last:
        card = Pair("社会保障卡", "Social security card")
    until = day(_months_later(asked.today, _LOSS_MONTHS))
    rows = (
        Row(Pair("挂失编号", "Report no."), same(code("GS", asked.number, asked.today, last))),
        Row(Pair("挂失日期", "Reported on"), day(asked.today)),
        *asked.rows(),
    )
    return Facts(rows, None, {"card": card, "until_day": until})


def registration(asked: Asked) -> Facts:
    """Work, or being without work."""
    said = asked.said("status", "kind", other=NOT_GIVEN)
    kind = Pair(said.zh.partition("：")[0], said.en.partition(":")[0])
    label = Pair(f"{kind.zh}登记", f"Registration ({kind.en})")
    if kind == NOT_GIVEN:
        label = Pair(asked.item.task_name.zh, asked.item.task_name.en)
    elif kind.zh.endswith("登记"):
        label = kind
    rows = (
        Row(Pair("登记编号", "Registration no."), same(code("JY", asked.number))),
        Row(Pair("登记日期", "Registered on"), day(asked.today)),
        *asked.rows("status", "kind"),
    )
    return Facts(rows, None, {"kind": label, "from_day": day(asked.today)})


def _months_later(start: date, count: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
