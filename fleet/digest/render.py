"""A digest as a mail: plain text, and the same as simple HTML."""

from __future__ import annotations

from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from fleet.alarms.sending import Sent
from fleet.alarms.smtp import MailServer, hand_over, letter
from fleet.console.words import Words
from fleet.digest.compose import Digest
from fleet.digest.terms import Reader

# Names of sites come from terminals: the HTML escapes everything.
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
)


class Letter(msgspec.Struct, frozen=True):
    """What lies in the outbox until it is taken. `at`: epoch seconds."""

    to: str
    subject: str
    text: str
    html: str
    at: float


def render(digest: Digest, reader: Reader, console: str, now: float) -> Letter:
    more = {"tongue": reader.tongue, "console": console,
            "open": Words(reader.tongue)("digest.console")}  # fmt: skip
    text, html = (
        _TEMPLATES.get_template(name).render(digest=digest, **more).strip() + "\n"
        for name in ("mail.txt", "mail.html")
    )
    return Letter(reader.to, digest.subject, text, html, now)


class DigestMail:
    """To one reader: nobody sees who else gets it."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def send(self, delivery: str, body: str) -> Sent:
        said = msgspec.json.decode(body, type=Letter)
        mail = letter(self._server, said.to, said.subject, said.at, delivery)
        mail.set_content(said.text)
        mail.add_alternative(said.html, subtype="html")
        return hand_over(self._server, mail)
