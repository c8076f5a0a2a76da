"""Backup and restore: nothing in clear, nothing damaged comes back."""

from __future__ import annotations

import stat
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

import postgreswork
from backupwork import CANARY, SECRET, chain, elsewhere, key, key_file, take, whole
from fleet import programs
from fleet.backup import keys, run
from fleet.backup.keys import BackupError
from fleet.backup.run import Whole
from fleet.backup.verify import verify
from fleet.store.database import Store
from fleet.store.tables import chains, records
from fleet.store.versions import metadata

__all__ = ["key", "key_file", "whole"]


def contents(store: Store) -> dict[str, list[Any]]:
    with store.read() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in metadata.sorted_tables
        }


@pytest.fixture
def databases(request: Any, whole: Whole, tmp_path: Path) -> Iterator[tuple[Whole, Whole]]:
    """A fleet, and an empty place for it: on both databases."""
    there = elsewhere(whole, tmp_path)
    if request.param == "sqlite":
        yield whole, there
        return
    url = postgreswork.emptied(request.getfixturevalue("postgres"))
    first = make_url(url)
    with Store(url)._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.exec_driver_sql("DROP DATABASE IF EXISTS restored")
        link.exec_driver_sql("CREATE DATABASE restored")
    second = first.set(database="restored").render_as_string(hide_password=False)
    yield replace(whole, store_url=url), replace(there, store_url=second)


@pytest.mark.parametrize("databases", ["sqlite", "postgres"], indirect=True)
def test_everything_comes_back_and_nothing_lay_in_clear(
    databases: tuple[Whole, Whole], tmp_path: Path, key: Any
) -> None:
    here, there = databases
    store = Store(here.store_url)
    take(store, chain(300))
    take(store, chain(5, "KT-0002")[2:], "KT-0002")
    out = tmp_path / "out.age"
    made = run.back_up(here, out, [key.to_public()])
    assert made.about.counts["records"] == 303
    raw = out.read_bytes()
    assert raw.startswith(b"age-encryption.org/v1\n")
    for plain in (CANARY.encode(), b"PRIVATE", b"case.key", b"SQLite format", b"manifest"):
        assert plain not in raw
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert not list(here.var.glob(".backup.*"))

    done = run.restore(there, out, key)
    assert (done.verdict.records, done.verdict.journals, done.verdict.faults) == (303, 2, ())
    again = Store(there.store_url)
    assert contents(again) == contents(store)
    kept = {path.relative_to(there.var) for path in there.var.rglob("*") if path.is_file()}
    assert Path("keys/case.key") in kept
    assert (there.var / "keys/case.key").read_text() == CANARY
    assert stat.S_IMODE((there.var / "keys/case.key").stat().st_mode) == 0o600
    assert {path.parts[0] for path in kept}.isdisjoint({"broker", "lock"})
    assert (there.var / "restored-settings.toml").read_text() == here.settings.read_text()
    assert (there.trust / "case.pub").read_text() == "public"
    assert take(again, chain(301)[300:]).through == 301, "it goes on"
    store.close()
    again.close()


ROOTS = ("pki/root/root.key", "keys/root.key", "updates/keys/root-1.pem",
         "updates/keys/root-2.pem.retired")  # fmt: skip
DAILY = ("pki/issuing.key", "pki/root/root.pem", "keys/seal.key", "updates/keys/online.pem",
         "updates/keys/targets-1.pem", "updates/metadata/1.root.json")  # fmt: skip


