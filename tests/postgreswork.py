"""A PostgreSQL server for tests, where its programs and psycopg are there; otherwise why not."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.processes import free_port

PROGRAMS = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin")
DATABASES = ("sqlite", "postgresql")
SECONDS = 60.0


def missing() -> str:
    """'' when a server can be started."""
    if importlib.util.find_spec("psycopg") is None:
        return "psycopg is not installed"
    if _program("initdb") is None:
        return "PostgreSQL's programs (initdb, postgres) are not here"
    return "" if os.getuid() or _user() else "PostgreSQL does not run as root, and nobody else is"


@contextmanager
def server(durable: bool = False) -> Iterator[str]:
    """The address of an empty server on loopback, for SQLAlchemy. `durable`: as in service."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    drop: list[str] = []
    if os.getuid() == 0:
        shutil.chown(folder, _user())
        drop = ["setpriv", f"--reuid={_user()}", "--regid", _user(), "--clear-groups"]
    data, port = folder / "data", free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        command = [
            *drop,
            str(_program("initdb")),
            "-D",
            str(data),
            "-A",
            "trust",
            "-N",
            "-U",
            "test",
        ]
        subprocess.run(command, check=True, cwd=folder, **quiet)  # type: ignore[call-overload]
        options = ["-c", "listen_addresses=127.0.0.1", "-p", str(port)]
        options += [] if durable else ["-c", "fsync=off"]
        command = [*drop, str(_program("postgres")), "-D", str(data), "-k", str(folder), *options]
        process = subprocess.Popen(command, cwd=folder, **quiet)  # type: ignore[call-overload]
        try:
            _listening(process, port)
            yield f"postgresql+psycopg://test@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _listening(process: subprocess.Popen[bytes], port: int) -> None:
    import psycopg

    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="test", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError("PostgreSQL does not start")


def _program(name: str) -> Path | None:
    for pattern in PROGRAMS:
        for folder in sorted(Path("/").glob(pattern.lstrip("/")), reverse=True):
            if (folder / name).exists():
                return folder / name
    return None


def _user() -> str:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    return ""


def emptied(url: str) -> str:
    """The same address, without any of the fleet's tables."""
    from sqlalchemy import create_engine, text

    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url


def own(request: pytest.FixtureRequest, folder: Path) -> str:
    """The address of an empty database of the kind that the fixture's parameter names; SQLite
    when it names none."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{folder}/fleet.db"
    return emptied(request.getfixturevalue("postgres"))
