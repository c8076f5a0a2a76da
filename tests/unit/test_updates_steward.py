"""A terminal comes to what the fleet wants: fetched, checked, switched when nobody is there, and
proven; or what was there stays, with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fleet.commands import Commander
from kiosk import settings
from kiosk.agent import pieces
from kiosk.agent.backoff import Backoff
from kiosk.agent.desired import Wish
from kiosk.agent.updates import RESTART, SWITCH, Steward
from kiosk.agent.window import is_open
from kiosk.journal import Journal
from kiosk.updates import boot
from kiosk.wire import Desired, Piece, PieceKind
from updateswork import Town

TENANT, NAME = "sample", "KT-0001"
OWN = """
[terminal]
id = "KT-0001"
var = "{var}"
[screen]
idle_seconds = 60
"""


def at(hour: int) -> datetime:
    """The terminal's own time."""
    return datetime(2026, 3, 2, hour, 0, tzinfo=UTC)


class Desk:
    """A terminal's steward, and everything around it; `restart` is what a start does."""

    def __init__(self, folder: Path) -> None:
        self.town = Town(folder, 1, 1)
        self.var, self.trust = folder / "var", self.town.trust
        self.file = folder / "terminal.toml"
        self.file.write_text(OWN.format(var=self.var))
        self.commander = Commander(folder / "fleet", self.trust, TENANT)
        self.journal = Journal.open(self.var / "journal.db", NAME)
        self.number, self.ends = 0, list[int]()
        self.clock = at(12)
        place = self.town.place()
        assert place.add(self.town.release("0.1.0"), "0.1.0") is None
        boot.point(self.town.root, "0.1.0")
        self.restart()

    def restart(self, *, screen: bool = True) -> None:
        self.given = settings.Given(self.var)
        self.given.start()
        self.place = self.town.place()
        kinds: dict[PieceKind, pieces.Kind] = {
            PieceKind.SOFTWARE: pieces.Software(self.place),
            PieceKind.SETTINGS: pieces.Settings(
                self.given, lambda text: settings.objection(self.file, text), lambda: self.seconds
            ),
        }
        self.seconds = 0.0
        self.steward = Steward(
            lambda: self.journal, lambda: Wish(self.var, self.trust, TENANT, NAME),
            self.town.depot(), kinds, self.ends.append,
            backoff=Backoff(0, 0), clock=lambda: self.clock,
        )  # fmt: skip
        self.steward.prepare(self.journal)
        if screen:
            self.journal.put_status("screen", "idle")

    def want(self, *, window: str = "", **wanted: Piece) -> Desired:
        self.number += 1
        draft = Desired(NAME, self.number, 1, window=window, **wanted)  # type: ignore[arg-type]
        signed = self.commander.point(draft)
        self.steward.heard.put(signed)
        return signed

    def look(self, times: int = 3) -> None:
        """The screen process closes when it is asked to."""
        for _ in range(times):
            self.steward.once()
            order = self.journal.statuses().get("order.update", ({}, 0))[0]
            if order:
                told = {"id": order["id"], "outcome": "done", "why": ""}
                self.journal.put_status("ordered.update", told)

    @property
    def steps(self) -> list[tuple[str, str, str]]:
        found = []
        for record in self.journal.records(1):
            if record.type == "kiosk.desired.event":
                data: dict[str, Any] = json.loads(bytes(record.data))
                found.append((data["version"], data["step"], data["why"]))
        return found

    def publish(self, text: str, version: str) -> Piece:
        path = self.town.folder / f"{version}.toml"
        path.write_text(text)
        return self.town.publish(path, f"settings-{version}.toml", version)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.journal.close()


def test_software_is_switched_and_proven(desk: Desk) -> None:
    piece = desk.town.publish(desk.town.release("0.2.0"), "software-0.2.0.zip", "0.2.0")
    desk.want(software=piece)
    desk.look()
    assert (desk.place.current, desk.ends) == ("0.2.0", [SWITCH])
    assert boot.choose(desk.town.root) == "0.2.0"
    desk.restart(screen=False)
    desk.look()
    assert desk.place.on_trial, "no screen yet"
    desk.journal.put_status("screen", "idle")
    desk.look()
    assert not desk.place.on_trial
    assert [step for _, step, _ in desk.steps] == ["fetched", "ready", "switched", "confirmed"]
    desk.restart()
    desk.look()
    assert len(desk.steps) == 4, "said once"


def test_software_that_does_not_come_up_is_told_and_not_tried_again(desk: Desk) -> None:
    piece = desk.town.publish(desk.town.release("0.2.0"), "software-0.2.0.zip", "0.2.0")
    desk.want(software=piece)
    desk.look()
    assert [boot.choose(desk.town.root) for _ in range(4)][-1] == "0.1.0"
    desk.restart()
    desk.look()
    assert desk.steps[-1] == ("0.2.0", "fell_back", "not_healthy")
    assert (desk.place.current, desk.ends) == ("0.1.0", [SWITCH])
    desk.want(software=Piece("0.1.0"))  # the fleet rolls back
    desk.look()
    assert desk.steps[-1] == ("0.1.0", "confirmed", "")


def test_back_to_the_version_before_without_a_network(desk: Desk) -> None:
    piece = desk.town.publish(desk.town.release("0.2.0"), "software-0.2.0.zip", "0.2.0")
    desk.want(software=piece)
    desk.look()
    desk.restart()
    desk.look()
    for path in desk.town.repository.metadata.iterdir():
        path.unlink()
    desk.want(software=Piece("0.1.0"))
    desk.look()
    assert (desk.place.current, desk.ends) == ("0.1.0", [SWITCH, SWITCH])


