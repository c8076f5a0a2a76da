"""What a citizen leaves with: a visit's outcome as the lines of a slip, and its case number.

Pure. A slip is bilingual, the visit's language first, because a clerk may read it later. It shows
the masked name and number only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from kiosk.model import (
    Align,
    Language,
    PairLine,
    QrLine,
    Receipt,
    ReceiptLine,
    RuleLine,
    Text,
    TextLine,
)

CASE_PREFIX = "KIOSK:CASE:"


class Standing(StrEnum):
    """How far a case has come when its slip is printed."""

    DECIDED = "decided"
    ACCEPTED = "accepted"
    PROVISIONAL = "provisional"
    REFUSED = "refused"
    ANSWERED = "answered"  # a query: the answer is on the slip


@dataclass(frozen=True, slots=True)
class Slip:
    """Everything that a slip can say. `name` and `number` come masked; `time` is local.

    `reason` is the gateway's code for why a case was refused, or why a person looks at it first.
    `record_hash` and `seq` are those of the case's record in this terminal's journal: with them
    anybody can show later that the record was not changed.
    """

    terminal: str
    site: Text
    item: Text
    case_no: str
    standing: Standing
    name: str = field(repr=False)
    number: str = field(repr=False)
    time: datetime
    hotline: str
    record_hash: str
    seq: int
    language: Language = Language.ZH
    due: date | None = None
    certificate_no: str = ""
    reason: str = ""
    result: tuple[tuple[Text, str], ...] = field(default=(), repr=False)
    demonstration: bool = False


HEADINGS = {
    Standing.DECIDED: Text("办结回执", "Completed"),
    Standing.ACCEPTED: Text("受理回执", "Accepted"),
    Standing.PROVISIONAL: Text("临时回执", "Provisional receipt"),
    Standing.REFUSED: Text("不予受理通知", "Not accepted"),
    Standing.ANSWERED: Text("查询结果单", "Your answer"),
}

NEXT = {
    Standing.DECIDED: Text(
        "事项已办结。有疑问请凭办件编号拨打{hotline}。",
        "This is completed. For questions call {hotline} with the case number.",
    ),
    Standing.ACCEPTED: Text(
        "申请已受理。查询进度请凭办件编号拨打{hotline}。",
        "Your application is accepted. To ask about it, call {hotline} with the case number.",
    ),
    Standing.PROVISIONAL: Text(
        "还没有收到后台确认。申请已安全保存在本终端，网络恢复后自动提交并确认，您不必重新办理。"
        "是否已确认，请凭办件编号拨打{hotline}。",
        "No confirmation has arrived yet. Your application is safe on this terminal; it will be "
        "sent and confirmed when the network is back, and you need not apply again. To ask "
        "whether it is confirmed, call {hotline} with the case number.",
    ),
    Standing.REFUSED: Text(
        "本次申请未被受理，没有产生费用。有异议请凭办件编号拨打{hotline}。",
        "This application was not accepted, and nothing was charged. If you disagree, call "
        "{hotline} with the case number.",
    ),
    Standing.ANSWERED: Text(
        "以上是查询时的记录。有疑问请凭办件编号拨打{hotline}。",
        "This is what the records say now. For questions call {hotline} with the case number.",
    ),
}
CERTIFIED = Text(
    "事项已办结，证明已开具。证明上的二维码不联网也能核验真伪。",
    "This is completed. The QR code on your certificate can be verified offline.",
)

REASONS = {
    "not_insured": Text("未查到所选险种的参保登记", "Not registered for this insurance"),
    "bad_holder": Text("姓名或证件号码有误", "The name or ID number cannot be right"),
    "bad_answers": Text("所填内容不符合要求", "An answer is missing or out of range"),
    "unknown_item": Text("该事项已停止受理", "This service is no longer offered"),
    "case_reused": Text("办件编号重复", "The case number is already in use"),
    "identity_check": Text("由工作人员核对人证", "A person compares face and card"),
    "rare_character": Text("姓名含生僻字，由人工制证", "A rare character: made by hand"),
}
UNSAID = Text("请向服务窗口询问", "Please ask at the service desk")

ITEM = Text("事项", "Service")
CASE_NO = Text("办件编号", "Case no.")
APPLICANT = Text("申请人", "Applicant")
NUMBER = Text("证件号码", "ID number")
TIME = Text("时间", "Time")
DUE = Text("承诺办结日", "Due by")
CERTIFICATE_NO = Text("证明编号", "Certificate")
REASON = Text("原因", "Reason")
TERMINAL = Text("终端", "Terminal")
HOTLINE = Text("咨询投诉", "Help")
RECORD = Text("存证", "Record")
AGAIN = Text("", "")  # no label: the same in the other language
DEMONSTRATION = Text("演示样张，没有效力", "Demonstration only, of no effect")


def compose(slip: Slip) -> Receipt:
    """The slip from top to bottom."""
    parts = (_head, _facts, _result, _what_next, _foot)
    return Receipt(tuple(line for part in parts for line in part(slip)))


def _head(slip: Slip) -> Iterator[ReceiptLine]:
    first, second = _ordered(slip.site, slip.language)
    yield TextLine(first, Align.CENTRE)
    yield TextLine(second, Align.CENTRE)
    yield RuleLine()
    first, second = _ordered(HEADINGS[slip.standing], slip.language)
    yield TextLine(first, Align.CENTRE, scale=2, bold=True)
    yield TextLine(second, Align.CENTRE)
    if slip.demonstration:
        for text in _ordered(DEMONSTRATION, slip.language):
            yield TextLine(text, Align.CENTRE, bold=True)
    yield RuleLine()


def _facts(slip: Slip) -> Iterator[ReceiptLine]:
    item, item_again = _ordered(slip.item, slip.language)
    reason, reason_again = _ordered(_reason(slip), slip.language)
    facts = (
        (ITEM, item),
        (AGAIN, item_again),
        (CASE_NO, slip.case_no),
        (APPLICANT, slip.name),
        (NUMBER, slip.number),
        (TIME, f"{slip.time:%Y-%m-%d %H:%M}"),
        (DUE, slip.due.isoformat() if slip.due else ""),
        (CERTIFICATE_NO, slip.certificate_no),
        (REASON, reason),
        (AGAIN, reason_again),
    )
    for label, value in facts:
        if value:
            yield PairLine(_label(label, slip.language), value)


def _reason(slip: Slip) -> Text:
    """A refusal always has a reason; otherwise only what the citizen should know of."""
    return REASONS.get(slip.reason, UNSAID if slip.standing is Standing.REFUSED else AGAIN)


def _result(slip: Slip) -> Iterator[ReceiptLine]:
    if slip.result:
        yield RuleLine()
    for label, value in slip.result:
        yield PairLine(label.into(slip.language), value)


def _what_next(slip: Slip) -> Iterator[ReceiptLine]:
    certified = slip.standing is Standing.DECIDED and slip.certificate_no
    sentence = CERTIFIED if certified else NEXT[slip.standing]
    first, second = _ordered(sentence, slip.language)
    yield RuleLine()
    yield TextLine(first.format(hotline=slip.hotline), bold=True)
    yield TextLine(second.format(hotline=slip.hotline))
    yield QrLine(CASE_PREFIX + slip.case_no)
    yield RuleLine()


def _foot(slip: Slip) -> Iterator[ReceiptLine]:
    yield PairLine(_label(TERMINAL, slip.language), slip.terminal)
    yield PairLine(_label(HOTLINE, slip.language), slip.hotline)
    yield PairLine(_label(RECORD, slip.language), f"{slip.seq} {slip.record_hash[:16]}")


def _ordered(text: Text, language: Language) -> tuple[str, str]:
    return (text.zh, text.en) if language is Language.ZH else (text.en, text.zh)


def _label(text: Text, language: Language) -> str:
    return " ".join(_ordered(text, language)).strip()


# ---- Case numbers ----------------------------------------------------------------------------

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CASE_NUMBER = re.compile(r"([0-9A-Z]{1,32}-[0-9]{8}-[0-9]{5,9})-([0-9A-Z])")


def case_number(terminal: str, day: date, serial: int) -> str:
    """Such as KT0001-20261121-00042-N: terminal, day, serial of this terminal, check character.

    Terminals whose ids differ only in case or hyphens would share their numbers.
    """
    letters = "".join(c for c in terminal.upper() if c in _ALPHABET)
    body = f"{letters}-{day:%Y%m%d}-{serial:05d}"
    return f"{body}-{_check_character(body)}"


def check_case_number(text: str) -> bool:
    """Is this a whole case number, with no character mistyped? Small letters are welcome."""
    match = _CASE_NUMBER.fullmatch(text.strip().upper())
    return match is not None and match[2] == _check_character(match[1])


def _check_character(body: str) -> str:
    """ISO 7064 MOD 37,36: finds every wrong character and nearly every swap of two neighbours."""
    product = 36
    for character in body.replace("-", ""):
        total = (product + _ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return _ALPHABET[(37 - product) % 36]
