"""A fleet worth a backup, the key for it, and records as terminals send them."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fleet.backup import keys
from fleet.backup.run import Whole
from fleet.ledger import Ledger
from fleet.store.database import Store
from kiosk import wire

SECRET = "correct horse battery staple"
CANARY = "金丝雀小鸟-4711"


def chain(count: int, terminal: str = "KT-0001") -> list[wire.Record]:
    made: list[wire.Record] = []
    for seq in range(1, count + 1):
        blank = wire.Record(
            f"j-{seq}", f"/terminals/{terminal}", "kiosk.boot.event", "2026-01-02T03:04:05Z",
            "j1", 1, seq, made[-1].hash if made else wire.GENESIS, "",
            msgspec.Raw(msgspec.json.encode({"n": seq, "note": CANARY})),
        )  # fmt: skip
        made.append(msgspec.structs.replace(blank, hash=wire.digest(blank)))
    return made


def take(store: Store, batch: list[wire.Record], terminal: str = "KT-0001") -> wire.Ack:
    """As the ingest does; the acknowledgement that the terminal gets."""
    with store.write() as connection:
        ledger = Ledger(connection, time.time())
        ledger.file("t", wire.Events(terminal, batch))
        ((_, ack),) = ledger.close()
    return ack


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    path = tmp_path_factory.mktemp("key") / "backup.key"
    return path, keys.new(path, SECRET)


@pytest.fixture(scope="module")
def key(key_file: tuple[Path, str]) -> Any:
    return keys.identity(key_file[0], SECRET)


@pytest.fixture
def whole(tmp_path: Path) -> Whole:
    var, trust = tmp_path / "a/var", tmp_path / "a/trust"
    (var / "keys").mkdir(parents=True)
    (var / "broker").mkdir()
    trust.mkdir()
    (var / "keys/case.key").write_text(CANARY)
    (var / "broker/mosquitto.db").write_text("not kept")
    (var / "lock").touch()
    (trust / "case.pub").write_text("public")
    settings = tmp_path / "fleet.toml"
    settings.write_text(f"# {CANARY}\n")
    return Whole("sample", var, trust, f"sqlite:///{var}/fleet.db", settings)


def elsewhere(whole: Whole, tmp_path: Path) -> Whole:
    var = tmp_path / "b/var"
    url = f"sqlite:///{var}/fleet.db"
    return replace(whole, var=var, trust=tmp_path / "b/trust", store_url=url)
