"""The roster's file: who may read it, and that a damaged one is never taken for empty."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.errors import RosterError
from kiosk.identity import rosterfile
from kiosk.identity.roster import Roster
from kiosk.identity.rosterfile import RosterFile
from kiosk.model import Level, StaffRole

LI, PIN = "445299195410121019", "830471"


def a_roster(folder: Path) -> Path:
    path = folder / "staff.json"
    Roster.load(path).add("李小田", LI, StaffRole.HELPER, Level.VILLAGE, PIN)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return a_roster(tmp_path / "terminal")


def key_of(path: Path) -> Path:
    return path.with_name("staff.json.key")


def refused(path: Path) -> str:
    """What is told about the file; each call refuses it, and none changes anything."""
    fresh = Roster(RosterFile(path), lambda: pytest.fail("a PIN was tried"))
    with pytest.raises(RosterError) as loaded:
        Roster.load(path)
    with pytest.raises(RosterError):
        fresh.find(LI)
    with pytest.raises(RosterError):
        fresh.add("王秋实", "11010519491231002X", StaffRole.HELPER, Level.TOWN, PIN)
    for secret in (LI, PIN, "李小田"):
        assert secret not in str(loaded.value)
    return str(loaded.value)


# ---- Who may read it -------------------------------------------------------------------------


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_its_files_are_the_terminals_alone(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        path = a_roster(tmp_path / "made" / "here")
    finally:
        os.umask(before)
    assert [one.stat().st_mode & 0o777 for one in (path, key_of(path))] == [0o600, 0o600]
    assert path.parent.stat().st_mode & 0o077 == 0
    assert len(list(path.parent.iterdir())) == 2


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o601, 0o666])
@pytest.mark.parametrize("file", [lambda path: path, key_of])
def test_files_that_others_can_open_are_refused(
    path: Path, file: Callable[[Path], Path], mode: int
) -> None:
    file(path).chmod(mode)
    assert f"chmod 600 {file(path)}" in refused(path)
    file(path).chmod(0o600)
    assert not Roster.load(path).empty


def test_a_folder_that_everybody_can_write_to_is_refused(path: Path) -> None:
    path.parent.chmod(0o777)
    assert f"chmod o-w {path.parent}" in refused(path)


def _link(path: Path, aside: Path) -> None:
    path.symlink_to(aside)


def _dangling(path: Path, aside: Path) -> None:
    path.symlink_to(aside.with_name("nowhere"))


def _folder(path: Path, _aside: Path) -> None:
    path.mkdir(mode=0o700)


def _pipe(path: Path, _aside: Path) -> None:
    os.mkfifo(path, 0o600)


def _socket(path: Path, _aside: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))
    path.chmod(0o600)


@pytest.mark.parametrize("stand_in", [_link, _dangling, _folder, _pipe, _socket])
@pytest.mark.parametrize("file", [lambda path: path, key_of])
def test_what_is_no_regular_file_is_refused(
    path: Path, file: Callable[[Path], Path], stand_in: Callable[[Path, Path], None]
) -> None:
    aside = file(path).rename(path.parent.parent / "aside")
    stand_in(file(path), aside)
    assert "is no regular file" in refused(path)


def test_a_place_that_cant_be_is_told(path: Path) -> None:
    assert "Not a directory" in refused(path / "staff.json")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can write for another user")
def test_what_root_writes_belongs_to_the_terminals_user(tmp_path: Path) -> None:
    folder = tmp_path / "terminal"
    folder.mkdir(mode=0o700)
    os.chown(folder, 4711, 4712)
    path = a_roster(folder)
    owners = {(one.stat().st_uid, one.stat().st_gid) for one in (path, key_of(path))}
    assert owners == {(4711, 4712)}


# ---- Damage ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"seal":"","content":{}}']
)
def test_what_is_no_roster_is_refused(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    assert "damaged" in refused(path)


def test_a_file_that_was_cut_short_is_refused(path: Path) -> None:
    data = path.read_bytes()
    for size in range(len(data)):
        path.write_bytes(data[:size])
        with pytest.raises(RosterError):
            RosterFile(path).read()


def test_no_bit_can_change(path: Path) -> None:
    """Or it is one of those that base64 leaves unused, and means nothing."""
    data, before = path.read_bytes(), RosterFile(path).read()
    taken = 0
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1 << place % 7
        path.write_bytes(changed)
        try:
            assert RosterFile(path).read() == before
            taken += 1
        except RosterError:
            pass
    assert taken <= 2


def test_a_roster_that_was_edited_by_hand_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"helper"', b'"operator"', 1))
    assert "damaged" in refused(path)


def test_a_roster_of_another_terminal_is_refused(path: Path, tmp_path: Path) -> None:
    other = a_roster(tmp_path / "other")
    shutil.copy2(other, path)
    assert "from another terminal" in refused(path)


@pytest.mark.parametrize("key", [None, b"", b"short", bytes(32), bytes(33)])
def test_a_roster_without_its_key_is_refused(path: Path, key: bytes | None) -> None:
    key_of(path).unlink()
    if key is not None:
        key_of(path).touch(0o600)
        key_of(path).write_bytes(key)
    with pytest.raises(RosterError, match="then add the staff anew"):
        Roster.load(path)
    with pytest.raises(RosterError):
        Roster(RosterFile(path), lambda: pytest.fail("a PIN was tried")).find(LI)


def test_a_damaged_key_is_refused_before_anybody_is_added(path: Path) -> None:
    path.unlink()
    key_of(path).write_bytes(b"short")
    with pytest.raises(RosterError, match="is damaged"):
        a_roster(path.parent)
    assert not path.exists()


def test_of_two_keys_made_at_once_the_first_one_stays(tmp_path: Path) -> None:
    key = tmp_path / "staff.json.key"
    for made in (b"first", b"second"):
        rosterfile._make_once(key, made)
    assert key.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [key]


def test_what_a_killed_program_left_is_written_over(path: Path) -> None:
    path.with_name(".staff.json.tmp").write_bytes(b"half of a ro")
    Roster.load(path).remove("H-01")
    assert Roster.load(path).empty
    assert {one.name for one in path.parent.iterdir()} == {path.name, key_of(path).name}


def test_a_roster_that_another_program_holds_is_given_up(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rosterfile, "_PATIENCE", 0.05)
    with key_of(path).open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(RosterError, match="held by another process"):
            Roster.load(path).remove("H-01")
    assert len(Roster.load(path).members()) == 1
