"""What the sample platform's papers say: a person's history as lines and as a certificate."""

from __future__ import annotations

import calendar
from datetime import date

from fleet.certificates import issue
from fleet.certificates.compose import InsuranceSheet, Pair, YearRow
from fleet.platform.insurance import SCHEMES, History, account
from kiosk.wire import CasePayload

PURPOSES = {
    "loan": Pair("贷款", "A loan"),
    "school": Pair("子女入学", "A child's school"),
    "housing": Pair("落户或住房", "Registration or housing"),
    "other": Pair("其他用途", "Other"),
}
ID_LABELS = {
    "": Pair("公民身份号码", "ID number"),
    "J": Pair("居住证证件号码", "Residence permit no."),
    "I": Pair("永久居留证件号码", "Permanent resident no."),
    "Y": Pair("永久居留证件号码", "Permanent resident no."),
}
INSURED = Pair("正常参保", "Insured")
PAUSED = Pair("暂停缴费", "Paused")
RECEIVING = Pair("享受待遇", "Receiving benefits")
ENDED = Pair("终止参保", "Ended")

Lines = tuple[tuple[str, str, str], ...]


def statement(known: History, year: int, today: date) -> Lines:
    """The medical account of one year, as (label zh, label en, value)."""
    found = account(known, year)
    open_year = year == today.year
    return (
        ("查询年度", "Year", str(year)),
        ("年初余额（元）", "Opening balance, CNY", yuan(found.opening)),
        ("本年计入（元）", "Credited, CNY", yuan(found.credited)),
        ("本年支出（元）", "Spent, CNY", yuan(found.spent)),
        (
            "当前余额（元）" if open_year else "年末余额（元）",
            "Present balance, CNY" if open_year else "Closing balance, CNY",
            yuan(found.closing),
        ),
    )


def insurance_sheet(
    case: CasePayload, known: History, number: str, authority: Pair, today: date
) -> InsuranceSheet:
    """Everything on the certificate but its QR code."""
    months = int(case.answers["period"])
    first, last = known.last - months + 1, known.last
    scheme = SCHEMES[known.scheme]
    return InsuranceSheet(
        number=number,
        authority=authority,
        holder=case.applicant.name.strip(),
        id_label=ID_LABELS.get(case.applicant.card_type, ID_LABELS[""]),
        id_number=case.applicant.number,
        scheme=Pair(scheme.zh, scheme.en),
        unit=Pair(*known.unit),
        status=_status(known),
        purpose=PURPOSES[case.answers["purpose"]],
        first_month=month(known.joined),
        total_months=known.total,
        span=span(first, last),
        span_months=months,
        paid_months=known.months(first, last),
        years=tuple(_row(known, y, first, last) for y in range(first // 12, last // 12 + 1)),
        issued=issue.day(today),
        valid_until=issue.day(issue.valid_until(today)),
    )


def summary(sheet: InsuranceSheet) -> str:
    """One line of what is certified, for the QR code."""
    return f"{sheet.scheme.zh}，{sheet.span.zh}缴费{sheet.paid_months}个月"


def month(number: int) -> Pair:
    """A month counted from year 0, in words."""
    year, zero_based = divmod(number, 12)
    name = calendar.month_name[zero_based + 1]
    return Pair(f"{year}年{zero_based + 1}月", f"{name} {year}")


def span(first: int, last: int) -> Pair:
    start, end = month(first), month(last)
    if first == last:
        return start
    return Pair(f"{start.zh}至{end.zh}", f"{start.en} to {end.en}")


def yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02}"


def _status(known: History) -> Pair:
    if known.until < known.last:
        return RECEIVING if known.scheme == "pension" else ENDED
    return INSURED if known.paid(known.last) else PAUSED


def _row(known: History, year: int, first: int, last: int) -> YearRow:
    months = known.months(max(first, year * 12), min(last, year * 12 + 11))
    scheme, base = SCHEMES[known.scheme], known.base(year)
    return YearRow(
        year=str(year),
        months=str(months),
        base=yuan(base * 100),
        personal=yuan(months * base * scheme.personal // 10),
        employer=yuan(months * base * scheme.employer // 10),
    )
