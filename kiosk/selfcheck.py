"""`kiosk selfcheck`: can this version run here? No device, no network and no journal is touched.

A version that is being installed beside the one in use runs it before anybody relies on it.
"""

from __future__ import annotations

import importlib
import sqlite3
from contextlib import closing
from pathlib import Path

import typer

from kiosk import __version__
from kiosk.errors import KioskError
from kiosk.journal.migrations import VERSION
from kiosk.settings import load

# What a terminal's processes are made of; Kivy itself needs a window.
MODULES = (
    "kiosk.programs", "kiosk.run", "kiosk.agent.agent", "kiosk.session.engine", "drivers.registry",
    "kivy", "cv2", "paho.mqtt.client", "msgspec", "cryptography", "tuf.ngclient",
)  # fmt: skip
FILES = ("config/locales/zh_CN.po", "config/locales/en.po", "config/themes")


def run(settings: Path) -> int:
    """0, or 1 with what is wrong on stdout."""
    found = [*_modules(), *_files(), *_settings(settings)]
    for line in found:
        typer.echo(line)
    if not found:
        typer.echo(f"kiosk {__version__}: ready")
    return 1 if found else 0


def _modules() -> list[str]:
    missing = []
    for name in MODULES:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 (whatever a library says at its import)
            missing.append(f"{name}: {type(error).__name__}: {error}")
    return missing


def _files() -> list[str]:
    return [f"{name}: is not there" for name in FILES if not Path(name).exists()]


def _settings(path: Path) -> list[str]:
    """They fit this version; the journal is none that a newer version has changed."""
    try:
        settings = load(path)
    except KioskError as error:
        return str(error).splitlines()
    journal = settings.terminal.var / "journal.db"
    if not journal.exists():
        return []
    try:
        with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as db:
            version: int = db.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error as error:
        return [f"{journal}: {error}"]
    newer = version > VERSION
    return [f"{journal}: of version {version}, newer than this software's"] if newer else []
