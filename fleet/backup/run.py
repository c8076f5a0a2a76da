"""Make a backup beside a running fleet; bring one back where there is nothing yet."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyrage import x25519
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from fleet.backup import database, pack, stamp
from fleet.backup.keys import BackupError
from fleet.backup.pack import FORMAT, Manifest
from fleet.backup.verify import Verdict, verify

# Made anew at each start, of this machine alone, or ahead of the store that is in the backup.
LEFT_OUT = ("broker", "lock", "audit.head", stamp.NAME)
# What everything else is signed by. None of it is needed day by day, and who has it can begin an
# update or a certificate that every terminal trusts: it does not travel with each night's file.
ROOT_KEYS = ("pki/root/root.key", "keys/root.key", "updates/keys/root-*.pem*")
SIDE_FILES = ("-wal", "-shm", "-journal")  # of SQLite, which is copied as a whole
HEADER = b"SQLite format 3\0"
WORK = ".backup."


@dataclass(frozen=True, slots=True)
class Whole:
    """What a fleet consists of. `settings`: its file."""

    tenant: str
    var: Path
    trust: Path
    store_url: str
    settings: Path


@dataclass(frozen=True, slots=True)
class Made:
    size: int
    seconds: float
    about: Manifest


@dataclass(frozen=True, slots=True)
class Restored:
    seconds: float
    about: Manifest
    verdict: Verdict


def back_up(
    whole: Whole, out: Path, to: list[x25519.Recipient], *, root_keys: bool = False
) -> Made:
    """The store first and platforms' books after it: these may know more, never less.
    `root_keys`: with what `ROOT_KEYS` names."""
    begun, now = time.monotonic(), time.time()
    left_out = set() if root_keys else set(_root_keys(whole.var))
    with _work(whole.var) as work, database.frozen(whole.store_url, work) as (store, connection):
        about = Manifest(
            FORMAT, now, whole.tenant, database.backend(whole.store_url),
            database.version(connection), database.counts(connection), database.held(connection),
            left_out=sorted(f"var/{path.relative_to(whole.var)}" for path in left_out),
        )  # fmt: skip
        size = pack.write(out, to, _members(whole, store, work, left_out), about)
    stamp.note(whole.var, now)
    return Made(size, time.monotonic() - begun, about)


def restore(whole: Whole, source: Path, key: x25519.Identity) -> Restored:
    """Raises `BackupError`, and then has left nothing behind; PostgreSQL's tables may be there."""
    begun = time.monotonic()
    for folder in (whole.var, whole.trust):
        if folder.exists() and any(folder.iterdir()):
            raise BackupError(f"{folder} is not empty: a restore needs an empty place")
    database.refuse_used(whole.store_url)
    with _work(whole.var.parent) as work:
        about = pack.read(source, key, work)
        if about.backend != database.backend(whole.store_url):
            raise BackupError(f"the backup is of {about.backend}, and store.url is not")
        if about.tenant != whole.tenant:
            raise BackupError(f"the backup is of the tenant {about.tenant}")
        try:
            database.put_back(whole.store_url, work / database.MEMBERS[about.backend])
            verdict = _verified(whole, about)
        except BaseException:
            database.take_away(whole.store_url)
            raise
        for name, place in (("var", whole.var), ("trust", whole.trust)):
            _move(work / name, place)
        settings = work / "settings" / "fleet.toml"
        if settings.exists():
            shutil.copy(settings, whole.var / "restored-settings.toml")
    return Restored(time.monotonic() - begun, about, verdict)


def _verified(whole: Whole, about: Manifest) -> Verdict:
    engine = create_engine(make_url(whole.store_url), hide_parameters=True)
    try:
        with engine.connect() as connection:
            counted, held = database.counts(connection), database.held(connection)
            verdict = verify(connection)
    finally:
        engine.dispose()
    if counted != about.counts or held != about.chains:
        raise BackupError("the restored store is not the one that was backed up")
    return verdict


def _root_keys(var: Path) -> Iterator[Path]:
    for pattern in ROOT_KEYS:
        yield from var.glob(pattern)


def _members(
    whole: Whole, store: Path, work: Path, left_out: set[Path]
) -> Iterator[tuple[str, Path]]:
    yield store.name, store
    if whole.settings.exists():
        yield "settings/fleet.toml", whole.settings
    own = make_url(whole.store_url).database or ""
    for name, root in (("var", whole.var), ("trust", whole.trust)):
        for path in _files(root, Path(own)):
            if path in left_out:
                continue
            yield f"{name}/{path.relative_to(root)}", _still(path, work)


def _files(root: Path, store: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        hidden = any(part.startswith(".") for part in parts)  # drafts, and our own folder
        if parts[0] in LEFT_OUT or hidden or path.is_symlink():
            continue
        if not path.is_file() or path.name.endswith(SIDE_FILES) or _same(path, store):
            continue
        yield path


def _still(path: Path, work: Path) -> Path:
    """A copy of one moment of what somebody may be writing to."""
    copy = work / "copy"
    copy.unlink(missing_ok=True)
    with path.open("rb") as file:
        is_database = file.read(len(HEADER)) == HEADER
    if is_database:
        database.copy_sqlite(path, copy)
    else:
        copy.touch(0o600)
        shutil.copyfile(path, copy)
    return copy


def _same(path: Path, store: Path) -> bool:
    return store.name != "" and path.resolve() == store.resolve()


def _move(source: Path, place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in sorted(source.iterdir()) if source.exists() else []:
        path.replace(place / path.name)


@contextmanager
def _work(parent: Path) -> Iterator[Path]:
    """A folder for what is in clear, on the disk where it lies in clear anyway; gone afterwards,
    and after a kill at the next time."""
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in parent.glob(f"{WORK}*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=WORK, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
