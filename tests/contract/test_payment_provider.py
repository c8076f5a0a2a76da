"""The simulated provider as a real process, and the fleet's client of it: each way to fail."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from fleet.payment.contract import Ask, LineKind, ProviderError, Returning, Trade, Trading
from fleet.payment.http import HttpProvider
from kiosk.processes import free_port

ORDER = "0123456789abcdef0000000001"


class Shop:
    """A provider's process, its hand, and a client with the fleet's rights."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.start()
        self.client = self.connect(folder / "merchant.key")

    def start(self) -> None:
        command = [sys.executable, "-m", "fleet.payment.provider", "--folder", str(self.folder)]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("provider ready http://127.0.0.1:")

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        code = self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def connect(self, key: Path, public: Path | None = None, seconds: float = 2.0) -> HttpProvider:
        notify = f"http://127.0.0.1:{free_port()}/nobody"
        url = f"http://127.0.0.1:{self.port}"
        return HttpProvider(url, key, public or self.folder / "payment.pub", notify, seconds)

    def hand(self, **keys: Any) -> None:
        temporary = self.folder / "payment.new"
        temporary.write_text(json.dumps(keys))
        temporary.replace(self.folder / "payment.json")

    def pay(self, **body: str) -> bool:
        answer = httpx.post(f"http://127.0.0.1:{self.port}/hand/pay", json=body, trust_env=False)
        return bool(answer.json()["done"])

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    if shop.process.poll() is None:
        shop.end()
    shop.client.end()


def ask(amount: int = 500, seconds: float = 60, number: str = ORDER) -> Ask:
    return Ask(number, amount, time.time() + seconds, "居民养老缴费")


def today() -> Any:
    return datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()


def test_an_order_is_made_once_paid_once_and_given_back_once(shop: Shop) -> None:
    told = shop.client.create(ask())
    assert told.state is Trading.WAITING
    assert told.qr.startswith("https://pay.example/q/")
    assert shop.client.create(ask()) == told
    assert shop.pay(qr=told.qr)
    assert not shop.pay(qr=told.qr)
    paid = shop.client.query(ORDER)
    assert (paid.state, paid.qr, [one.amount for one in paid.trades]) == (Trading.PAID, "", [500])
    trade = paid.trades[0]
    first = shop.client.refund("R1", trade)
    assert first.state is Returning.DONE
    assert shop.client.refund("R1", trade) == first
    assert shop.client.refund("R2", trade).state is Returning.REFUSED
    lines = {(one.kind, one.number): one.amount for one in shop.client.statement(today())}
    assert lines == {(LineKind.PAYMENT, trade.trade_no): 500, (LineKind.REFUND, "R1"): 500}


def test_an_order_that_is_closed_or_over_cannot_be_paid(shop: Shop) -> None:
    shop.client.create(ask())
    assert shop.client.close(ORDER).state is Trading.CLOSED
    assert not shop.pay(order=ORDER)
    other = ORDER[:-1] + "2"
    assert shop.client.create(ask(seconds=-1, number=other)).state is Trading.CLOSED
    assert not shop.pay(order=other)
    assert shop.client.query("N9").state is Trading.UNKNOWN
    assert shop.client.close("N9").state is Trading.UNKNOWN
    assert shop.client.query("N9").state is Trading.UNKNOWN


def test_what_is_paid_cannot_be_closed(shop: Shop) -> None:
    shop.client.create(ask())
    shop.pay(order=ORDER)
    assert shop.client.close(ORDER).state is Trading.PAID


def test_a_number_of_another_amount_is_refused(shop: Shop) -> None:
    shop.client.create(ask(500))
    with pytest.raises(ProviderError, match="409"):
        shop.client.create(ask(501))


def test_money_that_was_not_paid_cannot_be_given_back(shop: Shop) -> None:
    shop.client.create(ask())
    nothing = Trade("T1", ORDER, 500, 0.0)
    assert shop.client.refund("R1", nothing).state is Returning.REFUSED


