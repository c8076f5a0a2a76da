"""`python -m fleet updates`: what terminals may install, and who says so."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from fleet.certificates import files
from fleet.errors import FleetError
from fleet.updates.pack import pack
from fleet.updates.repository import Repository

TRUSTED = "updates.root.json"  # in the trust folder: what terminals begin with
KINDS = ("software", "settings", "catalogue")
SUFFIXES = {"software": ".zip", "settings": ".toml", "catalogue": ".kcb"}
ROLES = ("root", "targets", "timestamp")


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fleet updates", description="What may be installed")
    parser.add_argument("--settings", type=Path, default=Path("config/fleet.toml"))
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    first = acts.add_parser("init", help="keys and an empty list (once)")
    first.add_argument("--roots", type=int, default=3, help="keys of the root")
    first.add_argument("--threshold", type=int, default=2, help="so many of them must sign")
    made = acts.add_parser("pack", help="a release's zip, of wheels and data files")
    made.add_argument("version")
    made.add_argument("--wheels", type=Path, required=True, help="a folder of them")
    made.add_argument("--tree", type=Path, help="what goes beside them, such as config/")
    made.add_argument("--out", type=Path, required=True)
    add = acts.add_parser("add", help="publish a file")
    add.add_argument("kind", choices=KINDS)
    add.add_argument("version")
    add.add_argument("file", type=Path)
    acts.add_parser("withdraw", help="take it off the list").add_argument("name")
    rotate = acts.add_parser("rotate", help="a new key in the place of a role's oldest")
    rotate.add_argument("role", choices=ROLES)
    rotate.add_argument("--keep", type=int, default=0, help="how many keys it then has")
    acts.add_parser("refresh", help="sign snapshot and timestamp anew; the fleet does it, too")
    acts.add_parser("list", help="what is on the list, and until when the roles' word is good")
    export = acts.add_parser("export", help="onto a stick, for terminals without a network")
    export.add_argument("folder", type=Path)
    export.add_argument("--days", type=float, default=30, help="how long the stick is good")
    return parser.parse_args(argv)


def run(asked: argparse.Namespace, folder: Path, trust: Path) -> int:
    """0, or 2 with the reason on stderr. `folder`: of the repository."""
    repository = Repository(folder, time.time)
    acts: dict[str, Callable[[], None]] = {
        "init": lambda: _init(repository, asked, trust),
        "pack": lambda: _pack(asked),
        "add": lambda: _add(repository, asked),
        "withdraw": lambda: repository.withdraw(asked.name),
        "rotate": lambda: _rotate(repository, asked),
        "refresh": lambda: repository.refresh(force=True),
        "list": lambda: _list(repository),
        "export": lambda: _export(repository, asked),
    }
    try:
        with files.locked(folder):
            acts[asked.act]()
    except (FleetError, OSError) as error:
        print(f"fleet updates: {error}", file=sys.stderr)
        return 2
    return 0


def _init(repository: Repository, asked: argparse.Namespace, trust: Path) -> None:
    repository.begin(asked.roots, asked.threshold)
    trust.mkdir(parents=True, exist_ok=True)
    first = (repository.metadata / "1.root.json").read_bytes()
    files.write(trust / TRUSTED, first, files.PUBLIC)
    print(f"for terminals  {trust / TRUSTED}")
    print(f"keys           {repository.keys.folder}: take root-*.pem away, into different hands")


def _pack(asked: argparse.Namespace) -> None:
    print(pack(asked.version, sorted(asked.wheels.glob("*.whl")), asked.tree, asked.out))


def _add(repository: Repository, asked: argparse.Namespace) -> None:
    name = f"{asked.kind}-{asked.version}{SUFFIXES[asked.kind]}"
    repository.add(asked.file, name, {"kind": asked.kind, "version": asked.version})
    print(name)


def _rotate(repository: Repository, asked: argparse.Namespace) -> None:
    now = len(repository.root().roles[asked.role].keyids)
    repository.rotate(asked.role, asked.keep or now)


def _list(repository: Repository) -> None:
    for role in ("root", "targets", "snapshot", "timestamp"):
        said = repository.open(role).signed
        print(f"{role:10} version {said.version:4}, good until {said.expires:%Y-%m-%d}")
    for name, target in sorted(repository.targets().targets.items()):
        print(f"{name}  {target.length} bytes  {target.hashes['sha256'][:12]}")


def _export(repository: Repository, asked: argparse.Namespace) -> None:
    """A stick is read days later than it was written: its timestamp is good for longer."""
    repository.terms = replace(
        repository.terms, timestamp=asked.days, snapshot=max(asked.days, repository.terms.snapshot)
    )
    repository.refresh(force=True)
    for part in (repository.metadata, repository.bytes):
        shutil.copytree(part, asked.folder / part.name, dirs_exist_ok=True)
    print(asked.folder)
