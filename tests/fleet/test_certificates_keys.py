"""The fleet's keys: made once, completed after a kill, never changed, never readable by others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from fleet.certificates.keys import Keys, KeysError, open_keys
from fleet.errors import KeyFileError
from paperwork import AUTHORITY_ZH

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PRIVATE = ("root.key", "root.pem", "seal.key", "seal.pem", "qr.key")
PUBLIC = ("root.pem", "keys.json")
WRITTEN = (
    "fleet/keys/root.key", "fleet/keys/seal.key", "fleet/keys/qr.key", "fleet/keys/root.pem",
    "fleet/keys/seal.pem", "trust/root.pem", "trust/keys.json",
)  # fmt: skip


def start(home: Path) -> Keys:
    return open_keys(home / "fleet", home / "trust", AUTHORITY_ZH, NOW)


def contents(home: Path) -> dict[str, bytes]:
    files = [home / "fleet/keys" / name for name in PRIVATE]
    files += [home / "trust" / name for name in PUBLIC]
    return {str(path.relative_to(home)): path.read_bytes() for path in files}


def test_the_second_start_changes_nothing(tmp_path: Path) -> None:
    first = start(tmp_path)
    before = contents(tmp_path)
    assert start(tmp_path).kid == first.kid
    assert contents(tmp_path) == before


def test_private_keys_are_the_owner_s_alone_and_trust_is_for_all(tmp_path: Path) -> None:
    start(tmp_path)
    keys = tmp_path / "fleet/keys"
    assert keys.stat().st_mode & 0o777 == 0o700
    assert {(keys / name).stat().st_mode & 0o777 for name in PRIVATE} == {0o600}
    for name in PUBLIC:
        path = tmp_path / "trust" / name
        assert path.stat().st_mode & 0o777 == 0o644
        assert b"PRIVATE" not in path.read_bytes()


@pytest.mark.parametrize("left", range(len(WRITTEN)))
def test_a_start_that_was_killed_is_completed(tmp_path: Path, left: int) -> None:
    start(tmp_path)
    before = contents(tmp_path)
    for name in WRITTEN[left:]:
        (tmp_path / name).unlink()
    (tmp_path / "fleet/keys/.qr.key.abandoned").write_bytes(b"half a key")
    keys = start(tmp_path)
    after = contents(tmp_path)
    assert {name: after[name] for name in WRITTEN[:left]} == {n: before[n] for n in WRITTEN[:left]}
    keys.seal_certificate.verify_directly_issued_by(keys.root_certificate)
    assert keys.root_certificate in x509.load_pem_x509_certificates(after["trust/root.pem"])
    assert keys.kid.hex() in json.loads(after["trust/keys.json"])


RUNNER = """
import pathlib, sys
from test_certificates_keys import start
home = pathlib.Path(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
keys = start(home)
print(keys.kid.hex(), keys.seal_certificate.serial_number)
"""


def test_starts_that_race_agree(tmp_path: Path) -> None:
    tests = Path(__file__).parents[1]
    paths = os.pathsep.join(map(str, (tests.parent, tests, tests / "fleet")))
    runners = [
        subprocess.Popen(
            [sys.executable, "-c", RUNNER, tmp_path],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": paths},
        )
        for _ in range(4)
    ]  # fmt: skip
    try:
        for runner in runners:
            assert runner.stdout is not None
            assert runner.stdout.readline() == "ready\n"
        for runner in runners:
            assert runner.stdin is not None
            runner.stdin.write("go\n")
            runner.stdin.flush()
        told = {runner.communicate(timeout=30)[0] for runner in runners}
    finally:
        for runner in runners:
            runner.kill()
            runner.wait(10)
    assert len(told) == 1
    assert told != {""}
    assert len(json.loads((tmp_path / "trust/keys.json").read_bytes())) == 1


def test_a_lost_fleet_folder_adds_to_trust_and_takes_nothing_from_it(tmp_path: Path) -> None:
    old = start(tmp_path)
    (tmp_path / "fleet").rename(tmp_path / "lost")
    new = start(tmp_path)
    roots = x509.load_pem_x509_certificates((tmp_path / "trust/root.pem").read_bytes())
    assert roots == [old.root_certificate, new.root_certificate]
    known = json.loads((tmp_path / "trust/keys.json").read_bytes())
    assert set(known) == {old.kid.hex(), new.kid.hex()}


def test_the_root_s_key_may_be_elsewhere_once_the_seal_is_made(tmp_path: Path) -> None:
    first = start(tmp_path)
    (tmp_path / "fleet/keys/root.key").rename(tmp_path / "safe")
    again = start(tmp_path)
    assert (again.kid, again.root_certificate) == (first.kid, first.root_certificate)
    assert not (tmp_path / "fleet/keys/root.key").exists(), "another would belong to nothing"
    (tmp_path / "fleet/keys/seal.pem").unlink()
    with pytest.raises(KeysError, match=r"root\.key: needed to sign the seal"):
        start(tmp_path)
    (tmp_path / "safe").rename(tmp_path / "fleet/keys/root.key")
    assert start(tmp_path).root_certificate == first.root_certificate


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o660, 0o666])
@pytest.mark.parametrize("name", ["root.key", "seal.key", "qr.key"])
def test_a_key_that_others_can_read_or_write_is_not_used(
    tmp_path: Path, name: str, mode: int
) -> None:
    start(tmp_path)
    path = tmp_path / "fleet/keys" / name
    path.chmod(mode)
    with pytest.raises(KeyFileError, match=rf"{name}: .*mode {mode:o}.*chmod 600"):
        start(tmp_path)
    path.chmod(0o400)
    start(tmp_path)


@pytest.mark.parametrize("name", PRIVATE)
def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path, name: str) -> None:
    start(tmp_path)
    path = tmp_path / "fleet/keys" / name
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(KeysError, match=name):
        start(tmp_path)
    assert len(path.read_bytes()) == 60


@pytest.mark.parametrize("name", PUBLIC)
def test_a_damaged_trust_file_is_named(tmp_path: Path, name: str) -> None:
    start(tmp_path)
    (tmp_path / "trust" / name).write_bytes(b"-----BEGIN CERTIFICATE-----\n[")
    with pytest.raises(KeysError, match=name):
        start(tmp_path)


def test_a_key_of_another_fleet_is_noticed(tmp_path: Path) -> None:
    start(tmp_path / "a")
    start(tmp_path / "b")
    stranger = (tmp_path / "b/fleet/keys/seal.key").read_bytes()
    (tmp_path / "a/fleet/keys/seal.key").write_bytes(stranger)
    with pytest.raises(KeysError, match=r"seal\.pem"):
        start(tmp_path / "a")


def test_keys_never_show_when_printed(tmp_path: Path) -> None:
    shown = repr(start(tmp_path))
    assert "PrivateKey" not in shown
