"""The phone in somebody's hand, and the callbacks that follow."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

import httpx
import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fleet.payment import signature
from fleet.payment.contract import Trading
from fleet.payment.messages import OrderAnswer, TradeLine
from fleet.payment.provider.book import Book
from fleet.payment.provider.hand import Callback, Hand, Payer

LOOK_SECONDS = 0.05
AGAIN = (0.5, 1.0, 2.0, 5.0, 15.0, 60.0)  # seconds between two tries of a callback
TRIES = 60

log = structlog.get_logger("provider")


class Phone:
    """Pays as the hand says, the newest code unless it names an order."""

    def __init__(self, book: Book, hand: Hand) -> None:
        self._book = book
        self._hand = hand

    def look(self) -> None:
        state = self._hand.act()
        if state is None or state.payer is None:
            return
        number = state.order or self._book.newest_waiting()
        if number:
            self.act(number, state.payer)

    def act(self, number: str, payer: Payer) -> bool:
        """False: the order cannot be paid, or refused, any more."""
        notify = self._hand.state.callback is not Callback.LOST
        match payer:
            case Payer.REFUSE:
                return self._book.refuse(number)
            case Payer.TWICE:
                first = self._book.pay(number, notify=notify)
                return self._book.pay(number, anyway=True, notify=notify) and first
            case Payer.TOO_MUCH:
                return self._book.pay(number, more=1, notify=notify)
            case Payer.LATE:
                return self._book.pay(number, anyway=True, notify=notify)
            case Payer.PAY:
                return self._book.pay(number, notify=notify)


class Callbacks:
    """One thread. A callback is repeated until the fleet answers 200: its commit."""

    def __init__(
        self,
        book: Book,
        hand: Hand,
        phone: Phone,
        key: Ed25519PrivateKey,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._book = book
        self._hand = hand
        self._phone = phone
        self._key = key
        self._clock = clock
        self._stopping = threading.Event()
        self._client = httpx.Client(timeout=3.0, trust_env=False)
        self._thread = threading.Thread(target=self._run, name="callbacks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(10)
        self._client.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._phone.look()
                due = self._book.due_notice()
                if due is not None:
                    self._call(*due)
                    continue
            except Exception as error:  # noqa: BLE001 - the phone must go on
                log.error("callbacks_defect", error=type(error).__name__)
            self._stopping.wait(LOOK_SECONDS)

    def _call(self, number: str, url: str, tries: int) -> None:
        way, answer = self._hand.state.callback, self._book.order(number)
        if way is Callback.LOST or tries >= TRIES:
            self._book.noticed(number)
            return
        if way is Callback.UNKNOWN_ORDER:
            answer = msgspec.structs.replace(answer, order="N0000000000000000000000001")
        if way is Callback.FORGED_FIRST and not tries:
            self._post(url, _forged(answer), Ed25519PrivateKey.generate())
        key = Ed25519PrivateKey.generate() if way is Callback.FORGED else self._key
        taken = [self._post(url, answer, key) for _ in range(1 + (way is Callback.TWICE))]
        if all(taken):
            self._book.noticed(number)
        else:
            self._book.notice_later(number, AGAIN[min(tries, len(AGAIN) - 1)])

    def _post(self, url: str, answer: OrderAnswer, key: Ed25519PrivateKey) -> bool:
        body = msgspec.json.encode(answer)
        signed = signature.sign(key, signature.CALLBACK, body, self._clock())
        try:
            response = self._client.post(url, content=body, headers={signature.HEADER: signed})
            return response.status_code == httpx.codes.OK and response.json() == {"code": "ok"}
        except (httpx.HTTPError, json.JSONDecodeError, UnicodeDecodeError) as error:
            log.info("callback_failed", error=type(error).__name__)
            return False


def _forged(answer: OrderAnswer) -> OrderAnswer:
    """What a thief would like to be true: paid, without anybody's money."""
    trade = TradeLine("T000000000000000000000000", 1, 0.0)
    return msgspec.structs.replace(answer, state=Trading.PAID, trades=[trade])
