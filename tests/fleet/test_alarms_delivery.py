"""Messages leave once: over a real HTTP receiver and a real SMTP server, and through a kill."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import insert, update

from alarmwork import SHIPPED, Watch, row, silent
from fleet.alarms.channels import Mail, MailServer, Result, Sent, Webhook, signature
from fleet.alarms.notices import Notice
from fleet.alarms.office import AlarmOffice, AlarmPlace
from fleet.alarms.postman import Postman
from fleet.alarms.rules import Channel, Kind
from fleet.alarms.states import Refusal
from fleet.console.acting import Acting
from fleet.incidents import AlarmKind
from fleet.live import Live
from fleet.people.office import People
from fleet.people.roles import GRANTS, NOBODY, Role, Way, Who
from fleet.store.alarm_tables import alarm_outbox, alarm_watches
from fleet.store.database import Store
from fleet.store.tables import alarms, terminals
from kiosk.processes import free_port

KEY = b"a-key-of-enough-bytes"
OTHERS = [row(f"KT-9{number:03}", "别处") for number in range(9)]
GONE = [silent("KT-0001"), *OTHERS]
CHILD = """
import sys, threading
from fleet.alarms.channels import Webhook
from fleet.alarms.postman import Postman
from fleet.alarms.rules import Channel, Kind
from fleet.store.database import Store
url, key, store = sys.argv[1:]
Postman(Store(store), "hook", Webhook(Channel("hook", Kind.WEBHOOK, url=url, key_file=key))).start()
threading.Event().wait(60)
"""


@dataclass
class Receiver:
    """Answers with `codes` one after the other, then 200; 0: never answers."""

    codes: list[int] = field(default_factory=list)
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.seen.append((dict(self.headers), body))
                code = outer.codes.pop(0) if outer.codes else 200
                if code == 0:
                    outer.hanging.wait(60)
                    return
                self.send_response(code)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.hanging = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/alarms"

    @property
    def deliveries(self) -> list[str]:
        return [headers["X-Kiosk-Delivery"] for headers, _ in self.seen]

    def close(self) -> None:
        self.hanging.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def hook(receiver: Receiver, tmp_path: Path) -> Channel:
    key = tmp_path / "hook.key"
    key.write_bytes(KEY + b"\n")
    return Channel("hook", Kind.WEBHOOK, url=receiver.url, key_file=str(key))


def opened(store: Store, channel: Channel) -> Watch:
    watch = Watch(store, channels=(channel,))
    watch.keep_looking(GONE, 140)
    return watch


def wait(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_webhook_is_signed_and_says_what_the_outbox_holds(
    store: Store, receiver: Receiver, hook: Channel
) -> None:
    watch = opened(store, hook)
    assert Postman(store, "hook", Webhook(hook), lambda: watch.now).once()
    [(headers, body)] = receiver.seen
    assert headers["X-Kiosk-Signature"] == signature(KEY, headers["X-Kiosk-Time"], body)
    [kept] = watch.rows(alarm_outbox)
    assert body.decode() == kept["body"]
    assert msgspec.json.decode(body)["delivery"] == headers["X-Kiosk-Delivery"]
    assert (kept["state"], kept["tries"], kept["unsure"]) == ("sent", 1, False)


def test_a_receiver_that_fails_is_tried_later_with_the_same_delivery(
    store: Store, receiver: Receiver, hook: Channel
) -> None:
    receiver.codes = [500, 302]
    watch = opened(store, hook)
    postman = Postman(store, "hook", Webhook(hook), lambda: watch.now)
    assert not postman.once()
    assert not postman.once()  # it is not due yet
    assert len(receiver.seen) == 1
    watch.now += 5
    assert not postman.once()  # a redirect is not followed
    [kept] = watch.rows(alarm_outbox)
    assert (kept["fault"], kept["state"]) == ("http_302", "waiting")
    watch.now += 15
    assert postman.once()
    assert len(set(receiver.deliveries)) == 1
    assert len(receiver.seen) == 3


def test_after_days_it_is_given_up_and_that_is_an_alarm(store: Store, tmp_path: Path) -> None:
    channel = Channel("hook", Kind.WEBHOOK, url=f"http://127.0.0.1:{free_port()}/", key_file="none")
    watch = opened(store, channel)
    postman = Postman(store, "hook", Webhook(channel), lambda: watch.now)
    assert not postman.once()
    assert watch.rows(alarm_outbox)[0]["fault"] == "no_key"
    key = tmp_path / "late.key"
    key.write_bytes(KEY)
    late = Channel("hook", Kind.WEBHOOK, url=channel.url, key_file=str(key))
    watch.now += 4 * 86_400
    assert not Postman(store, "hook", Webhook(late), lambda: watch.now).once()
    [kept] = watch.rows(alarm_outbox)
    assert (kept["fault"], kept["state"]) == ("unreachable", "given_up")
    assert [one["kind"] for one in watch.rows(alarms)] == [AlarmKind.NOTICE_FAILING]


def test_a_kill_in_the_middle_repeats_the_delivery_and_never_makes_another(
    store: Store, receiver: Receiver, hook: Channel, tmp_path: Path
) -> None:
    receiver.codes = [0]
    watch = opened(store, hook)
    with store.write() as connection:
        connection.execute(update(alarm_outbox).values(try_at=0.0))
    url = f"sqlite:///{tmp_path}/fleet.db"
    command = [sys.executable, "-c", CHILD, receiver.url, hook.key_file, url]
    first = subprocess.Popen(command)
    try:
        wait(lambda: receiver.seen)
    finally:
        first.kill()
        first.wait(30)
    assert watch.rows(alarm_outbox)[0]["state"] == "sending"
    second = subprocess.Popen(command)
    try:
        wait(lambda: watch.rows(alarm_outbox)[0]["state"] == "sent")
    finally:
        second.kill()
        second.wait(30)
    [kept] = watch.rows(alarm_outbox)
    assert kept["unsure"]
    assert receiver.deliveries == [kept["delivery"]] * 2


class Inbox:
    """Keeps mails; `refuse`: says 451 so often first."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.refuse = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuse:
            self.refuse -= 1
            return "451 later"
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, MailServer]]:
    kept, port = Inbox(), free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, MailServer("127.0.0.1", port, "none", "kiosk@example.invalid")
    controller.stop()


