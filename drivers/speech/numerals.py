"""Numbers, dates, amounts and codes -> the words a person would say. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

_DIGITS = "零一二三四五六七八九"
_SPELLED = "零幺二三四五六七八九"  # 1 is yāo in numbers that are told digit by digit
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
LARGEST = 10 ** (4 * len(_GROUPS)) - 1
_MEASURES = "个份张页次位天周种条项名家封户件台分小秒点步元"  # before these, 2 is 两
_PAUSES: Mapping[int, tuple[int, ...]] = MappingProxyType(
    {18: (6, 4, 4, 4), 17: (6, 4, 4, 3), 11: (3, 4, 4)}
)
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "km": "公里",
        "kg": "公斤",
        "cm": "厘米",
        "mm": "毫米",
        "m": "米",
        "g": "克",
        "MB": "兆",
        "KB": "千字节",
        "kB": "千字节",
        "GB": "吉字节",
        "°C": "摄氏度",
    }
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_GROUPED = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?"
_NUMBER = rf"{_GROUPED}|\d+(?:\.\d+)?"
_DATE = r"(?<!\d)(?P<y>\d{4})[-/.年](?P<m>0?[1-9]|1[0-2])[-/.月](?P<d>[0-2]?\d|3[01])(?!\d)日?"
# letters, digits and stars that are one thing: with a digit and a letter or star, or long
_CODE = (
    r"(?<![A-Za-z0-9*])(?P<code>"
    r"(?=[A-Za-z*-]*\d)(?=[\d-]*[A-Za-z*])[A-Za-z0-9*]+(?:-[A-Za-z0-9*]+)*"
    r"|(?=(?:-?\d){7,}(?!\d))\d+(?:-\d+)*"
    r"|0\d+(?!\d)"
    r")(?![A-Za-z0-9*]|\.\d)"
)
_CALL = r"(?<=电话|热线|拨打|致电|尾号|号码)(?P<lead>[:为是 ]{0,2})(?P<call>\d{3,6})(?![\d-])"
_CHINESE = re.compile(
    rf"{_DATE}"
    r"|(?P<year>(?<!\d)\d{4})(?=年)"
    r"|(?<!\d)(?<!\d:)(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?!\d)"
    rf"|{_CALL}"
    rf"|(?P<measured>(?:{_NUMBER}))\s*(?P<unit>{'|'.join(_UNITS)})(?![A-Za-z])"
    rf"|{_CODE}"
    rf"|(?P<percent>{_NUMBER})%"
    rf"|¥\s*(?P<money>{_NUMBER})\s*元?"
    rf"|(?P<number>{_NUMBER})"
)
_RANGE = re.compile(
    r"(?<=[点整分年月日号元零一二三四五六七八九十百千万两])\s*[-~–—]+\s*(?=[零一二三四五六七八九十两])"
)
_ENGLISH = re.compile(
    rf"{_DATE}|{_CODE}|¥\s*(?P<money>{_NUMBER})|(?P<number>{_GROUPED})|(?P<long>\d{{7,}})"
)


def chinese(text: str) -> str:
    """All numbers in `text` as Chinese words; letters of codes stay, one by one."""
    return _RANGE.sub("到", _CHINESE.sub(_chinese, text))


def english(text: str) -> str:
    """What an English voice would read wrongly: dates, amounts, and codes digit by digit."""
    return _ENGLISH.sub(_english, text)


def number(said: str) -> str:
    """A number with or without fraction and thousands' commas, in Chinese words."""
    whole, _, fraction = said.replace(",", "").partition(".")
    if int(whole) > LARGEST:
        return spelled(whole)
    tail = "点" + "".join(_DIGITS[int(digit)] for digit in fraction) if fraction else ""
    return _whole(int(whole)) + tail


def spelled(code: str) -> str:
    """Digit by digit, with pauses; hidden digits are counted."""
    return ", ".join(_pieces(code, _chinese_digits, "隐藏{}位", _whole))


