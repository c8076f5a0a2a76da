"""A real terminal does what the fleet asks: every process, real bytes; nobody is disturbed."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

import realhousehold
from drivers.idcard.samples import SAMPLES
from fleet.rollouts import orders
from fleet.rollouts.orders import Wanted
from fleet.rollouts.shapes import Where
from fleet.store.database import Store
from fleet.store.rollout_tables import attachments, order_terminals
from kiosk.wire import Operation
from realhousehold import PYTHON, Household, wait

NAME, CARD = "KT-0001", "zhang"
SECONDS = 90.0
ENDED = ("done", "failed", "refused", "interrupted", "expired")


@dataclass
class Fleet:
    """The fleet's own store: what a person asks, and what came of it."""

    home: Household
    store: Store

    def ask(self, operation: Operation) -> int:
        wanted = Wanted(operation, Where(ids=[NAME]), {})
        with self.store.write() as connection:
            return orders.order(connection, wanted, "王工", time.time())

    def told(self, number: int) -> tuple[str, str]:
        table = order_terminals.c
        with self.store.read() as connection:
            row = connection.execute(
                select(table.state, table.why).where(table.order_id == number)
            ).one()
        return row.state, row.why

    def ended(self, number: int) -> tuple[str, str]:
        wait(lambda: self.told(number)[0] in ENDED, SECONDS, "the end of an order")
        return self.told(number)

    def brought(self, number: int) -> bytes | None:
        """What an order's command has brought."""
        table = order_terminals.c
        with self.store.read() as connection:
            command = connection.scalar(select(table.command).where(table.order_id == number))
            query = select(attachments.c.body).where(attachments.c.command == command)
            found: bytes | None = connection.scalar(query)
        return found

    def screen(self) -> str:
        with closing(self.home.journal()) as journal:
            return str(journal.statuses().get("screen", ("", 0.0))[0])

    def screen_is(self, state: str) -> None:
        wait(lambda: self.screen() == state, SECONDS, f"the screen to be {state}")


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    player = f"{PYTHON} -m drivers.speech.simulator {tmp_path / 'sim'} loudspeaker"
    speech = {"KIOSK_SPEECH__DRIVER": "espeak", "KIOSK_SPEECH__ESPEAK__PLAYER": player}
    brief = {"KIOSK_SCREEN__IDLE_SECONDS": "10", "KIOSK_SCREEN__STILL_THERE_SECONDS": "5"}
    names = ("fleet", "simulators", "agent")
    with realhousehold.running(tmp_path, *names, **speech, **brief) as home:
        wait((tmp_path / "trust/case.pub").exists, SECONDS, "the fleet's keys")
        home.screen()
        with closing(Store(f"sqlite:///{tmp_path}/fleet/fleet.db")) as store:
            made = Fleet(home, store)
            made.screen_is("idle")
            yield made


@pytest.mark.timeout(400)
def test_it_beeps_prints_and_shows_itself_and_disturbs_nobody(fleet: Fleet) -> None:
    home = fleet.home
    assert fleet.ended(fleet.ask(Operation.IDENTIFY)) == ("done", "")
    heard = json.loads((home.folder / "sim/speech.heard.json").read_text())
    assert (heard["output"], heard["sentences"]) == ("loudspeaker", 2), "a beep, and its number"

    assert fleet.ended(fleet.ask(Operation.TEST_PRINT)) == ("done", "")
    [slip] = home.receipts()
    assert NAME.encode() in slip.read_bytes()

    picture = fleet.ask(Operation.SCREEN_PICTURE)
    assert fleet.ended(picture) == ("done", "")
    assert colours(fleet.brought(picture)) > 10

    home.simulate("idcard", card=CARD)
    fleet.screen_is("serving")
    blank, print_ = fleet.ask(Operation.SCREEN_PICTURE), fleet.ask(Operation.TEST_PRINT)
    assert fleet.ended(blank) == ("done", "visitor")
    assert fleet.brought(blank) is None
    assert fleet.screen() == "serving"
    assert (fleet.told(print_)[0], len(home.receipts())) in {("sent", 1), ("accepted", 1)}

    home.simulate("idcard", card=None)
    assert fleet.ended(print_) == ("done", "")
    assert len(home.receipts()) == 2

    logs = fleet.ask(Operation.COLLECT_LOGS)
    assert fleet.ended(logs) == ("done", "")
    told = read(fleet.brought(logs))
    assert {"about.json", "status.json", "records.jsonl"} <= set(told)
    for secret in (SAMPLES[CARD].name, SAMPLES[CARD].number, SAMPLES[CARD].address):
        assert not [name for name, text in told.items() if secret in text]


def colours(picture: bytes | None) -> int:
    assert picture is not None
    found: Any = Image.open(io.BytesIO(picture)).convert("RGB").getcolors(2**24)
    return len(found)


def read(body: bytes | None) -> dict[str, str]:
    """The files of a zip."""
    assert body is not None
    archive = zipfile.ZipFile(io.BytesIO(body))
    return {name: archive.read(name).decode() for name in archive.namelist()}
