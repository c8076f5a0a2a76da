"""How a message leaves: a signed POST, or a mail. Both block, and say what became of it."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec

from fleet.alarms.mail import written
from fleet.alarms.notices import Notice
from fleet.alarms.rules import Channel
from fleet.alarms.sending import Result, Sender, Sent
from fleet.alarms.smtp import MailServer, hand_over, letter

__all__ = ["Mail", "MailServer", "Result", "Sender", "Sent", "Webhook", "signature"]

SECONDS = 15.0
MOST_ANSWER = 64 * 1024


def signature(key: bytes, at: str, body: bytes) -> str:
    """What `X-Kiosk-Signature` must be; `at`: the header `X-Kiosk-Time`, epoch seconds."""
    return "sha256=" + hmac.new(key, at.encode() + b"." + body, hashlib.sha256).hexdigest()


class Webhook:
    """The key is read at each try, so that it can be changed while the fleet runs. `media`: what
    its bodies are."""

    def __init__(
        self, channel: Channel, clock: Callable[[], float] = time.time,
        media: str = "application/json",
    ) -> None:  # fmt: skip
        self._url = channel.url
        self._key_file = Path(channel.key_file)
        self._clock, self._media = clock, media
        # No proxy and no redirect: it goes where the file says, or not at all.
        self._client = httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False)

    def send(self, delivery: str, body: str) -> Sent:
        try:
            key = self._key_file.read_bytes().strip()
        except OSError:
            return Sent(Result.REFUSED, "no_key")
        if len(key) < 16:
            return Sent(Result.REFUSED, "short_key")
        payload, at = body.encode(), str(int(self._clock()))
        headers = {
            "Content-Type": self._media, "X-Kiosk-Delivery": delivery, "X-Kiosk-Time": at,
            "X-Kiosk-Signature": signature(key, at, payload),
        }  # fmt: skip
        try:
            with self._client.stream("POST", self._url, content=payload, headers=headers) as answer:
                code = answer.status_code
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL):
            return Sent(Result.REFUSED, "unreachable")
        except httpx.HTTPError:
            return Sent(Result.UNSURE, "no_answer")
        return Sent(Result.SENT) if 200 <= code < 300 else Sent(Result.REFUSED, f"http_{code}")


class Mail:
    """A mail to all addresses of a channel at once."""

    def __init__(self, channel: Channel, server: MailServer) -> None:
        self._channel = channel
        self._server = server

    def send(self, delivery: str, body: str) -> Sent:
        said = msgspec.json.decode(body, type=Notice)
        subject, text = written(said, self._channel.english_first)
        mail = letter(self._server, ", ".join(self._channel.to), subject, said.at, delivery)
        mail.set_content(text)
        return hand_over(self._server, mail)
