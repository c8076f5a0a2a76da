"""What is not right on the pages of secrets and of cases: each reason has a sentence with its cause
and with what to do, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from enquirywork import CASE, around, by_card, by_number, scanner, shown, to_cases
from fakes import Bench
from kiosk.model import Code, EnquiryFault, Language, ScanFault, SecretFault, Text, TooOften
from kiosk.view import Body, CasesBody, QuestionBody
from screens.words import Words as Catalogues
from screens.words import offered

LOCALES = Path(__file__).parents[2] / "config" / "locales"
SAID = Catalogues(LOCALES, strict=True)
LANGUAGES = ("zh_CN", "zh_TW", "en")

# Of each reason: the cause and what to do, in the order of LANGUAGES.
SAYINGS = {
    "error.secret.wrong": (
        ("数字对不上", "再输一次"),
        ("數字對不上", "再輸一次"),
        ("digits do not match", "Try again"),
    ),
    "error.secret.expired": (
        ("已过期", "请重新发送"),
        ("已過期", "請重新傳送"),
        ("too old", "Ask for a new one"),
    ),
    "error.secret.locked": (
        ("输错太多次", "请等一会儿"),
        ("輸錯太多次", "請等一會兒"),
        ("Too many wrong tries", "Please wait"),
    ),
    "error.secret.not_registered": (
        ("没有查到您的登记", "换别的方式"),
        ("沒有查到您的登記", "換別的方式"),
        ("Nothing on file", "use another way"),
    ),
    "error.secret.too_soon": (
        ("刚刚发过", "请稍等"),
        ("剛剛發過", "請稍等"),
        ("Sent just now", "wait a little"),
    ),
    "error.secret.unreachable": (
        ("连不上", "稍后再试"),
        ("連不上", "稍後再試"),
        ("No connection", "try again soon"),
    ),
    "error.case_no.number.empty": (
        ("还没有输入", "回执上的办件编号"),
        ("還沒有輸入", "回執上的辦件編號"),
        ("Nothing is typed", "number on your receipt"),
    ),
    "error.case_no.number.shape": (
        ("现在有 4 个字符", "KT0001-20261121-00042-N"),
        ("現在有 4 個字元", "KT0001-20261121-00042-N"),
        ("This has 4 characters", "KT0001-20261121-00042-N"),
    ),
    "error.case_no.number.check": (
        ("有一位不对", "对照回执"),
        ("有一位不對", "對照回執"),
        ("One character is not right", "compare it with your receipt"),
    ),
    "error.case_no.code.empty": (
        ("没有读出", "再试一次"),
        ("沒有讀出", "再試一次"),
        ("could not be read", "try again"),
    ),
    "error.case_no.code.shape": (
        ("不是办件的二维码", "请用受理回执"),
        ("不是辦件的QR碼", "請用受理回執"),
        ("not the code of a case", "use your receipt"),
    ),
    "error.case_no.code.check": (
        ("有损坏", "请输入编号"),
        ("有損壞", "請輸入編號"),
        ("damaged", "type the number"),
    ),
    "error.cases.unreachable": (
        ("网络不通", "拨打12345"),
        ("網路不通", "撥打12345"),
        ("No network", "call 12345"),
    ),
    "error.cases.unknown": (
        ("查不到这个办件", "稍后再查"),
        ("查不到這個辦件", "稍後再查"),
        ("No such case yet", "try later"),
    ),
    "error.cases.nothing": (
        ("名下没有办件", "用编号查"),
        ("名下沒有辦件", "用編號查"),
        ("no cases in your name", "use its number"),
    ),
    "error.cases.too_often": (
        ("查得太多", "等3分钟"),
        ("查得太多", "等3分鐘"),
        ("Too many look-ups", "wait 3 min"),
    ),
}


def check(key: str, **figures: Text | int) -> None:
    for name, parts in zip(LANGUAGES, SAYINGS[key], strict=True):
        language = Language(name)
        told = {k: v.into(language) if isinstance(v, Text) else v for k, v in figures.items()}
        words = SAID.say(key, language, **told)
        assert all(part in words for part in parts), (words, parts)
        assert "{" not in words


def wrong(body: Body) -> bool:
    return isinstance(body, QuestionBody | CasesBody) and bool(body.error)


def test_no_reason_and_no_language_is_left_out() -> None:
    known = {
        key
        for key in SAID.keys(Language.EN)
        if re.match(r"error\.(secret|case_no|cases)\.", key)
    }  # fmt: skip
    assert known == set(SAYINGS)
    assert {str(one) for one in offered(LOCALES)} == set(LANGUAGES)


@pytest.mark.parametrize("fault", SecretFault)
def test_a_secret_that_is_refused(fault: SecretFault) -> None:
    check(f"error.secret.{fault}")


BAD = CASE[:-1] + ("A" if CASE[-1] != "A" else "B")


@pytest.mark.parametrize(
    ("typed", "reason"), [("", "empty"), ("KT-1", "shape"), (BAD, "check"), ("张三李四", "shape")]
)
async def test_a_number_that_is_typed(bench: Bench, typed: str, reason: str) -> None:
    around(bench)
    await to_cases(bench)
    await by_number(bench, typed)
    body = await shown(bench, wrong)
    assert isinstance(body, QuestionBody)
    assert body.error == f"error.case_no.number.{reason}"
    check(body.error, **dict(body.figures))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (ScanFault.NOT_READABLE, "empty"),
        (Code("qr", "https://example.invalid/"), "shape"),
        (Code("qr", f"KIOSK:CASE:{BAD}"), "check"),
    ],
)
async def test_a_code_that_is_shown(bench: Bench, code: Code | ScanFault, reason: str) -> None:
    around(bench)
    await to_cases(bench)
    scanner(bench).codes.put_nowait(code)
    body = await shown(bench, wrong)
    assert isinstance(body, CasesBody)
    assert body.error == f"error.case_no.code.{reason}"
    check(body.error, wait=body.wait)


@pytest.mark.parametrize(
    ("told", "often", "reason"),
    [
        (EnquiryFault.UNREACHABLE, None, "unreachable"),
        (EnquiryFault.UNKNOWN, None, "unknown"),
        ((), TooOften(180), "too_often"),
    ],
)
async def test_a_case_that_is_not_told(
    bench: Bench, told: EnquiryFault | tuple[()], often: TooOften | None, reason: str
) -> None:
    asked = around(bench)
    asked.mine, asked.often = told, often
    await to_cases(bench)
    await by_number(bench, CASE)
    body = await shown(bench, wrong)
    assert isinstance(body, CasesBody)
    assert body.error == f"error.cases.{reason}"
    check(body.error, wait=body.wait)


async def test_nobodys_cases(bench: Bench) -> None:
    around(bench).mine = ()
    await by_card(bench)
    body = await shown(bench, wrong)
    assert isinstance(body, CasesBody)
    assert body.error == "error.cases.nothing"
    check(body.error, wait=body.wait)