@pytest.mark.parametrize("wanted", [False, True])
def test_root_keys_travel_only_when_somebody_says_so(
    whole: Whole, tmp_path: Path, key: Any, wanted: bool
) -> None:
    Store(whole.store_url).close()
    for name in (*ROOTS, *DAILY):
        (whole.var / name).parent.mkdir(parents=True, exist_ok=True)
        (whole.var / name).write_text(f"PRIVATE {name}")
    out, there = tmp_path / "out.age", elsewhere(whole, tmp_path)
    made = run.back_up(whole, out, [key.to_public()], root_keys=wanted)
    done = run.restore(there, out, key)
    absent = [] if wanted else sorted(f"var/{name}" for name in ROOTS)
    assert made.about.left_out == done.about.left_out == absent
    for name in (*ROOTS, *DAILY):
        path = there.var / name
        assert path.exists() == (wanted or name in DAILY), name
        assert not path.exists() or path.read_text() == f"PRIVATE {name}"


def test_age_and_tar_alone_open_it(whole: Whole, tmp_path: Path, key: Any) -> None:
    import pyrage

    Store(whole.store_url).close()
    out, plain = tmp_path / "out.age", tmp_path / "plain.tar"
    run.back_up(whole, out, [key.to_public()])
    pyrage.decrypt_file(str(out), str(plain), [key])
    with tarfile.open(plain) as pack:
        assert {"store.sqlite", "var/keys/case.key", "manifest.json"} <= set(pack.getnames())


def test_a_damaged_backup_is_refused_and_leaves_nothing(
    whole: Whole, tmp_path: Path, key: Any
) -> None:
    store = Store(whole.store_url)
    take(store, chain(200))
    store.close()
    out, there = tmp_path / "out.age", elsewhere(whole, tmp_path)
    run.back_up(whole, out, [key.to_public()])
    good = out.read_bytes()
    places = [0, 30, 150, 400, len(good) // 2, len(good) - 1]
    spoilt = [good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for at in places]
    spoilt += [good[:at] for at in (0, 10, 500, len(good) // 2, len(good) - 1)]
    for content in spoilt:
        out.write_bytes(content)
        with pytest.raises(BackupError):
            run.restore(there, out, key)
        assert not there.var.exists() or not list(there.var.iterdir())
    out.write_bytes(good)
    assert run.restore(there, out, key).verdict.faults == ()


def test_another_key_or_passphrase_opens_nothing(
    whole: Whole, tmp_path: Path, key_file: tuple[Path, str], key: Any
) -> None:
    Store(whole.store_url).close()
    out = tmp_path / "out.age"
    run.back_up(whole, out, keys.recipients(key_file[1]))
    other = tmp_path / "other.key"
    keys.new(other, SECRET)
    assert b"AGE-SECRET" not in other.read_bytes()
    with pytest.raises(BackupError, match="not encrypted to this key"):
        run.restore(elsewhere(whole, tmp_path), out, keys.identity(other, SECRET))
    with pytest.raises(BackupError, match="another passphrase"):
        keys.identity(other, "something else entirely")
    with pytest.raises(BackupError, match="never written over"):
        keys.new(other, SECRET)
    with pytest.raises(BackupError, match="nobody is named"):
        keys.recipients("")
    with pytest.raises(BackupError, match="no public age key"):
        keys.recipients("age1nonsense")


def test_a_used_place_another_tenant_and_another_database_are_refused(
    whole: Whole, tmp_path: Path, key: Any
) -> None:
    Store(whole.store_url).close()
    out, there = tmp_path / "out.age", elsewhere(whole, tmp_path)
    run.back_up(whole, out, [key.to_public()])
    with pytest.raises(BackupError, match="not empty"):
        run.restore(whole, out, key)
    with pytest.raises(BackupError, match="tenant"):
        run.restore(replace(there, tenant="other"), out, key)
    own = tmp_path / "own.db"
    own.touch()
    with pytest.raises(BackupError, match="exists"):
        run.restore(replace(there, store_url=f"sqlite:///{own}"), out, key)


def store_count(store: Store) -> int:
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(records)) or 0


def test_a_backup_beside_a_busy_fleet_is_of_one_moment(
    whole: Whole, tmp_path: Path, key: Any
) -> None:
    store, stop, made = Store(whole.store_url), threading.Event(), chain(3000)

    def write() -> None:
        for at in range(0, 3000, 10):
            if stop.is_set():
                return
            take(store, made[at : at + 10])

    thread = threading.Thread(target=write)
    thread.start()
    try:
        while store_count(store) < 50:
            pass
        for number in range(3):
            out = tmp_path / f"{number}.age"
            run.back_up(whole, out, [key.to_public()])
            done = run.restore(elsewhere(whole, tmp_path / str(number)), out, key)
            assert done.verdict.faults == ()
            assert done.about.chains["KT-0001/j1"].top == done.verdict.records
    finally:
        stop.set()
        thread.join()
        store.close()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE records SET data = '{}' WHERE seq = 7", "record 7 does not match"),
        ("DELETE FROM records", "ends at 3, its ledger at 20"),
        ("DELETE FROM records WHERE seq = 4", "1 records from 4 on are not there"),
        ("UPDATE chains SET pruned_hash = 'x'", "the chain breaks at 4"),
        ("DELETE FROM records WHERE seq = 7", "1 records from 7 on are not there"),
        ("DELETE FROM records WHERE seq > 15", "ends at 15"),
        ("UPDATE chains SET hash = 'x'", "not the one of its ledger"),
    ],
)
def test_a_store_that_is_not_sound_is_told(whole: Whole, change: str, told: str) -> None:
    store = Store(whole.store_url)
    take(store, made := chain(20))
    with store.write() as connection:
        assert verify(connection).faults == ()
        connection.exec_driver_sql("DELETE FROM records WHERE seq <= 3")
        gone = chains.update().values(pruned=3, pruned_hash=made[2].hash)
        connection.execute(gone)
        assert (verify(connection).pruned, verify(connection).faults) == (3, ())
        connection.exec_driver_sql(change)
        assert told in " ".join(verify(connection).faults)
    store.close()


