"""What was asked of a register, and how answers, amounts and months are written on paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from fleet.certificates.facts import Pair, Row, same
from fleet.certificates.sheet import MONTHS, day
from kiosk.services import form
from kiosk.services.days import parse_date
from kiosk.services.fields import FieldType, FormField, Rule
from kiosk.services.item import Item

NOT_GIVEN = Pair("未填写", "Not given")
_KEPT = 4  # digits of a number that stay legible
LONGEST = 120  # characters of an answer that a paper shows
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


@dataclass(frozen=True, slots=True)
class Asked:
    """One look-up. Answers are what strangers typed: nothing in them is taken on trust."""

    item: Item
    number: str = field(repr=False)
    answers: Mapping[str, str] = field(repr=False)
    today: date

    def answer(self, *names: str) -> str:
        """The first of these that was answered; '' when none was."""
        return next((tidy(self.answers[n]) for n in names if self.answers.get(n, "").strip()), "")

    def said(self, *names: str, other: Pair = NOT_GIVEN) -> Pair:
        """The first of these answers, in words."""
        for name in names:
            asked = next((one for one in self.item.fields if one.name == name), None)
            if asked is not None and self.answers.get(name, "").strip():
                return shown(asked, self.answers[name])
        value = self.answer(*names)
        return Pair(value, value) if value else other

    def whole(self, *names: str, least: int, most: int, other: int) -> int:
        """A number within its limits; `other` when it is none."""
        value = self.answer(*names)
        if not (value.isascii() and value.isdigit() and len(value) < 16):
            return other
        return min(max(int(value), least), most)

    def day(self, *names: str) -> date:
        """Today when no such day was given."""
        return parse_date(self.answer(*names)) or self.today

    def rows(self, *leave_out: str) -> Iterator[Row]:
        """The form's answers, numbers masked; no phones, no lists of people, nothing sensitive."""
        for asked in self.item.fields if not self.item.sensitive else ():
            private = asked.rule is Rule.MOBILE or "phone" in asked.name
            if private or asked.type is FieldType.PEOPLE or asked.name in leave_out:
                continue
            if self.answers.get(asked.name, "").strip():
                label = asked.short if asked.short.zh else asked.label
                value = shown(asked, self.answers[asked.name])
                masked = asked.rule in (Rule.RESIDENT_NUMBER, Rule.BANK_CARD)
                yield Row(Pair(label.zh, label.en), same(hidden(value.zh)) if masked else value)


def hidden(number: str) -> str:
    """Somebody else's number, or that of an account: the paper is shown around."""
    return "*" * max(len(number) - _KEPT, 0) + number[-_KEPT:]


def shown(asked: FormField, value: str) -> Pair:
    """An answer in words, whatever was typed."""
    value = tidy(value)
    try:
        text = form.display(asked, value)
    except (KeyError, ValueError, OverflowError):
        return Pair(value, value)
    return Pair(tidy(text.zh), tidy(text.en))


def tidy(value: str) -> str:
    """Without control characters, and no longer than a paper can show."""
    kept = "".join(c for c in value if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl"})
    return kept.strip() if len(kept) <= LONGEST else f"{kept[: LONGEST - 1].strip()}…"


def yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02}"


def capital(fen: int) -> str:
    """An amount in the characters of a voucher: 叁佰捌拾元整."""
    if fen >= 10**18:
        return yuan(fen)
    whole, cents = divmod(max(fen, 0), 100)
    said = f"{_capital_whole(whole)}元"
    jiao, single = divmod(cents, 10)
    if not cents:
        return said + "整"
    said += f"{_DIGITS[jiao]}角" if jiao else "零"
    return said + (f"{_DIGITS[single]}分" if single else "整")


def _capital_whole(number: int) -> str:
    said, gap, place = "", False, 0
    while number:
        number, four = divmod(number, 10_000)
        if four:
            said = _capital_four(four) + _GROUPS[place] + ("零" if gap else "") + said
            gap = four < 1000
        elif said:
            gap = True
        place += 1
    return said or _DIGITS[0]


def _capital_four(number: int) -> str:
    said, zero = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if digit:
            said += ("零" if zero and said else "") + _DIGITS[digit] + _UNITS[place]
        zero = digit == 0
    return said


def month(number: int) -> Pair:
    """A month counted from year 0: year * 12 + month - 1."""
    year, zero_based = divmod(number, 12)
    return Pair(f"{year}年{zero_based + 1}月", f"{MONTHS[zero_based]} {year}")


def span(first: int, last: int) -> Pair:
    start, end = month(first), month(last)
    return start if first == last else Pair(f"{start.zh}至{end.zh}", f"{start.en} to {end.en}")


def months(count: int) -> Pair:
    return Pair(f"{count}个月", f"{count} month" if count == 1 else f"{count} months")


def index(when: date) -> int:
    return when.year * 12 + when.month - 1


def month_of(text: str, other: int) -> int:
    """The index of a month written YYYY-MM (or a day of it); `other` when it is none."""
    found = parse_date(f"{text[:7]}-01")
    return index(found) if found else other


__all__ = [
    "NOT_GIVEN", "Asked", "capital", "day", "index", "month", "month_of", "months", "shown",
    "span", "tidy", "yuan",
]  # fmt: skip
