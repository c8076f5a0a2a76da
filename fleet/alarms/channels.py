"""How a message leaves: a signed POST, or a mail. Both block, and say what became of it."""

from __future__ import annotations

import hashlib
import hmac
import smtplib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import httpx
import msgspec

from fleet.alarms.mail import written
from fleet.alarms.notices import Notice
from fleet.alarms.rules import Channel

SECONDS = 15.0
MOST_ANSWER = 64 * 1024


class Result(StrEnum):
    SENT = "sent"
    REFUSED = "refused"  # it was not taken, for certain
    UNSURE = "unsure"  # the answer was lost: it may have arrived


@dataclass(frozen=True, slots=True)
class Sent:
    """`fault`: a code, never an answer's own words."""

    result: Result
    fault: str = ""


class Sender(Protocol):
    def send(self, delivery: str, body: str) -> Sent: ...


@dataclass(frozen=True, slots=True)
class MailServer:
    """`tls`: starttls, tls (from the first byte) or none (on this machine alone)."""

    host: str
    port: int
    tls: str
    sender: str
    user: str = ""
    password_file: str = ""


def signature(key: bytes, at: str, body: bytes) -> str:
    """What `X-Kiosk-Signature` must be; `at`: the header `X-Kiosk-Time`, epoch seconds."""
    return "sha256=" + hmac.new(key, at.encode() + b"." + body, hashlib.sha256).hexdigest()


class Webhook:
    """The key is read at each try, so that it can be changed while the fleet runs."""

    def __init__(self, channel: Channel, clock: Callable[[], float] = time.time) -> None:
        self._url = channel.url
        self._key_file = Path(channel.key_file)
        self._clock = clock
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
            "Content-Type": "application/json", "X-Kiosk-Delivery": delivery, "X-Kiosk-Time": at,
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
        server = self._server
        if not server.host:
            return Sent(Result.REFUSED, "no_mail_server")
        try:
            password = Path(server.password_file).read_text().strip() if server.user else ""
        except OSError:
            return Sent(Result.REFUSED, "no_password")
        mail = self._mail(delivery, msgspec.json.decode(body, type=Notice))
        return self._hand_over(mail, password)

    def _hand_over(self, mail: EmailMessage, password: str) -> Sent:
        handing_over = False
        try:
            with self._connect(password) as smtp:
                handing_over = True
                refused = smtp.send_message(mail)
        except smtplib.SMTPResponseException as error:
            return Sent(Result.REFUSED, f"smtp_{error.smtp_code}")
        except smtplib.SMTPRecipientsRefused:
            return Sent(Result.REFUSED, "recipients_refused")
        except (ssl.SSLError, smtplib.SMTPNotSupportedError):
            return Sent(Result.REFUSED, "no_tls")
        except (OSError, smtplib.SMTPException):
            cut = Sent(Result.UNSURE, "no_answer")
            return cut if handing_over else Sent(Result.REFUSED, "unreachable")
        return Sent(Result.SENT, "some_refused" if refused else "")

    def _mail(self, delivery: str, said: Notice) -> EmailMessage:
        subject, text = written(said, self._channel.english_first)
        mail = EmailMessage()
        mail["From"], mail["To"] = self._server.sender, ", ".join(self._channel.to)
        mail["Subject"] = subject
        mail["Date"] = formatdate(said.at, localtime=True)
        # The same for each try, so that a mail server can tell that it has it already.
        mail["Message-ID"] = f"<{delivery}@{self._server.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        return mail

    def _connect(self, password: str) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context()
        if server.tls == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=SECONDS, context=context
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        try:
            if server.tls == "starttls":
                smtp.starttls(context=context)
            if server.user:
                smtp.login(server.user, password)
        except BaseException:
            smtp.close()
            raise
        return smtp
