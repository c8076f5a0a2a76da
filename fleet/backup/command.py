"""`fleet backup OUT`, `fleet backup --new-key FILE`, `fleet restore IN --key FILE`."""

from __future__ import annotations

import argparse
import getpass
import re
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fleet.backup import keys, run, writeoff
from fleet.backup.keys import BackupError
from fleet.backup.run import Whole
from fleet.errors import FleetError
from fleet.store.database import Store
from kiosk.services.calendar import CHINA

RANGE = re.compile(r"\d{1,18}-\d{1,18}")
SETTINGS = Path("config/fleet.toml")


def parse_backup(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fleet backup", description="Everything into one file")
    parser.add_argument("--settings", type=Path, default=SETTINGS)
    parser.add_argument("--to", default="", help="public age keys instead of the settings'")
    parser.add_argument("--new-key", type=Path, metavar="FILE", help="make a key, for elsewhere")
    parser.add_argument("--passphrase-file", type=Path, help="of the new key; otherwise asked for")
    parser.add_argument(
        "--with-root-keys", action="store_true", help="of updates, link and seal: for a safe alone"
    )
    parser.add_argument("out", type=Path, nargs="?")
    asked = parser.parse_args(argv)
    if (asked.out is None) == (asked.new_key is None):
        parser.error("either OUT or --new-key")
    return asked


def parse_restore(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="fleet restore", description="A backup into an empty place"
    )
    parser.add_argument("--settings", type=Path, default=SETTINGS)
    parser.add_argument("--key", type=Path, required=True, help="the private age key")
    parser.add_argument("--passphrase-file", type=Path, help="of the key; otherwise asked for")
    parser.add_argument("source", type=Path)
    return parser.parse_args(argv)


def parse_lost(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="fleet lost", description="Missing records; with a range: that they are gone for good"
    )
    parser.add_argument("--settings", type=Path, default=SETTINGS)
    parser.add_argument("terminal", nargs="?", default="")
    parser.add_argument("journal", nargs="?", default="")
    parser.add_argument("range", nargs="?", default="", help="such as 120-250")
    asked = parser.parse_args(argv)
    if asked.terminal and not RANGE.fullmatch(asked.range):
        parser.error("TERMINAL JOURNAL FIRST-LAST, or nothing to see what is missing")
    return asked


def lost(asked: argparse.Namespace, store: Store) -> int:
    if not asked.terminal:
        with store.read() as connection:
            for gap in writeoff.gaps(connection):
                print(f"{gap.terminal} {gap.journal} {gap.first}-{gap.last}")
        return 0
    first, last = map(int, asked.range.split("-"))
    gap = writeoff.Gap(asked.terminal, asked.journal, first, last)
    with store.write() as connection:
        count = writeoff.write_off(connection, time.time(), gap)
    print(f"{count} records written off")
    return 0 if count else 1


def new_key(asked: argparse.Namespace) -> int:
    return _told("backup", lambda: print(keys.new(asked.new_key, _secret(asked, twice=True))))


def back_up(asked: argparse.Namespace, whole: Whole, recipients: str) -> int:
    def act() -> None:
        to = keys.recipients(asked.to or recipients)
        made = run.back_up(whole, asked.out, to, root_keys=asked.with_root_keys)
        said = made.about.counts
        print(
            f"{asked.out}: {made.size:,} bytes in {made.seconds:.1f} s;"
            f" {said['records']:,} records, {said['cases']:,} cases"
        )
        for name in made.about.left_out:
            print(f"left out: {name}; keep a copy of it elsewhere")

    return _told("backup", act)


def restore(asked: argparse.Namespace, whole: Whole) -> int:
    """Ends with 1 when the store came back as it was, but was not sound."""
    faults: tuple[str, ...] = ()

    def act() -> None:
        nonlocal faults
        plain = keys.is_plain(asked.key.read_bytes()[:32])
        key = keys.identity(asked.key, None if plain else _secret(asked))
        done = run.restore(whole, asked.source, key)
        faults = done.verdict.faults
        made = datetime.fromtimestamp(done.about.made_at, CHINA)
        print(
            f"restored in {done.seconds:.1f} s as of {made:%Y-%m-%d %H:%M:%S};"
            f" {done.verdict.records:,} records in {done.verdict.journals} journals verified"
        )
        for fault in faults:
            print(fault)
        for name in done.about.left_out:
            print(f"not in the backup: {name}; it comes from where it is kept, when it is needed")
        print(
            "Terminals send again what they still hold. See docs/backup.md for what is lost:"
            " accounts, revocations and commands since then."
        )

    return _told("restore", act) or (1 if faults else 0)


def _told(what: str, act: Callable[[], None]) -> int:
    try:
        act()
    except (FleetError, OSError) as error:
        print(f"fleet {what}: {error}", file=sys.stderr)
        return 2
    return 0


def _secret(asked: argparse.Namespace, *, twice: bool = False) -> str:
    if asked.passphrase_file is not None:
        return str(asked.passphrase_file.read_text("utf-8")).strip()
    if not sys.stdin.isatty():
        raise BackupError("nobody can be asked for the passphrase: say --passphrase-file")
    given = getpass.getpass("Passphrase: ")
    if twice and getpass.getpass("Again: ") != given:
        raise BackupError("the two passphrases differ")
    return given
