"""The daily mail: who gets what about which sites, once a day, over a real SMTP server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import delete, insert

from alarmwork import Watch, row
from config import load
from consolework import ALL, GOOD, NO_RECEIPT_PAPER, now
from fleet import upkeep, wiring
from fleet.alarms.postman import Postman
from fleet.alarms.smtp import MailServer
from fleet.base import Probes
from fleet.digest.office import CHANNEL, DigestOffice
from fleet.digest.render import DigestMail
from fleet.digest.terms import DigestTerms, Reader
from fleet.handling.plan import Duty
from fleet.intake import LEAVES
from fleet.live import Live
from fleet.patience import Patience
from fleet.place import Place
from fleet.retention import DAY_SECONDS
from fleet.settle import Arrival, Desk
from fleet.store.alarm_tables import alarm_outbox
from fleet.store.database import Store
from fleet.store.handling_tables import handling_cases, handling_orders
from kiosk import wire
from kiosk.processes import free_port

EAST, HOSTILE = "东乡便民站", "西<b>乡</b>\r\nBcc: all@example.invalid"
LI = Reader("li@example.invalid")
ANNE = Reader("anne@example.invalid", "en-US")
WEST = Reader("xi@example.invalid", "zh-CN", (HOSTILE,))
SEVEN = time.mktime((2026, 11, 23, 7, 0, 0, 0, 0, -1))


class Inbox:
    def __init__(self) -> None:
        self.mails: dict[str, EmailMessage] = {}
        self.count = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        (to,) = envelope.rcpt_tos
        self.mails[to] = message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[assignment]
        self.count += 1
        return "250 OK"

    def text(self, reader: Reader, kind: str = "plain") -> str:
        body = self.mails[reader.to].get_body((kind,))
        assert body is not None
        return str(body.get_content())


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, MailServer]]:
    kept, port = Inbox(), free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, MailServer("127.0.0.1", port, "none", "kiosk@example.invalid")
    controller.stop()


class House:
    """A county with a clock that is set by hand."""

    def __init__(self, folder: Path, server: MailServer) -> None:
        self.now = SEVEN - 3600
        self.store = Store(f"sqlite:///{folder}/fleet.db")
        self.live = Live(self.store, 1e9, lambda: self.now)
        self.watch = Watch(self.store, now=self.now)
        self.server = server

    def office(self, *readers: Reader) -> DigestOffice:
        """As it is after a start."""
        terms = DigestTerms(7, readers, self.server, "https://fleet.example.invalid")
        return DigestOffice(self.store, self.live, self.watch.view, terms, lambda: self.now)

    def deliver(self) -> None:
        postman = Postman(self.store, CHANNEL, DigestMail(self.server), lambda: self.now)
        while postman.once():
            pass

    def hear(self, name: str, site: str, devices: list[wire.DeviceHealth]) -> None:
        said = wire.Birth(
            name, 1, 1, f"j-{name}", 0, now(), site, devices=devices, services=ALL
        )  # fmt: skip
        leaf = next(leaf for leaf, kind in LEAVES.items() if kind is wire.Birth)
        desk = Desk(self.store, "sample", lambda: self.now, 0, Patience(0))
        desk.settle([Arrival(wire.topic("sample", name, leaf), wire.encode(said))], hopeless=False)

    def trouble(self) -> None:
        """East has no paper and an overdue case; West is well; one order is about no terminal."""
        self.hear("KT-0001", EAST, [*GOOD[:2], NO_RECEIPT_PAPER, GOOD[3]])
        self.hear("KT-0002", HOSTILE, GOOD)
        seen = self.live.terminals()
        for _ in range(30):
            self.watch.look(*seen, *(row(f"KT-9{n:03}", "别处") for n in range(9)), after=10)
        with self.store.write() as connection:
            for number, due, ended in (("SX1", "2026-11-20", None), ("SX2", "2026-11-23", None),
                                       ("SX3", "2026-11-20", self.now)):  # fmt: skip
                connection.execute(insert(handling_cases).values(
                    case_no=number, terminal="KT-0001", task_code="T", phase="handling",
                    person="p", due_date=due, opened_at=self.now, ended_at=ended))  # fmt: skip
            for number, due_at, state in (("GD1", SEVEN - 60, "open"), ("GD2", SEVEN + 1e6, "open"),
                                          ("GD3", SEVEN - 60, "closed")):  # fmt: skip
                connection.execute(insert(handling_orders).values(
                    number=number, serial=int(number[2:]), kind="complaint", origin=number,
                    owner="o", state=state, opened_at=self.now, due_at=due_at,
                    sealed="金丝雀"))  # fmt: skip


@pytest.fixture
def house(tmp_path: Path, inbox: tuple[Inbox, MailServer]) -> Iterator[House]:
    made = House(tmp_path, inbox[1])
    yield made
    made.store.close()


def test_each_reader_is_told_of_their_sites_in_their_language(
    house: House, inbox: tuple[Inbox, MailServer]
) -> None:
    house.trouble()
    assert house.watch.open, "there is something to tell"
    house.now = SEVEN
    assert house.office(LI, ANNE, WEST).look() == 3
    house.deliver()
    kept = inbox[0]
    assert set(kept.mails) == {LI.to, ANNE.to, WEST.to}
    mail = kept.mails[LI.to]
    assert mail["To"] == LI.to
    assert mail["Subject"] == f"终端日报 2026-11-23：{len(house.watch.open)} 条告警，2 件逾期"
    zh, en, west = (kept.text(one) for one in (LI, ANNE, WEST))
    for said in (EAST, "凭条纸 × 1：KT-0001", "SX1，应于 2026-11-20 前办结", "GD1，应于 ",
                 "尚无人处理", "打开管理台: https://fleet.example.invalid"):  # fmt: skip
        assert said in zh, said
    for said in (EAST, "Receipt paper × 1: KT-0001", "SX1, promised by 2026-11-20", "GD1, due by ",
                 "Nobody has taken it over", "Open the console: https://"):  # fmt: skip
        assert said in en, said
    for unsaid in ("SX2", "SX3", "GD2", "GD3", "金丝雀", LI.to, WEST.to):
        assert unsaid not in zh + en + west
    assert EAST not in west
    assert "GD1" not in west, "what is about no site is for those who look after all"
    assert "没有逾期的办件" in west


def test_a_name_from_a_terminal_is_text_and_nothing_else(
    house: House, inbox: tuple[Inbox, MailServer]
) -> None:
    house.hear("KT-0002", HOSTILE, [*GOOD[:2], NO_RECEIPT_PAPER, GOOD[3]])
    house.now = SEVEN
    house.office(ANNE, WEST).look()
    house.deliver()
    html = inbox[0].text(ANNE, "html")
    assert "西&lt;b&gt;乡&lt;/b&gt; Bcc: all@example.invalid" in html
    assert "<b>" not in html
    assert "Receipt paper × 1: KT-0002" in html
    assert all(mail["Bcc"] is None for mail in inbox[0].mails.values())
    assert "KT-0002" in inbox[0].text(WEST)


def test_once_a_day_over_restarts_and_late_when_nothing_ran(
    house: House, inbox: tuple[Inbox, MailServer]
) -> None:
    assert house.office(LI).look() == 0, "it is six"
    house.now = SEVEN
    assert house.office(LI).look() == 1
    house.deliver()
    house.now += 3600
    assert house.office(LI).look() == 0, "after a restart"
    assert house.office(LI, ANNE).look() == 1, "somebody new gets it today"
    house.deliver()
    house.now = SEVEN + DAY_SECONDS - 60
    assert house.office(LI, ANNE).look() == 0, "the next day, too early"
    house.now = SEVEN + DAY_SECONDS + 5 * 3600
    assert house.office(LI, ANNE).look() == 2, "it ran again at noon"
    house.deliver()
    assert inbox[0].count == 4
    assert "没有未解决的告警" in inbox[0].text(LI)


def test_while_the_mail_server_is_away_it_waits_in_the_outbox(
    house: House, inbox: tuple[Inbox, MailServer]
) -> None:
    house.now = SEVEN
    away = MailServer("127.0.0.1", free_port(), "none", "kiosk@example.invalid")
    house.office(LI).look()
    assert not Postman(house.store, CHANNEL, DigestMail(away), lambda: house.now).once()
    assert house.watch.rows(alarm_outbox)[0]["fault"] == "unreachable"
    house.now += 60
    house.deliver()
    assert inbox[0].count == 1


def test_a_fleet_with_readers_sends_it_by_itself(
    house: House, inbox: tuple[Inbox, MailServer], tmp_path: Path
) -> None:
    """From midnight on, by the clock of this machine; without any rules of alarms."""
    place = Place(
        "sample", tmp_path / "var", tmp_path / "trust", "", ("127.0.0.1", 1), False, 90, {},
        Duty("值班长"), digest=DigestTerms(0, (LI,), inbox[1]),
    )  # fmt: skip
    probes: Probes = {}
    with ExitStack() as stack:
        made = upkeep.start(
            place, house.store, house.live, audit=None, stack=stack, probes=probes
        )  # fmt: skip
        assert made is None
        deadline = time.monotonic() + 60
        while not inbox[0].count:
            assert time.monotonic() < deadline
            assert probes["digest"]()
            time.sleep(0.05)
    assert not probes["digest"]()


def test_a_file_of_settings_names_the_readers(tmp_path: Path) -> None:
    shipped = (Path(__file__).parents[2] / "config/fleet.toml").read_text("utf-8")
    file = tmp_path / "fleet.toml"
    two = '[{ to = "a@x.example" }, { to = "b@x.example", language = "en", sites = ["S"] }]'
    file.write_text(shipped.replace("readers = [] ", f"readers = {two} "), "utf-8")
    made = wiring.place(load.fleet(file), {}).digest
    assert made is not None
    assert made.readers == (Reader("a@x.example"), Reader("b@x.example", "en-US", ("S",)))
    file.write_text(shipped.replace("readers = [] ", 'readers = [{ to = "a, b@x.example" }] '))
    with pytest.raises(load.SettingsFileError):
        load.fleet(file)


def test_without_terminals_or_rules_there_is_still_a_mail(house: House) -> None:
    house.now = SEVEN
    terms = DigestTerms(7, (LI,), house.server)
    office = DigestOffice(house.store, house.live, None, terms, lambda: house.now)
    assert office.look() == 1
    with house.store.write() as connection:
        connection.execute(delete(alarm_outbox))
    assert office.look() == 1