@pytest.mark.parametrize("payer", ["pay", "twice", "too_much", "refuse", "late"])
def test_the_file_moves_the_phone_once_for_each_writing(shop: Shop, payer: str) -> None:
    shop.client.create(ask())
    shop.hand(payer=payer)
    shop.wait(lambda: shop.client.query(ORDER).state is not Trading.WAITING)
    amounts = {"pay": [500], "twice": [500, 500], "too_much": [501], "refuse": [], "late": [500]}
    shop.wait(lambda: len(shop.client.query(ORDER).trades) == len(amounts[payer]))
    assert [one.amount for one in shop.client.query(ORDER).trades] == amounts[payer]
    other = ORDER[:-1] + "2"
    shop.client.create(ask(number=other))
    shop.hand(payer="pay", order=other)
    shop.wait(lambda: shop.client.query(other).state is Trading.PAID)
    assert len(shop.client.query(ORDER).trades) == len(amounts[payer])


@pytest.mark.parametrize("way", [
    {"answer": "garbage"}, {"answer": "unsigned"}, {"answer": "lost"}, {"answer": "silent"},
    {"power": "off"},
])  # fmt: skip
def test_an_answer_that_is_no_answer(shop: Shop, way: dict[str, str]) -> None:
    quick = shop.connect(shop.folder / "merchant.key", seconds=0.5)
    shop.hand(**way)
    for call in (lambda: quick.create(ask()), lambda: quick.query(ORDER)):
        with pytest.raises(ProviderError):
            call()
    shop.hand()
    assert shop.client.create(ask()).state is Trading.WAITING
    quick.end()


def test_a_provider_that_is_gone_and_comes_back(shop: Shop) -> None:
    told = shop.client.create(ask())
    assert shop.end(signal.SIGKILL) == -signal.SIGKILL
    with pytest.raises(ProviderError):
        shop.client.query(ORDER)
    shop.start()
    assert shop.client.query(ORDER) == told
    assert shop.end() == 0


def test_whoever_is_not_the_merchant_is_refused(shop: Shop, tmp_path: Path) -> None:
    stranger = tmp_path / "other.key"
    stranger.write_text("guessed")
    stranger.chmod(0o600)
    client = shop.connect(stranger)
    with pytest.raises(ProviderError, match="401"):
        client.query(ORDER)
    stranger.chmod(0o644)
    with pytest.raises(ProviderError, match="KeyFileError"):
        client.query(ORDER)
    client.end()


def test_another_providers_signature_does_not_count(shop: Shop, tmp_path: Path) -> None:
    forged = tmp_path / "forged.pub"
    forged.write_text("11" * 32)
    client = shop.connect(shop.folder / "merchant.key", forged)
    with pytest.raises(ProviderError, match="sign"):
        client.query(ORDER)
    missing = shop.connect(shop.folder / "merchant.key", tmp_path / "none.pub")
    with pytest.raises(ProviderError, match="public key"):
        missing.query(ORDER)
    client.end()
    missing.end()


def test_an_answer_is_good_for_its_own_request_only(shop: Shop) -> None:
    """What was recorded of one request is no answer to the next."""
    recorded: list[httpx.Response] = []
    shop.client.create(ask())
    real = shop.client._client

    class Replay(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if not recorded:
                response = super().handle_request(request)
                response.read()
                recorded.append(response)
            old = recorded[0]
            return httpx.Response(old.status_code, headers=old.headers, content=old.content)

    shop.client._client = httpx.Client(base_url=real.base_url, transport=Replay())
    assert shop.client.query(ORDER).state is Trading.WAITING
    with pytest.raises(ProviderError, match="sign"):
        shop.client.query(ORDER)
    shop.client._client.close()
    shop.client._client = real


@pytest.mark.parametrize(("way", "change"), [
    ("leaves_out", -1), ("adds", 1), ("twice", 1), ("wrong_amount", 0),
])  # fmt: skip
def test_a_statement_with_a_fault(shop: Shop, way: str, change: int) -> None:
    shop.client.create(ask())
    shop.pay(order=ORDER)
    good = shop.client.statement(today())
    shop.hand(statement=way)
    bad = shop.client.statement(today())
    assert len(bad) - len(good) == change
    assert bad != good


@pytest.mark.parametrize("text", ["", "{", "[]", '{"payer": "steal"}', '{"power": 3}', "\x00" * 99])
def test_a_file_that_says_nothing_changes_nothing(shop: Shop, text: str) -> None:
    (shop.folder / "payment.json").write_text(text)
    assert shop.client.create(ask()).state is Trading.WAITING
