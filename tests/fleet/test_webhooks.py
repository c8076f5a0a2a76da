"""Other systems are told of cases and terminals: put out once, brought at least once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

import handlingwork as hw
from config import load
from fleet import wiring
from fleet.alarms.channels import signature
from fleet.alarms.outbox import BACKOFF
from fleet.errors import StartError
from fleet.handling import book
from fleet.handling import events as e
from fleet.handling.events import Event
from fleet.keeps import TABLE
from fleet.platform.contract import Standing
from fleet.retention import Gone, thin
from fleet.store.alarm_tables import alarm_outbox
from fleet.store.database import Store
from fleet.store.handling_tables import handling_events
from fleet.store.report_tables import serving_history
from fleet.store.tables import cases
from fleet.webhooks.cloud import MEDIA_TYPE, Type
from fleet.webhooks.herald import Herald
from fleet.webhooks.hooks import Hook, check
from fleet.webhooks.office import WebhookOffice
from kiosk.services import calendar
from postgreswork import DATABASES

KEY = b"a-key-of-enough-bytes"
EVERY = ("kiosk.*",)
BOTH = pytest.mark.parametrize("url", DATABASES, indirect=True)


@dataclass
class Receiver:
    """Answers with `codes` one after the other, then 204."""

    codes: list[int] = field(default_factory=list)
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(outer.codes.pop(0) if outer.codes else 204)
                self.end_headers()
                outer.seen.append((dict(self.headers), body))

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/kiosk"

    @property
    def events(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(body) for _, body in self.seen]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with closing(Receiver()) as made:
        yield made


@pytest.fixture
def hook(receiver: Receiver, tmp_path: Path) -> Hook:
    key = tmp_path / "hook.key"
    key.write_bytes(KEY + b"\n")
    return Hook("onestop", receiver.url, str(key), EVERY)


def happen(store: Store, *told: Event, number: str = hw.CASE) -> None:
    with store.write() as connection:
        if connection.scalar(select(cases.c.case_no).filter_by(case_no=number)) is None:
            connection.execute(cases.insert().values(
                case_no=number, terminal="KT-0001", task_code="SAMPLE-CERT", kind="promise",
                sealed="", state="pending", received_at=hw.at("2026-03-02"),
            ))  # fmt: skip
        days = calendar.default()
        book.add(connection, days, time.time(), {number: list(told)})


def serve(store: Store, terminal: str, since: float, word: str) -> None:
    with store.write() as connection:
        row = {"terminal": terminal, "since": since, "serving": word}
        connection.execute(serving_history.insert().values(row))


def put_out(store: Store) -> list[tuple[str, str]]:
    """What is in the outbox: type and subject."""
    with store.read() as connection:
        bodies = connection.scalars(select(alarm_outbox.c.body).order_by(alarm_outbox.c.id))
        told = [msgspec.json.decode(body) for body in bodies]
    return [(one["type"], one["subject"]) for one in told]


def wait(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@BOTH
def test_a_case_from_its_coming_to_its_end_each_told_once(store: Store, hook: Hook) -> None:
    herald = Herald(store, "sample", [hook])
    assert not herald.look(), "what was before it is not told"
    happen(store, hw.opened(), hw.done("accept", "2026-03-02", "王芳"))
    assert herald.look()
    assert not herald.look()
    happen(store, msgspec.structs.replace(hw.done("police", "2026-03-03"), refused=True))
    again = Herald(store, "sample", [hook])  # after a restart nothing is told twice
    again.look()
    again.look()
    number = hw.CASE
    assert put_out(store) == [
        (Type.SUBMITTED, number), (Type.STEP_CHANGED, number), (Type.STEP_CHANGED, number),
        (Type.CLOSED, number),
    ]  # fmt: skip
    with store.read() as connection:
        [*bodies] = connection.scalars(select(alarm_outbox.c.body))
    assert "王芳" not in "".join(bodies), "nobody is named"
    told = msgspec.json.decode(bodies[-1])
    assert (told["specversion"], told["source"]) == ("1.0", "/kiosk/sample")
    assert told["data"]["phase"] == "refused"


def test_one_that_a_platform_decides_at_once_is_closed(store: Store, hook: Hook) -> None:
    herald = Herald(store, "sample", [hook])
    herald.look()
    decided = e.Decided(at=hw.at("2026-03-02"), standing=Standing.APPROVED, person="王芳")
    happen(store, hw.opened(), decided)
    herald.look()
    assert [kind for kind, _ in put_out(store)] == [
        Type.SUBMITTED, Type.STEP_CHANGED, Type.CLOSED,
    ]  # fmt: skip


@BOTH
def test_a_terminal_that_does_otherwise_and_none_that_is_as_before(
    store: Store, hook: Hook
) -> None:
    for name in ("KT-0001", "KT-0002"):
        serve(store, name, 100.0, "yes")
    herald = Herald(store, "sample", [hook])
    herald.look()
    serve(store, "KT-0001", 200.0, "no")
    herald.look()
    serve(store, "KT-0002", 300.0, "unknown")  # the fleet was away
    serve(store, "KT-0002", 400.0, "yes")
    serve(store, "KT-0001", 400.0, "unknown")
    herald.look()
    serve(store, "KT-0001", 500.0, "partly")
    herald.look()
    assert put_out(store) == [
        (Type.NOT_SERVING, "KT-0001"), (Type.OFFLINE, "KT-0001"), (Type.SERVING, "KT-0001"),
    ]  # fmt: skip


def test_each_is_told_what_it_asked_for(store: Store, hook: Hook) -> None:
    hooks = [
        Hook("cases", hook.url, hook.key_file, ("kiosk.case.closed", "kiosk.case.submitted")),
        Hook("terminals", hook.url, hook.key_file, ("kiosk.terminal.*",)),
    ]
    serve(store, "KT-0001", 100.0, "yes")
    herald = Herald(store, "sample", hooks)
    herald.look()
    happen(store, hw.opened(), hw.done("accept", "2026-03-02"))
    serve(store, "KT-0001", 200.0, "no")
    herald.look()
    with store.read() as connection:
        rows = connection.execute(select(alarm_outbox.c.channel, alarm_outbox.c.event))
        assert [tuple(row) for row in rows] == [
            ("webhook/cases", "submitted"), ("webhook/terminals", "not_serving"),
        ]  # fmt: skip


def test_one_that_was_committed_out_of_turn_is_told_as_well(store: Store, hook: Hook) -> None:
    herald = Herald(store, "sample", [hook])
    herald.look()
    for number, position in (("C-2", 100), ("C-1", 50)):
        happen(store, hw.opened(case_no=number), number=number)
        with store.write() as connection:
            change = handling_events.update().filter_by(case_no=number)
            connection.execute(change.values(position=position))
        herald.look()
    assert [subject for _, subject in put_out(store)] == ["C-2", "C-1"]


def test_signed_with_one_id_however_often_and_later_when_it_fails(
    store: Store, receiver: Receiver, hook: Hook
) -> None:
    receiver.codes = [503, 500]
    now = time.time()
    herald = Herald(store, "sample", [hook], lambda: now)
    herald.look()
    happen(store, hw.opened())
    herald.look()
    postman = WebhookOffice(store, "sample", [hook], lambda: now)._postmen[0]
    assert not postman.once()
    assert not postman.once(), "not before its time"
    assert len(receiver.seen) == 1
    for rest in BACKOFF[:2]:
        now += rest * 12
        postman.once()
    [first, *_, last] = receiver.seen
    assert len(receiver.seen) == 3
    assert {headers["X-Kiosk-Delivery"] for headers, _ in receiver.seen} == {
        f"onestop:{hw.CASE}/opened"
    }
    assert first[1] == last[1]
    headers, body = last
    assert headers["Content-Type"] == MEDIA_TYPE
    assert headers["X-Kiosk-Signature"] == signature(KEY, headers["X-Kiosk-Time"], body)
    with store.read() as connection:
        assert connection.execute(select(alarm_outbox.c.state)).scalars().all() == ["sent"]


def test_what_waits_outlives_a_stop(tmp_path: Path, receiver: Receiver, hook: Hook) -> None:
    url = f"sqlite:///{tmp_path}/fleet.db"
    receiver.codes = [500]
    with closing(Store(url)) as store:
        herald = Herald(store, "sample", [hook])
        herald.look()
        happen(store, hw.opened())
        herald.look()
        office = WebhookOffice(store, "sample", [hook])
        office.start()
        wait(lambda: receiver.seen)
        office.stop()
        assert office.healthy is False
    assert len(receiver.seen) == 1
    with closing(Store(url)) as store:
        happen(store, hw.done("accept", "2026-03-02"))  # while nobody told anybody
        office = WebhookOffice(store, "sample", [hook], lambda: time.time() + 60)
        office.start()
        assert office.healthy
        wait(lambda: len(receiver.seen) == 3)
        office.stop()
    assert [one["type"] for one in receiver.events[1:]] == [Type.SUBMITTED, Type.STEP_CHANGED]


def test_what_was_taken_goes_in_time_and_what_waits_stays(store: Store, hook: Hook) -> None:
    herald = Herald(store, "sample", [hook])
    herald.look()
    happen(store, hw.opened(), hw.done("accept", "2026-03-02"))
    herald.look()
    with store.write() as connection:
        change = alarm_outbox.update().where(alarm_outbox.c.event == "submitted")
        connection.execute(change.values(state="sent", done_at=1.0))
    keep = next(one for one in TABLE if one.kind == "webhooks")
    assert thin(store, keep, 2.0, lambda _seconds: False) == Gone(1, 0)
    assert put_out(store) == [(Type.STEP_CHANGED, hw.CASE)]


def test_the_settings_say_who_is_told_of_what(tmp_path: Path) -> None:
    file = tmp_path / "fleet.toml"
    file.write_text(
        '[webhooks.to.onestop]\nurl = "https://x.example/k"\nkey_file = "k"\n'
        'events = ["kiosk.case.*"]\n'
    )
    [hook] = wiring.place(load.fleet(file), {}).webhooks
    assert hook == Hook("onestop", "https://x.example/k", "k", ("kiosk.case.*",))
    assert hook.wants(Type.CLOSED)
    assert not hook.wants(Type.OFFLINE)


@pytest.mark.parametrize(
    ("hook", "fault"),
    [
        (Hook("a", "http://x.example/", "k", EVERY), "https"),
        (Hook("a", "https://x.example/", "", EVERY), "key_file"),
        (Hook("a", "https://x.example/", "k", ("kiosk.cases.*",)), "fits no event"),
        (Hook("a", "https://x.example/", "k", ()), "needs events"),
    ],
)
def test_what_is_not_sound_is_said_at_the_start(hook: Hook, fault: str) -> None:
    with pytest.raises(StartError, match=fault):
        check([hook])
