"""A mail to the server that takes it. Blocks, and says what became of it."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path

from fleet.alarms.sending import Result, Sent

SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """`tls`: starttls, tls (from the first byte) or none (on this machine alone)."""

    host: str
    port: int
    tls: str
    sender: str
    user: str = ""
    password_file: str = ""


def letter(server: MailServer, to: str, subject: str, at: float, delivery: str) -> EmailMessage:
    """With its head, and without anything in it. `delivery`: the same for each try, so that a mail
    server can tell that it has it already."""
    mail = EmailMessage()
    mail["From"], mail["To"] = server.sender, to
    mail["Subject"] = subject
    mail["Date"] = formatdate(at, localtime=True)
    mail["Message-ID"] = f"<{delivery}@{server.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    return mail


def hand_over(server: MailServer, mail: EmailMessage) -> Sent:
    """The password is read at each try, so that it can be changed while the fleet runs."""
    if not server.host:
        return Sent(Result.REFUSED, "no_mail_server")
    try:
        password = Path(server.password_file).read_text().strip() if server.user else ""
    except OSError:
        return Sent(Result.REFUSED, "no_password")
    return _send(server, password, mail)


def _send(server: MailServer, password: str, mail: EmailMessage) -> Sent:
    handing_over = False
    try:
        with _connect(server, password) as smtp:
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


def _connect(server: MailServer, password: str) -> smtplib.SMTP:
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
