"""What may be installed: signed by enough of those who may, not too old, not changed on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fleet.errors import UpdatesError
from kiosk.updates.source import PASSING, ROOT, FetchFault
from kiosk.wire import Piece
from updateswork import Town

DAY = 86400.0


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


@pytest.fixture
def piece(town: Town, tmp_path: Path) -> Piece:
    (tmp_path / "a.txt").write_bytes(b"one" * 1000)
    return town.publish(tmp_path / "a.txt", "settings-1.toml", "1")


def test_what_was_published_arrives(town: Town, piece: Piece) -> None:
    found = town.depot().get(piece)
    assert isinstance(found, Path)
    assert found.read_bytes() == b"one" * 1000
    assert town.depot().names() == ["settings-1.toml"]
    assert town.depot().piece("settings-1.toml") == piece


def test_a_changed_byte_is_refused(town: Town, piece: Piece) -> None:
    file = town.repository.bytes / f"{piece.sha256}.{piece.target}"
    file.write_bytes(b"two" * 1000)
    assert town.depot().get(piece) is FetchFault.CHANGED


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"sha256": "0" * 64}, FetchFault.CHANGED),
        ({"length": 3}, FetchFault.CHANGED),
        ({"target": "another"}, FetchFault.UNKNOWN),
        ({"target": "../../etc/passwd"}, FetchFault.UNKNOWN),
    ],
)
def test_a_pointer_that_says_something_else_is_refused(
    town: Town, piece: Piece, change: dict[str, object], fault: FetchFault
) -> None:
    other = {"version": "1", "target": piece.target, "sha256": piece.sha256,
             "length": piece.length} | change  # fmt: skip
    assert town.depot().get(Piece(**other)) is fault  # type: ignore[arg-type]


def test_a_forged_list_is_refused(town: Town, piece: Piece) -> None:
    """By somebody who holds the folder, and no key."""
    path = town.repository.metadata / "timestamp.json"
    said = json.loads(path.read_text())
    said["signed"]["version"] += 5
    path.write_text(json.dumps(said))
    assert town.depot().get(piece) is FetchFault.UNTRUSTED


def test_an_old_list_is_refused_though_the_clock_is_set_back(town: Town, piece: Piece) -> None:
    town.clock.now += 31 * DAY  # known to be past, whatever this machine's clock says
    assert town.depot().get(piece) is FetchFault.EXPIRED
    town.repository.refresh(force=True)
    assert isinstance(town.depot().get(piece), Path)


def test_an_earlier_state_is_refused(town: Town, piece: Piece, tmp_path: Path) -> None:
    """Who holds the line replays what was good yesterday."""
    old = {path.name: path.read_bytes() for path in town.repository.metadata.iterdir()}
    town.publish(tmp_path / "a.txt", "settings-2.toml", "2")
    depot = town.depot()
    assert isinstance(depot.get(piece), Path)
    (town.repository.metadata / "timestamp.json").write_bytes(old["timestamp.json"])
    depot.clear()
    assert depot.get(piece) is FetchFault.UNTRUSTED


def test_without_a_first_root_nothing_is_trusted(town: Town, piece: Piece) -> None:
    (town.trust / ROOT).unlink()
    assert town.depot().get(piece) is FetchFault.NO_TRUST


def test_nobody_there_is_no_refusal_for_good(town: Town, piece: Piece, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert town.depot("other", tmp_path / "empty").get(piece) in PASSING


def test_new_keys_are_followed_from_the_first_root_on(
    town: Town, piece: Piece, tmp_path: Path
) -> None:
    for role, keep in (("timestamp", 1), ("targets", 1), ("root", 3), ("root", 3)):
        town.repository.rotate(role, keep)
    later = town.publish(tmp_path / "a.txt", "settings-3.toml", "3")
    assert isinstance(town.depot().get(later), Path)
    assert isinstance(town.depot().get(piece), Path)


def test_a_key_that_was_replaced_is_worth_nothing(town: Town, piece: Piece, tmp_path: Path) -> None:
    keys = town.repository.keys.folder
    thief = (keys / "targets-1.pem").read_bytes()
    town.repository.rotate("targets", 1)
    assert isinstance(town.depot().get(piece), Path)
    for path in keys.glob("targets-*.pem"):
        path.unlink()
    (keys / "targets-1.pem").write_bytes(thief)
    (keys / "targets-1.pem").chmod(0o600)
    with pytest.raises(UpdatesError, match="targets must be signed"):
        town.publish(tmp_path / "a.txt", "settings-4.toml", "4")


def test_one_root_key_of_three_is_not_enough(town: Town) -> None:
    for path in sorted(town.repository.keys.folder.glob("root-*.pem"))[1:]:
        path.unlink()
    with pytest.raises(UpdatesError, match="root must be signed by 2"):
        town.repository.rotate("targets", 1)


def test_a_key_that_others_can_read_is_not_used(town: Town, tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"x")
    (town.repository.keys.folder / "targets-1.pem").chmod(0o644)
    with pytest.raises(Exception, match="others may read"):
        town.publish(tmp_path / "b", "b", "1")


def test_another_content_under_a_name_that_is_taken(
    town: Town, piece: Piece, tmp_path: Path
) -> None:
    (tmp_path / "b").write_bytes(b"x")
    with pytest.raises(UpdatesError, match="raise the version"):
        town.publish(tmp_path / "b", piece.target, "1")


def test_the_online_roles_are_due_at_half_of_their_time(town: Town) -> None:
    assert not town.repository.due()
    town.clock.now += 4 * DAY
    assert town.repository.due()
    town.repository.refresh(force=True)
    assert not town.repository.due()