def test_the_commands(
    whole: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """As an admin drills: a key, a backup, a restore, what is missing."""
    take(store := Store(whole.store_url), chain(10)[4:])
    store.close()
    secret, key_path, out = tmp_path / "secret", tmp_path / "k.key", tmp_path / "out.age"
    secret.write_text(SECRET)
    there = elsewhere(whole, tmp_path)

    def fleet(place: Whole, *words: str) -> tuple[int, str]:
        monkeypatch.setenv("FLEET_FLEET__VAR", str(place.var))
        monkeypatch.setenv("FLEET_FLEET__TRUST", str(place.trust))
        monkeypatch.setenv("FLEET_STORE__URL", place.store_url)
        code = programs.run(words[0], list(words[1:]))
        return code, capsys.readouterr().out

    secret_of = ["--passphrase-file", str(secret)]
    (root := whole.var / "updates/keys/root-1.pem").parent.mkdir(parents=True)
    root.write_text("PRIVATE")
    left = "var/updates/keys/root-1.pem"
    code, public = fleet(whole, "backup", "--new-key", str(key_path), *secret_of)
    assert (code, public[:4]) == (0, "age1")
    assert fleet(whole, "backup", str(out))[0] == 2, "nobody could read it"
    backing = ["backup", str(out), "--to", public.strip()]
    assert left not in fleet(whole, *backing, "--with-root-keys")[1]
    told = fleet(whole, *backing)[1]
    assert "6 records, 0 cases" in told
    assert f"left out: {left};" in told
    restoring = ["restore", str(out), "--key", str(key_path), *secret_of]
    code, told = fleet(there, *restoring)
    assert (code, "6 records in 1 journals verified" in told) == (0, True)
    assert f"not in the backup: {left};" in told
    assert fleet(there, *restoring)[0] == 2, "the place is in use"
    assert fleet(there, "lost") == (0, "KT-0001 j1 1-4\n")
    assert fleet(there, "lost", "KT-0001", "j1", "1-4") == (0, "4 records written off\n")
    assert fleet(there, "lost") == (0, "")