def test_it_waits_for_its_window_and_for_the_citizen(desk: Desk) -> None:
    piece = desk.town.publish(desk.town.release("0.2.0"), "software-0.2.0.zip", "0.2.0")
    desk.want(software=piece, window="01:30-04:30")
    desk.look()
    assert (desk.place.current, desk.steps[-1][1]) == ("0.1.0", "ready")
    desk.clock = at(2)
    for _ in range(5):
        desk.steward.once()  # and the screen process does not answer: somebody is there
    assert (desk.place.current, desk.ends) == ("0.1.0", [])
    desk.look()
    assert (desk.place.current, desk.ends) == ("0.2.0", [SWITCH])


def test_settings_are_checked_used_and_proven(desk: Desk) -> None:
    desk.want(settings=desk.publish("[screen]\nidle_seconds = 90\n", "bright"))
    desk.look()
    assert desk.ends == [RESTART]
    assert settings.load(desk.file).screen.idle_seconds == 90
    desk.restart()
    desk.look()
    assert (desk.given.version, desk.given.on_trial) == ("bright", False)
    assert desk.steps[-1] == ("bright", "confirmed", "")
    desk.want(settings=Piece(""))
    desk.look()
    assert settings.load(desk.file).screen.idle_seconds == 60


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[screen]\nidle_seconds = -1\n", "wrong screen.idle_seconds"),
        ("[screen]\ncolour = 1\n", "wrong screen.colour"),
        ("[mqtt]\nhost = 'evil'\n", "local mqtt"),
        ("[terminal]\nid = 'KT-0002'\n", "local terminal.id"),
        ("[gateway]\nurl = 'x'\n", "local gateway.url"),
        ("screen = 3", "wrong"),
        ("not toml", "not_toml"),
    ],
)
def test_bad_settings_are_refused_and_the_last_good_ones_stay(
    desk: Desk, text: str, why: str
) -> None:
    desk.want(settings=desk.publish("[screen]\nidle_seconds = 90\n", "good"))
    desk.look()
    desk.restart()
    desk.look()
    desk.want(settings=desk.publish(text, "bad"))
    desk.look()
    assert desk.steps[-1][:2] == ("bad", "refused")
    assert why in desk.steps[-1][2]
    assert settings.load(desk.file).screen.idle_seconds == 90
    assert desk.ends == [RESTART]


def test_settings_with_which_no_screen_comes_up_are_taken_back(desk: Desk) -> None:
    desk.want(settings=desk.publish("[screen]\nwidth = 480\n", "narrow"))
    desk.look()
    desk.restart(screen=False)
    desk.look()
    desk.seconds = 500.0
    desk.look()
    assert desk.steps[-1] == ("narrow", "fell_back", "not_healthy")
    assert desk.ends == [RESTART, RESTART]
    assert settings.load(desk.file).screen.width == 1080


def test_settings_with_which_the_agent_dies_are_taken_back(desk: Desk) -> None:
    desk.want(settings=desk.publish("[screen]\nwidth = 480\n", "narrow"))
    desk.look()
    for _ in range(4):
        desk.given.start()
    assert settings.load(desk.file).screen.width == 1080
    desk.restart()
    desk.look()
    assert desk.steps[-1] == ("narrow", "fell_back", "not_healthy")


def test_a_pointer_that_is_forged_anothers_or_old(desk: Desk) -> None:
    piece = desk.publish("[screen]\nidle_seconds = 90\n", "bright")
    good = desk.want(settings=piece)
    desk.look(1)
    other = Commander(desk.town.folder / "thief", desk.town.folder / "t", TENANT)
    elsewhere = Commander(desk.town.folder / "fleet", desk.trust, "elsewhere")
    for commander in (other, elsewhere):
        desk.steward.heard.put(commander.point(Desired(NAME, 99, 1, settings=Piece(""))))
    desk.steward.heard.put(desk.commander.point(Desired("KT-0002", 99, 1)))
    desk.steward.heard.put(desk.commander.point(Desired(NAME, good.number, 1, settings=Piece(""))))
    desk.look()
    assert desk.given.version == "bright"


def test_what_is_not_on_the_list_is_refused_and_a_silent_fleet_is_waited_for(desk: Desk) -> None:
    desk.want(settings=Piece("x", "settings-x.toml", "ab" * 32, 5))
    desk.look()
    assert desk.steps == [("x", "refused", "unknown")]
    piece = desk.publish("[screen]\nidle_seconds = 90\n", "bright")
    timestamp = desk.town.repository.metadata / "timestamp.json"
    kept = timestamp.read_bytes()
    desk.town.clock.now += 40 * 86400  # everything is too old
    desk.want(settings=piece)
    desk.look()
    assert len(desk.steps) == 1
    desk.town.repository.refresh(force=True)
    assert timestamp.read_bytes() != kept
    desk.look()
    assert desk.steps[-1][:2] == ("bright", "switched")


@pytest.mark.parametrize(
    ("window", "hour", "answer"),
    [("", 12, True), ("01:30-04:30", 2, True), ("01:30-04:30", 5, False), ("22:00-05:00", 23, True),
     ("22:00-05:00", 4, True), ("22:00-05:00", 12, False), ("nonsense", 2, False)],
)  # fmt: skip
def test_windows(window: str, hour: int, answer: bool) -> None:
    assert is_open(window, at(hour)) is answer
