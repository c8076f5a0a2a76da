"""A platform's own file in `config/platforms`: where it is, what goes there, and its labels."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from fleet.errors import FleetError
from fleet.platform.adapters.labels import LabelError, Labels

TABLES = (
    "kinds", "identities", "proofs", "handlings", "roles", "sources", "standings", "reasons",
    "ends",
)  # fmt: skip


class PlatformFileError(FleetError):
    """A file in `config/platforms` that cannot be used; the message says which, and why."""


class Adapter(StrEnum):
    CITY = "city"
    COUNTY = "county"


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`seconds`: for one whole exchange. `labels`: our word to (their label, their code)."""

    adapter: Adapter
    url: str
    account: str
    secret_file: str
    labels: Mapping[str, Mapping[str, tuple[str, str]]]
    seconds: Annotated[float, msgspec.Meta(gt=0, le=60)] = 8.0
    dept_codes: tuple[str, ...] = ()
    task_codes: tuple[str, ...] = ()

    def tables(self) -> dict[str, Labels]:
        """Raises `LabelError`."""
        missing = [name for name in TABLES if name not in self.labels]
        if missing:
            raise LabelError(f"[labels.{missing[0]}] is missing")
        return {name: Labels.of(name, rows) for name, rows in self.labels.items()}


def read(path: Path) -> Spec:
    """Raises `PlatformFileError`."""
    try:
        spec = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Spec)
        spec.tables()
    except (OSError, ValueError) as error:
        raise PlatformFileError(f"{path}: {error}") from None
    return spec


def read_all(folder: Path) -> dict[str, Spec]:
    """By name, which is the file's. An item that two platforms claim is an error."""
    specs = {path.stem: read(path) for path in sorted(folder.glob("*.toml"))}
    owners: dict[str, str] = {}
    for name, spec in specs.items():
        for code in (*spec.dept_codes, *spec.task_codes):
            if owners.setdefault(code, name) != name:
                raise PlatformFileError(f"{folder}: {code} is claimed by {owners[code]} and {name}")
    return specs
