"""Social insurance: who is insured since when, and what is paid for it or for a bill."""

from __future__ import annotations

from fleet.certificates.facts import Facts, Pair, Row, same
from fleet.platform.contract import Table
from fleet.platform.insurance import SCHEMES, History, history
from fleet.platform.registers.draw import code, draw
from fleet.platform.registers.words import (
    Asked,
    capital,
    day,
    month,
    months,
    span,
    yuan,
)
from kiosk.services import fees
from kiosk.services.fields import FieldType

_INSURED = Pair("正常参保", "Insured")
_PAUSED = Pair("暂停缴费", "Paused")
_RECEIVING = Pair("享受待遇", "Receiving benefits")
_ENDED = Pair("终止参保", "Ended")
_LONGEST = 36  # months that a certificate shows
_HEAD = (
    ("缴费年度", "Year"),
    ("缴费月数", "Months"),
    ("月缴费基数（元）", "Monthly base, CNY"),
    ("个人缴费（元）", "By the person, CNY"),
    ("单位缴费（元）", "By the employer, CNY"),
)


def insurance(asked: Asked) -> Facts | None:
    """One scheme over the last `period` months."""
    scheme = asked.answer("scheme")
    known = history(asked.number, scheme if scheme in SCHEMES else "pension", asked.today)
    if known is None:
        return None
    period = asked.whole("period", "months", least=1, most=_LONGEST, other=12)
    first, last = known.last - period + 1, known.last
    kind = SCHEMES[known.scheme]
    name = Pair(kind.zh, kind.en)
    purpose = asked.said("purpose")
    rows = (
        Row(Pair("险种", "Insurance"), name),
        Row(Pair("参保状态", "Status"), _status(known)),
        Row(Pair("首次参保", "First insured"), month(known.joined)),
        Row(Pair("累计缴费", "Paid in total"), months(known.total)),
        Row(Pair("参保单位", "Employer"), Pair(*known.unit)),
        Row(Pair("用途", "Purpose"), purpose),
    )
    named = {
        "scheme": name,
        "span": span(first, last),
        "span_months": same(period),
        "months": months(period),
        "paid_months": same(known.months(first, last)),
        "purpose": purpose,
    }
    years = range(first // 12, last // 12 + 1)
    table = Table(_HEAD, tuple(_year(known, year, first, last) for year in years))
    return Facts(rows, table, named)


def voucher(asked: Asked) -> Facts:
    """What was paid: the fees of the item, as the answers choose them."""
    fen = _amount(asked)
    payee = next((fee.payee for fee in asked.item.fees if fee.payee.zh), asked.item.dept_name)
    named = {
        "amount": same(yuan(fen)),
        "amount_words": same(capital(fen)),
        "payee": asked.said("provider", other=Pair(payee.zh, payee.en)),
        "item_paid": Pair(asked.item.task_name.zh, asked.item.task_name.en),
    }
    rows = (
        Row(Pair("缴费项目", "For"), named["item_paid"]),
        Row(Pair("金额（元）", "Amount, CNY"), named["amount"]),
        Row(Pair("缴费日期", "Paid on"), day(asked.today)),
        Row(Pair("收款方", "Payee"), named["payee"]),
        Row(Pair("流水号", "Reference"), same(_reference(asked, fen))),
        *asked.rows("provider", *(f.name for f in asked.item.fields if f.type is FieldType.MONEY)),
    )
    return Facts(rows, None, named)


def _reference(asked: Asked, fen: int) -> str:
    told = sorted(asked.answers.items())
    return code("P", asked.number, asked.item.task_code, asked.today, fen, told)


def _amount(asked: Asked) -> int:
    """Fen. A bill that says no amount is drawn: a sample has to show one."""
    try:
        due = fees.amount(asked.item, asked.answers)
    except fees.FeeError:
        due = 0
    return due or 2_000 + draw(asked.number, "bill", asked.today) % 18_000


def _year(known: History, year: int, first: int, last: int) -> tuple[str, ...]:
    paid = known.months(max(first, year * 12), min(last, year * 12 + 11))
    scheme, base = SCHEMES[known.scheme], known.base(year)
    return (
        str(year),
        str(paid),
        yuan(base * 100),
        yuan(paid * base * scheme.personal // 10),
        yuan(paid * base * scheme.employer // 10),
    )


def _status(known: History) -> Pair:
    if known.until < known.last:
        return _RECEIVING if known.scheme == "pension" else _ENDED
    return _INSURED if known.paid(known.last) else _PAUSED