def test_a_mail_says_it_in_both_languages(store: Store, inbox: tuple[Inbox, MailServer]) -> None:
    kept, server = inbox
    channel = Channel("duty", Kind.MAIL, to=("a@example.invalid", "b@example.invalid"))
    watch = opened(store, channel)
    kept.refuse = 1
    postman = Postman(store, "duty", Mail(channel, server), lambda: watch.now)
    assert not postman.once()
    assert watch.rows(alarm_outbox)[0]["fault"] == "smtp_451"
    watch.now += 10
    assert postman.once()
    [mail] = kept.mails
    assert mail["Subject"] == "【严重】告警：东乡便民站：1 台终端没有消息"
    assert mail["To"] == "a@example.invalid, b@example.invalid"
    text = mail.get_content()
    assert "要做的事：检查该地点的电源和网络" in text
    assert "What to do: Check power and network there" in text
    assert "KT-0001" in text
    assert f"/alarms/{watch.view.open_alarms()[0].id}" in text
    assert mail["Message-ID"].startswith(f"<{watch.rows(alarm_outbox)[0]['delivery']}@")


def test_a_name_from_a_terminal_makes_no_header(
    store: Store, inbox: tuple[Inbox, MailServer]
) -> None:
    kept, server = inbox
    channel = Channel("duty", Kind.MAIL, to=("a@example.invalid",))
    watch = Watch(store, channels=(channel,))
    site = "站\r\nBcc: all@example.invalid\n\n<script>"
    watch.keep_looking([silent("KT-0001", site), *OTHERS], 140)
    assert Postman(store, "duty", Mail(channel, server), lambda: watch.now).once()
    [mail] = kept.mails
    assert mail["Bcc"] is None
    assert "Bcc: all@example.invalid" in mail["Subject"]


def test_a_server_without_tls_gets_no_mail_that_wants_it(
    store: Store, inbox: tuple[Inbox, MailServer]
) -> None:
    kept, plain = inbox
    server = MailServer(plain.host, plain.port, "starttls", plain.sender)
    channel = Channel("duty", Kind.MAIL, to=("a@example.invalid",))
    body = opened(store, channel).rows(alarm_outbox)[0]["body"]
    assert Mail(channel, server).send("1", body) == Sent(Result.REFUSED, "no_tls")
    assert kept.mails == []


def test_the_whole_office_from_a_silent_terminal_to_the_receiver(
    store: Store, receiver: Receiver, hook: Channel, tmp_path: Path
) -> None:
    rules = tmp_path / "alarms.toml"
    shipped = re.sub(r"^after = \d+", "after = 0", SHIPPED.read_text("utf-8"), flags=re.MULTILINE)
    channel = (
        f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{receiver.url}"\n'
        f'key_file = "{hook.key_file}"\n'
    )
    rules.write_text(shipped + channel, "utf-8")
    with store.write() as connection:
        values = {"terminal": "KT-0001", "online": True, "heard_at": 5.0, "seen_at": 5.0}
        connection.execute(insert(terminals).values(values))
    place = AlarmPlace(rules, 0.1, "https://fleet.example.invalid/", deaf_seconds=0.0)
    office = AlarmOffice(store, Live(store, 90), place)
    office.start()
    try:
        wait(lambda: receiver.seen)
        assert office.healthy
        said = msgspec.json.decode(receiver.seen[0][1], type=Notice)
        assert (said.rule, said.place, said.terminals) == ("site_silent", "KT-0001", ("KT-0001",))
        assert said.link == f"https://fleet.example.invalid/alarms/{said.alarm}"
        with store.write() as connection:
            connection.execute(update(terminals).values(heard_at=time.time() + 3600))
        watch = Watch(store)
        wait(lambda: watch.rows(alarm_watches)[0]["well_since"])
    finally:
        office.stop()
    assert len(set(receiver.deliveries)) == len(receiver.deliveries) == 1


class Accounts:
    """As much of `People` as an act asks for."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.noted: list[tuple[str, ...]] = []
        self.audit = self

    def session(self, cookie: str) -> str:
        return cookie

    def of_session(self, _session: str, address: str) -> Who:
        return Who("li", self.role, GRANTS[self.role], Way.CONSOLE, address)

    def note(self, who: Who, *told: str) -> None:
        self.noted.append((who.name, *told))


async def test_a_role_is_asked_for_at_each_act_and_each_is_on_record() -> None:
    accounts = Accounts(Role.OPERATOR)
    caller = SimpleNamespace(cookie="c", session="s")
    request: Any = SimpleNamespace(state=SimpleNamespace(caller=caller, who=NOBODY))
    acting, done = Acting(request, cast(People, accounts)), []

    def take(person: str) -> Refusal | None:
        done.append(person)
        return Refusal.TAKEN if len(done) > 1 else None

    assert await acting.act("alarm.take", "7", take) == ""
    assert await acting.act("alarm.take", "7", take) == "taken"
    accounts.role = Role.VIEWER
    assert await acting.act("alarm.take", "7", take) == "role"
    assert done == ["li", "li"]
    outcomes = [told[3] for told in accounts.noted]
    assert outcomes == ["done", "taken", "role"]
