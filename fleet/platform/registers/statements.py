"""Tables of a person's records: contributions, a medical account, subsidies, the fund, taxes."""

from __future__ import annotations

from fleet.certificates.facts import Facts, Pair, Row, same
from fleet.platform.contract import Table
from fleet.platform.insurance import SCHEMES, account, history
from fleet.platform.numbers import birth_of
from fleet.platform.registers.draw import code, draw, one_of
from fleet.platform.registers.words import Asked, index, month, month_of, months, span, yuan

_MOST_MONTHS = 60
_CONTRIBUTIONS = (
    ("缴费月份", "Month"),
    ("险种", "Insurance"),
    ("缴费基数（元）", "Base, CNY"),
    ("个人缴费（元）", "By the person, CNY"),
    ("单位缴费（元）", "By the employer, CNY"),
)
_ALIASES = {"employees_pension": "pension", "residents_pension": "pension"}
_SUBSIDIES = (
    ("land", Pair("耕地地力保护补贴", "Arable land protection subsidy"), 9_000),
    ("grain", Pair("种粮农民一次性补贴", "Grain farmers' subsidy"), 2_400),
    ("machine", Pair("农机购置补贴", "Farm machinery subsidy"), 30_000),
    ("forest", Pair("生态公益林补偿", "Forest compensation"), 4_500),
)
_TAX_KINDS = (
    Pair("工资薪金所得", "Wages and salaries"),
    Pair("工资薪金所得", "Wages and salaries"),
    Pair("劳务报酬所得", "Fees for services"),
)


def statement(asked: Asked) -> Facts | None:
    """By what the form asks: a programme of subsidies, a scheme, or the year of an account."""
    names = {one.name for one in asked.item.fields}
    if names & {"programme", "program"}:
        return _subsidies(asked)
    if names & {"scheme", "schemes"}:
        return _contributions(asked)
    return _medical(asked)


def fund(asked: Asked) -> Facts | None:
    """The housing fund: deposits without a break, up to the last month."""
    known = history(asked.number, "pension", asked.today)
    if known is None or known.until < known.last:
        return None
    start = max(known.joined, index(asked.today) - 1 - draw(asked.number, "fund") % 150)
    count, base = known.last - start + 1, known.base(asked.today.year)
    monthly = base * 24  # fen: 12 per cent each of person and employer
    balance = monthly * count * (40 + draw(asked.number, "kept") % 60) // 100
    rows = (
        Row(Pair("公积金账号", "Account"), same(code("GJJ", asked.number))),
        Row(Pair("缴存单位", "Employer"), Pair(*known.unit)),
        Row(Pair("开户月份", "Since"), month(start)),
        Row(Pair("缴存状态", "Status"), Pair("正常", "Active")),
        Row(Pair("缴存基数（元）", "Base, CNY"), same(yuan(base * 100))),
        Row(Pair("月缴存额（元）", "Monthly, CNY"), same(yuan(monthly))),
        *asked.rows("account"),
    )
    named = {
        "months": months(count),
        "last_month": month(known.last),
        "balance": same(yuan(balance)),
    }
    return Facts(rows, None, named)


