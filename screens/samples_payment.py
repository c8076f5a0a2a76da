"""Sample views of the page on which a fee is paid."""

from __future__ import annotations

from dataclasses import replace

from kiosk.model import Rung, Text
from kiosk.view import Body, Paper, PapersBody, PaymentBody, State, ThanksBody

_QR = "https://pay.example.invalid/q/ddf67336c75a48980000000004-1f0c9a7e55"
_ONE = PaymentBody(
    Text("驾驶证期满换证", "Renew a driving licence"),
    ((Text("机动车驾驶证工本费", "Cost of the driving licence"), 1000),),
    1000,
    Text("示例县财政局（非税收入）", "Sample County Finance (non-tax revenue)"),
    "waiting", _QR, 165,
)  # fmt: skip
_MANY = PaymentBody(
    Text("城乡居民基本医疗保险参保缴费", "Pay the residents' basic medical insurance"),
    (
        (Text("个人缴费（2027年度，3人）", "Personal contribution, 2027, three people"), 120_000),
        (Text("邮寄费", "Postage"), 1200),
    ),
    121_200,
    Text("国家税务总局示例县税务局", "Sample County Tax Office"),
    "waiting", _QR, 59, 1, 2,
)  # fmt: skip
_CASE = "KT0001-20261121-00042-N"
_PAPERS = (
    Paper("receipt", Rung.PRESENTED), Paper("payment", Rung.SENT, "", 1, 2),
    Paper("certificate", Rung.PRINTED),
)  # fmt: skip


def bodies() -> dict[str, tuple[State, Body]]:
    """Name of the picture → state and body."""
    over = ("asking", "paid", "refused", "late", "returned", "silent", "unable")
    asked = {name: replace(_ONE, phase=name, qr="", seconds_left=0) for name in over}
    return {
        "payment": (State.PAYMENT, _ONE),
        "payment-many": (State.PAYMENT, _MANY),
        **{f"payment-{name}": (State.PAYMENT, body) for name, body in asked.items()},
        "payment-no-printer": (State.PAYMENT, replace(asked["unable"], printer=False)),
        "papers-paid": (State.PAPERS, PapersBody(_CASE, "decided", _PAPERS)),
        "thanks-paid": (
            State.THANKS,
            ThanksBody(("card", "receipt", "payment", "certificate"), 20, again=True),
        ),
    }
