"""Which words of a page are private: those that no log may show, money, and long numbers."""

from __future__ import annotations

import pytest

from kiosk.model import Language, Text
from kiosk.view import (
    Body,
    CheckBody,
    CheckRow,
    ConsentBody,
    HotlineBody,
    PaymentBody,
    QuestionBody,
    State,
    View,
)
from screens.access.veil import Veil

CHECK = CheckBody(
    Text("高龄津贴", "Old-age allowance"),
    (CheckRow(Text("姓名", "Name"), Text("张秀兰", "Zhang Xiulan")),
     CheckRow(Text("人数", "How many"), Text("3", "3"))),
)  # fmt: skip
PAYMENT = PaymentBody(Text("补证", "Replacement"), ((Text("工本费", "Fee"), 1000),), 1000)


def covers(state: State, body: Body, text: str) -> bool:
    return Veil(View(state, Language.ZH, body)).covers(text)


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("张秀兰", True), ("Zhang Xiulan", True), ("您好，张秀兰", True), ("姓名", False),
        ("高龄津贴", False), ("3", True), ("第 3 题，共 4 题", False), ("合计 20 元", True),
        ("¥ 20.00", True), ("KT0001-20261121-000042", True), ("1101**********1221", True),
        ("2026年12月1日", False), ("还可以试 2 次", False),
    ],
)  # fmt: skip
def test_answers_are_private_and_questions_are_not(text: str, private: bool) -> None:
    assert covers(State.CHECK, CHECK, text) is private


def test_a_masked_name_is_private_too() -> None:
    body = ConsentBody(name_masked="张*")
    assert covers(State.CONSENT, body, "张*，您好。")
    assert not covers(State.CONSENT, body, "不同意")


def test_what_is_to_be_paid_is_private_and_a_price_list_is_not() -> None:
    assert covers(State.PAYMENT, PAYMENT, "¥ 10.00")
    assert not covers(State.GUIDE, PAYMENT, "¥ 10.00")


def test_the_number_to_call_is_for_everybody() -> None:
    assert not covers(State.HOTLINE, HotlineBody("0769-22331155"), "请拨打 0769-22331155")


def test_an_answer_is_private_in_traditional_characters_too() -> None:
    body = CheckBody(CHECK.name, (CheckRow(Text("婚姻", "Marriage"), Text("离婚", "Divorced")),))
    veil = Veil(View(State.CHECK, Language("zh_TW"), body))
    assert veil.covers("離婚")
    assert not veil.covers("婚姻")


def test_the_limit_of_an_answer_is_for_everybody_and_the_answer_is_not() -> None:
    limit = (("limit", Text("1元", "1 yuan")),)
    none = Text("", "")
    body = QuestionBody("a", "money", none, none, 1, 1, value="50", figures=limit)
    assert not covers(State.QUESTION, body, "金额太小，不能少于 1元")
    for private in ("21元", "0.1元", "50", "123456"):
        assert covers(State.QUESTION, body, private), private