def _whole(value: int) -> str:
    if value == 0:
        return "零"
    groups: list[int] = []
    while value:
        value, group = divmod(value, 10_000)
        groups.append(group)
    said, gap = "", False
    for at in reversed(range(len(groups))):
        group = groups[at]
        if not group:
            gap = bool(said)
            continue
        said += "零" if said and (gap or group < 1000) else ""
        said += _group(group) + _GROUPS[at]
        gap = False
    said = re.sub(r"(?:^|(?<=[万亿]))二(?=[千万亿])", "两", said)
    return said[1:] if said.startswith("一十") else said


def _group(value: int) -> str:
    """1 to 9999."""
    said, gap = "", False
    for at in (3, 2, 1, 0):
        digit = value // 10**at % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + _PLACES[at]
        gap = not digit
    return said


def _chinese(match: re.Match[str]) -> str:
    told = {name: value for name, value in match.groupdict().items() if value is not None}
    kind = next(name for name in _SAYINGS if name in told)
    if kind == "number":
        before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
        return _counted(told["number"], before, after)
    return _SAYINGS[kind](told)


def _counted(said: str, before: str, after: str) -> str:
    measured = bool(after) and after in _MEASURES and before != "第"
    return "两" if said == "2" and measured else number(said)


def _short(amount: str) -> str:
    """Without fen that are none."""
    return amount.rstrip("0").rstrip(".") if "." in amount else amount


def _clock(told: Mapping[str, str]) -> str:
    hour, minute = int(told["hour"]), int(told["minute"])
    spoken_hour = "两" if hour == 2 else _whole(hour)
    if not minute:
        return f"{spoken_hour}点整"
    return f"{spoken_hour}点{'零' if minute < 10 else ''}{_whole(minute)}分"


def _plain(digits: str) -> str:
    return "".join(_DIGITS[int(digit)] for digit in digits)


def _chinese_digits(digits: str) -> str:
    return "".join(_SPELLED[int(digit)] for digit in digits)


_SAYINGS: Mapping[str, Callable[[Mapping[str, str]], str]] = MappingProxyType(
    {
        "y": lambda told: (
            f"{_plain(told['y'])}年{_whole(int(told['m']))}月{_whole(int(told['d']))}日"
        ),
        "year": lambda told: _plain(told["year"]),
        "hour": _clock,
        "call": lambda told: ", " + _chinese_digits(told["call"]),
        "unit": lambda told: number(told["measured"]) + _UNITS[told["unit"]],
        "code": lambda told: spelled(told["code"]),
        "percent": lambda told: "百分之" + number(told["percent"]),
        "money": lambda told: number(_short(told["money"])) + "元",
        "number": lambda told: number(told["number"]),
    }
)


def _english(match: re.Match[str]) -> str:
    told = match.groupdict()
    if told["y"]:
        return f"{int(told['d'])} {_MONTHS[int(told['m']) - 1]} {told['y']}"
    if told["money"]:
        return f"{_short(told['money'])} yuan"
    if told["number"]:
        return _short(told["number"])
    code = told["code"] or told["long"]
    return ", ".join(_pieces(code, " ".join, "{} hidden", str))


def _pieces(
    code: str, digits: Callable[[str], str], hidden: str, count: Callable[[int], str]
) -> Iterator[str]:
    for run in re.findall(r"\d+|\*+|[A-Za-z]+", code):
        if run[0] == "*":
            yield hidden.format(count(len(run)))
        elif run.isdecimal():
            yield from (digits(piece) for piece in _grouped(run))
        else:
            yield " ".join(run.upper())


def _grouped(digits: str) -> Iterator[str]:
    """As people say long numbers: a telephone's 3-4-4, else four by four."""
    for size in _PAUSES.get(len(digits), (4,) * ((len(digits) + 3) // 4)):
        yield digits[:size]
        digits = digits[size:]
