"""The signed list of keys and revocations: it only grows, survives losses, and cannot be forged."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.certificates import trustlist
from fleet.certificates.keys import Keys, KeysError, open_keys
from kiosk.certificates import trust as trusted
from kiosk.certificates import update
from kiosk.certificates.trust import ListRefusedError, load, read_list
from paperwork import AUTHORITY_ZH, NOW

DAY = timedelta(days=1)


def start(home: Path) -> Keys:
    keys = open_keys(home / "fleet", home / "trust", AUTHORITY_ZH, NOW)
    trustlist.publish(home / "fleet", home / "trust", NOW)
    return keys


def content(home: Path) -> bytes:
    return (home / "trust" / trustlist.LIST).read_bytes()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("list")
    start(home)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


def test_the_terminal_reads_what_the_fleet_wrote(home: Path) -> None:
    known = load(home / "trust")
    assert known is not None
    assert known.serial == 1
    assert known.next_update == int((NOW + trustlist.NEXT_UPDATE).timestamp())
    [(kid, key)] = known.keys.items()
    assert kid.hex() in json.loads((home / "trust/keys.json").read_bytes())
    assert key.signed_in_time(int(NOW.timestamp()))
    assert not key.signed_in_time(int((NOW - 2 * DAY).timestamp()))
    assert not known.revokes("CB-1")


def test_publishing_again_changes_nothing_until_the_list_is_a_day_old(home: Path) -> None:
    before = content(home)
    trustlist.publish(home / "fleet", home / "trust", NOW + DAY / 2)
    assert content(home) == before
    renewed = trustlist.publish(home / "fleet", home / "trust", NOW + 2 * DAY)
    assert renewed.serial == 2
    assert content(home) != before


def test_what_is_revoked_stays_revoked(home: Path) -> None:
    fleet, trust = home / "fleet", home / "trust"
    assert trustlist.revoke(fleet, trust, NOW, ["CB-1"]).serial == 2
    assert trustlist.revoke(fleet, trust, NOW, ["CB-1"]).serial == 2
    assert trustlist.revoke(fleet, trust, NOW, ["CB-2", "CB-3"]).serial == 3
    known = load(trust)
    assert known is not None
    assert [known.revokes(f"CB-{i}") for i in (1, 2, 3, 4)] == [True, True, True, False]
    assert b"CB-1" not in content(home)


def test_a_withdrawn_key_vouches_for_nothing_and_an_unknown_one_is_named(home: Path) -> None:
    fleet, trust = home / "fleet", home / "trust"
    [kid] = json.loads((trust / "keys.json").read_bytes())
    first = trustlist.revoke_key(fleet, trust, NOW, bytes.fromhex(kid))
    again = trustlist.revoke_key(fleet, trust, NOW + DAY / 4, bytes.fromhex(kid))
    assert first.keys == again.keys
    known = load(trust)
    assert known is not None
    assert not known.keys[bytes.fromhex(kid)].signed_in_time(int(NOW.timestamp()))
    with pytest.raises(KeysError, match="no key 00"):
        trustlist.revoke_key(fleet, trust, NOW, b"\0" * 8)


@pytest.mark.parametrize("lost", ["trust/list.cose", "fleet/keys/list.cose", "trust/anchors.json"])
def test_a_lost_file_costs_no_revocation(home: Path, lost: str) -> None:
    trustlist.revoke(home / "fleet", home / "trust", NOW, ["CB-1"])
    (home / lost).unlink()
    trustlist.publish(home / "fleet", home / "trust", NOW)
    known = load(home / "trust")
    assert known is not None
    assert known.revokes("CB-1")


def test_a_fleet_that_lost_its_folder_goes_on_from_the_public_list(home: Path) -> None:
    old = start(home)
    trustlist.revoke(home / "fleet", home / "trust", NOW, ["CB-1"])
    shutil.rmtree(home / "fleet")
    new = start(home)
    known = load(home / "trust")
    assert known is not None
    assert known.serial == 3
    assert known.revokes("CB-1")
    assert set(known.keys) == {old.kid, new.kid}


@pytest.mark.parametrize("which", ["fleet/keys", "trust"])
def test_a_damaged_list_is_named_and_left_alone(home: Path, which: str) -> None:
    path = home / which / trustlist.LIST
    path.write_bytes(path.read_bytes()[:-1])
    kept = path.read_bytes()
    with pytest.raises(KeysError, match=r"list\.cose: damaged"):
        trustlist.publish(home / "fleet", home / "trust", NOW)
    assert path.read_bytes() == kept
    if which == "trust":
        assert load(home / "trust") is None


def test_every_changed_bit_of_the_list_is_noticed(home: Path) -> None:
    whole, anchors = content(home), trusted._keys(home / "trust/anchors.json")
    assert anchors is not None
    assert read_list(whole, anchors) is not None
    for place in range(len(whole)):
        for bit in range(8):
            changed = bytearray(whole)
            changed[place] ^= 1 << bit
            assert read_list(bytes(changed), anchors) is None


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_no_list(made: Path, rubbish: bytes) -> None:
    anchors = trusted._keys(made / "trust/anchors.json")
    assert anchors is not None
    assert read_list(rubbish, anchors) is None


def test_a_terminal_takes_a_newer_list_and_no_other(home: Path, tmp_path: Path) -> None:
    terminal = shutil.copytree(home / "trust", tmp_path / "terminal")
    first = content(home)
    trustlist.revoke(home / "fleet", home / "trust", NOW, ["CB-1"])
    start(tmp_path / "other")
    with pytest.raises(ListRefusedError, match="not a list"):
        update(terminal, content(tmp_path / "other"))
    with pytest.raises(ListRefusedError, match="not a list"):
        update(terminal, content(home)[:-1])
    assert update(terminal, content(home)).revokes("CB-1")
    with pytest.raises(ListRefusedError, match="older"):
        update(terminal, first)
    known = load(terminal)
    assert known is not None
    assert known.revokes("CB-1")


def test_the_commands(home: Path, tmp_path: Path) -> None:
    where = ["--var", home / "fleet", "--trust", home / "trust"]

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "fleet.certificates", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert "2 certificates revoked" in run("revoke", "CB-1", "CB-2", *where).stdout
    assert run("revoke-key", "zz", *where).returncode == 2
    assert "no kid" in run("revoke-key", "zz", *where).stderr
    (tmp_path / "verify.js").write_text("1")
    out = tmp_path / "site/index.html"
    made_page = run(
        "page", "--out", out, "--trust", home / "trust", "--script", tmp_path / "verify.js"
    )
    assert made_page.returncode == 0, made_page.stderr
    html = out.read_text()
    assert '"anchors"' in html
    assert "@" + "TRUST@" not in html
    assert not [word for word in ("http:", "https:", "src=", "@import") if word in html]
