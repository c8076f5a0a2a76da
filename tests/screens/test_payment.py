"""The payment page: what is pressed, what a phone reads off it, and what is gone afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kiosk import events as e
from kiosk.model import Language, Text
from kiosk.view import PaymentBody, State

PRESSED = pytest.mark.parametrize(
    ("name", "action", "event"),
    [
        ("payment", "pay_not", e.PaymentDeclined),
        ("payment-asking", "pay_not", e.PaymentDeclined),
        ("payment-unable", "pay_back", e.PaymentResumed),
        ("payment-unable", "pay_ticket", e.PaymentAtDesk),
        ("payment-refused", "pay_again", e.PaymentAgain),
        ("payment-late", "pay_desk", e.PaymentAtDesk),
        ("payment", "back", e.WentBack),
        ("payment-silent", "leave", e.Left),
    ],
)


@PRESSED
def test_each_press_hands_over_its_event(
    stage: Any, name: str, action: str, event: type[e.Event]
) -> None:
    stage.show("rating", Language.ZH)
    stage.show(name, Language.ZH)
    stage.press(action)
    [posted] = stage.posted
    assert isinstance(posted, event)


@pytest.mark.parametrize("name", ["payment", "payment-many"])
def test_a_phone_reads_the_code_off_the_screen(stage: Any, name: str, tmp_path: Path) -> None:
    import cv2

    from screens.samples import bodies
    from screens.step import frames, save

    stage.show(name, Language.EN)
    frames(3)
    save(tmp_path / "page.png")
    body = bodies()[name][1]
    assert isinstance(body, PaymentBody)
    said, _, _ = cv2.QRCodeDetector().detectAndDecode(cv2.imread(str(tmp_path / "page.png")))
    assert said == body.qr


def test_what_is_paid_cannot_be_left_and_without_a_printer_no_ticket_is_offered(
    stage: Any,
) -> None:
    stage.show("payment-paid", Language.ZH)
    assert not {"back", "leave", "pay_not"} & set(stage.app.targets())
    stage.show("payment-no-printer", Language.ZH)
    assert "pay_ticket" not in stage.app.targets()
    assert "pay_back" in stage.app.targets()


@pytest.mark.parametrize("language", list(Language))
def test_long_names_and_large_sums_fit(stage: Any, language: Language) -> None:
    name = Text("城乡居民基本医疗保险参保登记和集中缴费", "Enrol in the residents' medical plan")
    lines = tuple((Text(f"个人缴费{n}", f"Personal contribution {n}"), 99_999_99) for n in range(3))
    payee = Text("国家税务总局示例县税务局第二税务分局", "Sample County Tax Office, second branch")
    body = PaymentBody(name, lines, 299_999_97, payee, "waiting", "https://pay.example/q/1" * 3, 5)
    stage.show_body(State.PAYMENT, body, language)
    assert stage.faults() == []


def test_nothing_of_it_is_left_on_the_page(stage: Any) -> None:
    stage.show("payment", Language.ZH)
    page = stage.app.frame.screens[State.PAYMENT]
    stage.show("rating", Language.ZH)
    assert page._board.code._text == ""
    assert page._board.code._tint.a == 0
    assert not any("驾驶证" in text or "10.00" in text for text in _texts(page))


def _texts(page: Any) -> list[str]:
    from screens.widgets.text import Label

    return [one.raw for one in page.walk(restrict=True) if isinstance(one, Label)]