def tax_record(asked: Asked) -> Facts:
    """Month by month; nobody under working age has a record."""
    first, last = _span(asked, 12)
    known = history(asked.number, "pension", asked.today)
    rows, total = [], 0
    for each in range(first, last + 1):
        if known is None or not known.joined <= each <= known.until:
            continue
        income = known.base(each // 12) * 100 + draw(asked.number, each) % 50_000
        tax = max(income - 500_000, 0) * 3 // 100
        total += tax
        kind = one_of(_TAX_KINDS, asked.number, "tax", each).zh
        rows.append((month(each).zh, kind, yuan(income), yuan(tax)))
    head = (
        ("税款所属期", "Month"),
        ("所得项目", "Kind of income"),
        ("收入额（元）", "Income, CNY"),
        ("实缴税额（元）", "Tax paid, CNY"),
    )
    named = {"span": span(first, last), "total": same(yuan(total))}
    return Facts((), Table(head, tuple(rows)), named)


def _contributions(asked: Asked) -> Facts | None:
    chosen = _schemes(asked)
    found = [history(asked.number, scheme, asked.today) for scheme in chosen]
    histories = [one for one in found if one is not None]
    if not histories:
        return None
    known, kind = histories[0], SCHEMES[histories[0].scheme]
    first, last = _span(asked, 12)
    rows, total = [], 0
    for each, one in ((each, one) for each in range(first, last + 1) for one in histories):
        if one.paid(each):
            base, share = one.base(each // 12), SCHEMES[one.scheme]
            person, employer = base * share.personal // 10, base * share.employer // 10
            total += person + employer
            rows.append((month(each).zh, share.zh, yuan(base * 100), yuan(person), yuan(employer)))
    told = (
        Row(Pair("参保单位", "Employer"), Pair(*known.unit)),
        Row(Pair("首次参保", "First insured"), month(known.joined)),
        Row(Pair("缴费月数", "Months paid"), months(len({row[0] for row in rows}))),
        Row(Pair("缴费笔数", "Contributions"), same(len(rows))),
    )
    subject = Pair(f"{kind.zh}缴费", f"Contributions to {kind.en.lower()}")
    if len(histories) > 1:
        subject = Pair("社会保险缴费", "Contributions to social insurance")
    named = {"subject": subject, "span": span(first, last), "total": same(yuan(total))}
    return Facts(told, Table(_CONTRIBUTIONS, tuple(rows)), named)


def _schemes(asked: Asked) -> list[str]:
    """The schemes that were chosen, under the registers' names; the pension when none was."""
    wanted = asked.answer("schemes", "scheme").split(",")
    found = [_ALIASES.get(one.strip(), one.strip()) for one in wanted]
    return [one for one in dict.fromkeys(found) if one in SCHEMES] or ["pension"]


def _medical(asked: Asked) -> Facts | None:
    known = history(asked.number, "medical", asked.today)
    if known is None:
        return None
    year = asked.whole("year", least=2000, most=asked.today.year, other=asked.today.year)
    found = account(known, year)
    closing = ("当前余额（元）", "Present balance, CNY")
    if year < asked.today.year:
        closing = ("年末余额（元）", "Closing balance, CNY")
    told = (
        Row(Pair("查询年度", "Year"), same(year)),
        Row(Pair("年初余额（元）", "Opening balance, CNY"), same(yuan(found.opening))),
        Row(Pair("本年计入（元）", "Credited, CNY"), same(yuan(found.credited))),
        Row(Pair("本年支出（元）", "Spent, CNY"), same(yuan(found.spent))),
        Row(Pair(*closing), same(yuan(found.closing))),
    )
    named = {
        "subject": Pair("医疗保险个人账户", "The medical insurance account"),
        "span": Pair(f"{year}年", str(year)),
        "total": same(yuan(found.closing)),
    }
    return Facts(told, None, named)


def _subsidies(asked: Asked) -> Facts:
    year = asked.whole("year", least=2010, most=asked.today.year, other=asked.today.year)
    wanted, rows, total = asked.answer("programme", "program"), [], 0
    kinds = [one for one in _SUBSIDIES if one[0] == wanted] or list(_SUBSIDIES)
    for name, words, most in kinds:
        when = draw(asked.number, name, year, "month") % 12
        paid = draw(asked.number, name, year) % 3 and year * 12 + when <= index(asked.today)
        if paid and birth_of(asked.number) is not None:
            amount = (most // 10 + draw(asked.number, name, year, "fen") % most) * 10
            total += amount
            rows.append((month(year * 12 + when).zh, words.zh, yuan(amount), "社保卡 Card"))
    head = (
        ("发放月份", "Month"),
        ("补贴项目", "Programme"),
        ("金额（元）", "Amount, CNY"),
        ("发放方式", "Paid to"),
    )
    named = {
        "subject": Pair("惠农补贴", "Farming subsidies"),
        "span": Pair(f"{year}年", str(year)),
        "total": same(yuan(total)),
    }
    return Facts(tuple(asked.rows()), Table(head, tuple(rows)), named)


def _span(asked: Asked, usual: int) -> tuple[int, int]:
    """The months that were asked for: from and to, or how many of the last ones."""
    newest = index(asked.today) - 1
    count = asked.whole("months", "period", least=1, most=_MOST_MONTHS, other=usual)
    last = min(month_of(asked.answer("to", "last_month", "to_month"), newest), newest)
    given = asked.answer("from", "first_month", "from_month")
    first = month_of(given, last - count + 1)
    if given and asked.answer("months"):
        last = min(first + count - 1, newest)
    return max(min(first, last), last - _MOST_MONTHS + 1), last
