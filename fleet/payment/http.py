"""Client of a payment provider over HTTP. Only a signed answer to this very request counts."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fleet.certificates import files
from fleet.errors import KeyFileError
from fleet.payment import signature
from fleet.payment.contract import Ask, Line, ProviderError, Returned, Told, Trade
from fleet.payment.messages import (
    NewOrder,
    NewRefund,
    OrderAnswer,
    RefundAnswer,
    StatementAnswer,
    decoded,
    told,
)

SECONDS = 3.0
MAX_BODY = 32 * 1024 * 1024  # bytes; a statement of a busy day
T = TypeVar("T")

log = structlog.get_logger("fleet.payment")


class HttpProvider:
    """Implements `contract.Provider`. Both files are read at each call: they may come later.

    `merchant_key`: who we are to the provider; its owner's alone. `public_key`: 64 hex digits.
    """

    def __init__(
        self,
        url: str,
        merchant_key: Path,
        public_key: Path,
        notify_url: str,
        seconds: float = SECONDS,
    ) -> None:
        self._merchant_key = merchant_key
        self._public_key = public_key
        self._notify_url = notify_url
        # No proxy from the environment: it is between us and the provider alone.
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=seconds)

    def create(self, ask: Ask) -> Told:
        body = NewOrder(ask.order_no, ask.amount, ask.expires_at, ask.subject, self._notify_url)
        return self._order(ask.order_no, "POST", "/v1/orders", body)

    def query(self, order_no: str) -> Told:
        return self._order(order_no, "GET", f"/v1/orders/{order_no}")

    def close(self, order_no: str) -> Told:
        return self._order(order_no, "POST", f"/v1/orders/{order_no}/close")

    def refund(self, refund_no: str, trade: Trade) -> Returned:
        body = NewRefund(refund_no, trade.order_no, trade.trade_no, trade.amount)
        answer = self._ask("POST", "/v1/refunds", RefundAnswer, body)
        if answer.refund != refund_no:
            raise ProviderError("an answer about another refund")
        return Returned(answer.state, answer.at)

    def statement(self, day: date) -> list[Line]:
        answer = self._ask("GET", f"/v1/statements/{day.isoformat()}", StatementAnswer)
        if answer.day != day.isoformat():
            raise ProviderError("the statement of another day")
        return [Line(line.kind, line.number, line.order, line.amount) for line in answer.lines]

    def public_key(self) -> Ed25519PublicKey | None:
        """None: it is not there, or damaged."""
        try:
            text = self._public_key.read_text("ascii").strip()
            return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
        except (OSError, ValueError):
            log.error("provider_key_missing")
            return None

    def end(self) -> None:
        self._client.close()

    def _order(
        self, order_no: str, method: str, path: str, body: msgspec.Struct | None = None
    ) -> Told:
        answer = self._ask(method, path, OrderAnswer, body)
        if answer.order != order_no:
            raise ProviderError("an answer about another order")
        return told(answer)

    def _ask(self, method: str, path: str, kind: type[T], body: msgspec.Struct | None = None) -> T:
        public, nonce = self.public_key(), secrets.token_hex(16)
        if public is None:
            raise ProviderError("the provider's public key is not here")
        headers = {"Authorization": f"Bearer {self._merchant()}", signature.NONCE: nonce}
        content = msgspec.json.encode(body) if body is not None else None
        try:
            response = self._client.request(method, path, content=content, headers=headers)
        except httpx.HTTPError as error:
            raise ProviderError(type(error).__name__) from None
        given = response.headers.get(signature.HEADER, "")
        if len(response.content) > MAX_BODY or not signature.holds(
            public, signature.answer_to(nonce), response.content, given
        ):
            log.error("provider_unsigned", status=response.status_code)
            raise ProviderError("an answer that the provider did not sign")
        answer = decoded(response.content, kind) if response.is_success else None
        if answer is None:
            log.error("provider_refused", status=response.status_code)
            raise ProviderError(f"status {response.status_code}")
        return answer

    def _merchant(self) -> str:
        try:
            return files.read_secret(self._merchant_key).decode("ascii").strip()
        except (OSError, UnicodeDecodeError, KeyFileError) as error:
            raise ProviderError(f"merchant key: {type(error).__name__}") from None
