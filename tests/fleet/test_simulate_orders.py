"""Simulated stations do what the fleet asks: if it is signed, once, between visits, to an end."""

from __future__ import annotations

import io
import json
import zipfile
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from fleet.simulate.orders import ACTS, OPERATIONS, Orders
from fleet.simulate.profile import load
from fleet.simulate.station import Station
from fleet.simulate.wishes import Wishes
from kiosk import wire
from kiosk.wire import Desired, Operation, Piece, PieceKind

TENANT, NOW = "sample", 1_800_000_000
START = datetime(2026, 3, 2, 8, 30, tzinfo=timezone(timedelta(hours=8)))
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
NAME = wire.key_id(KEY.public_key())
KEYS = {NAME: KEY.public_key().public_bytes_raw().hex()}


@dataclass
class Asked:
    """A station, and the fleet that asks it. `fails`: the share of orders and updates."""

    fails: float = 0.0
    brought: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        county = load("county")
        faults = msgspec.structs.replace(county.faults, orders=self.fails, updates=self.fails)
        profile = msgspec.structs.replace(county, faults=faults)
        self.station = Station(profile, 5, 1, b"\x09" + bytes(31), START)
        receiver = wire.Receiver(TENANT, self.station.id, KEYS, OPERATIONS)
        self.orders = Orders(self.station, receiver, self._bring)
        self.wishes = Wishes(self.station, receiver)

    def _bring(self, command: str, kind: str, body: bytes) -> Future[bool]:
        self.brought[f"{command}.{kind}"] = body
        sent: Future[bool] = Future()
        sent.set_result(True)
        return sent

    def ask(self, operation: str, number: str = "c1", *, seconds: int = 600) -> None:
        draft = wire.Command(number, self.station.id, operation, NOW, NOW + seconds, {}, NAME)
        signed = wire.sign_command(draft, TENANT, KEY)
        self.orders.take(msgspec.structs.replace(draft, signature=signed), NOW + 1)

    def want(self, number: int, version: str, target: str = "x.zip") -> None:
        piece = Piece(version, target, "0" * 64, 1)
        draft = Desired(self.station.id, number, NOW, software=piece, key=NAME)
        signed = wire.sign_desired(draft, TENANT, KEY)
        self.wishes.take(msgspec.structs.replace(draft, signature=signed))

    def told(self, kind: str = "command", **passed: float) -> list[tuple[str, str]]:
        """Outcomes with their reasons, after that time has passed."""
        self.station.live(self.station.now + timedelta(**passed))
        records = [one for one in self.station.unacked if one.type == f"kiosk.{kind}.event"]
        said: list[dict[str, Any]] = [json.loads(bytes(one.data)) for one in records]
        return [(one.get("outcome") or one["step"], one["why"]) for one in said]


@pytest.mark.parametrize("operation", sorted(map(str, ACTS)))
def test_an_order_is_accepted_then_running_then_done(operation: str) -> None:
    asked = Asked()
    asked.ask(operation)
    assert asked.told() == [("accepted", "")]
    assert asked.told(minutes=1) == [("accepted", ""), ("running", ""), ("done", "")]


@pytest.mark.parametrize("operation", sorted(str(name) for name, act in ACTS.items() if act.fails))
def test_some_fail_with_a_reason_and_the_next_one_has_its_turn(operation: str) -> None:
    asked = Asked(fails=1.0)
    asked.ask(operation)
    asked.ask("in_service", "c2")
    told = asked.told(minutes=2)
    assert told[:2] == [("accepted", ""), ("accepted", "")]
    assert told[3] == ("failed", ACTS[Operation(operation)].fails)
    assert told[4:] == [("running", ""), ("done", "")]


def test_it_judges_as_a_terminal_does() -> None:
    asked = Asked()
    unsigned = wire.Command("c0", asked.station.id, "identify", NOW, NOW + 60, {}, NAME, "00")
    asked.orders.take(unsigned, NOW)
    assert asked.told(minutes=1) == []
    asked.ask("identify", "c1", seconds=0)
    asked.ask("reprint", "c2")
    asked.ask("report", "c3")
    asked.ask("report", "c3")
    told = asked.told(minutes=1)
    assert told == [("refused", "expired"), ("refused", "unknown"), ("done", "")]
    assert asked.station.news == {"birth", "health", "services"}


def test_who_is_closed_serves_nobody() -> None:
    asked = Asked()
    asked.ask("maintenance")
    asked.told(minutes=5)
    before = len(asked.station.unacked)
    asked.station.live(START + timedelta(days=1))
    kinds = {one.type for one in asked.station.unacked[before:]}
    assert asked.station.health().screen == "maintenance"
    assert "kiosk.session.intent" not in kinds
    asked.ask("in_service", "c2")
    asked.station.live(START + timedelta(days=3))
    assert "kiosk.session.intent" in {one.type for one in asked.station.unacked[before:]}


def test_a_picture_and_logs_are_brought() -> None:
    asked = Asked()
    asked.ask("screen_picture", "c1")
    asked.ask("collect_logs", "c2")
    asked.told(minutes=1)
    assert Image.open(io.BytesIO(asked.brought["c1.picture"])).size == (270, 480)
    assert "about.json" in zipfile.ZipFile(io.BytesIO(asked.brought["c2.logs"])).namelist()


def test_a_version_is_taken_step_by_step_and_an_older_wish_is_not() -> None:
    asked = Asked()
    asked.want(2, "0.2.0")
    told = [step for step, _why in asked.told("desired", minutes=1)]
    assert told == ["fetched", "ready", "switched", "confirmed"]
    assert asked.station.birth().software == "0.2.0"
    asked.want(1, "0.1.0")
    assert len(asked.told("desired", minutes=1)) == 4
    assert asked.station.versions[PieceKind.SOFTWARE] == "0.2.0"


def test_a_version_that_does_not_come_up_well_is_left_again() -> None:
    asked = Asked(fails=1.0)
    asked.want(1, "0.2.0")
    assert asked.told("desired", minutes=1)[-1] == ("fell_back", "not_healthy")
    assert asked.station.state(online=True).software == "0.1.0"
    asked.want(2, "0.1.0", target="")
    assert asked.told("desired", minutes=1)[-1] == ("confirmed", "")
