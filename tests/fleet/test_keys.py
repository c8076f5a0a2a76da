"""The fleet's own secrets: made for their owner alone, and refused when others can get at them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from fleet import keys
from fleet.errors import FleetError, KeyFileError, StartError

SECRETS = ("var/keys/case.key", "var/keys/identity.key", "var/keys/tokens.json",
           "trust/terminal.token")  # fmt: skip


def start(home: Path) -> tuple[bytes, bytes, bool]:
    """Case key, identity key, and whether the token beside them is known."""
    var, trust = home / "var", home / "trust"
    case, identity = keys.case_key(var, trust), keys.identity_key(var)
    known = keys.tokens(var, trust)
    token = (trust / "terminal.token").read_text("ascii")
    return case.private_bytes_raw(), identity, known.owner(token) == keys.DEMONSTRATION


def test_secrets_are_made_for_their_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        first = start(tmp_path)
    finally:
        os.umask(before)
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in SECRETS} == {0o600}
    assert first[2]
    assert start(tmp_path) == first


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o666])
@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_others_can_get_at_is_not_used(tmp_path: Path, name: str, mode: int) -> None:
    first = start(tmp_path)
    path = tmp_path / name
    path.chmod(mode)
    with pytest.raises(KeyFileError, match=rf"{path.name}: .*mode {mode:o}.*chmod 600") as caught:
        start(tmp_path)
    assert isinstance(caught.value, FleetError)
    assert path.read_text("ascii").strip() not in str(caught.value)
    path.chmod(0o600)
    assert start(tmp_path) == first


@pytest.mark.parametrize("content", ["", "zz", "00" * 31, "00" * 33, "\N{SNOWMAN}"])
def test_a_damaged_identity_key_is_told_and_left_alone(tmp_path: Path, content: str) -> None:
    start(tmp_path)
    path = tmp_path / "var/keys/identity.key"
    path.write_text(content, "utf-8")
    with pytest.raises(StartError, match=r"identity\.key: damaged"):
        start(tmp_path)
    assert path.read_text("utf-8") == content
