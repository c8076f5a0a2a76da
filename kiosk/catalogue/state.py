"""What a shelf remembers across power cuts, in one small file that is replaced as a whole."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kiosk import durable
from kiosk.catalogue.bundle import SUFFIX
from kiosk.catalogue.statement import Refusal, Statement

NAME = "state.json"
KEPT = 2  # bundles: the newest, and the one before


class State(msgspec.Struct, frozen=True):
    """`highest`: the highest number ever taken; that of the first of `names`, files on the shelf,
    newest first."""

    highest: int = 0
    names: tuple[str, ...] = ()

    def objection(self, statement: Statement) -> Refusal | None:
        """Why a bundle cannot follow what was taken before."""
        if statement.number < self.highest:
            return Refusal.OLDER
        if statement.number == self.highest and name_of(statement) not in self.names[:1]:
            return Refusal.CONFLICTING
        return None

    def having(self, statement: Statement) -> State:
        """After this bundle was taken."""
        name = name_of(statement)
        others = [one for one in self.names if one != name]
        return State(statement.number, (name, *others)[:KEPT])


def name_of(statement: Statement) -> str:
    """Of the file on the shelf."""
    return f"{statement.number:08d}-{statement.sha256}{SUFFIX}"


def read(folder: Path) -> State | None:
    """None: there is none, or it is damaged."""
    try:
        return msgspec.json.decode((folder / NAME).read_bytes(), type=State)
    except (FileNotFoundError, ValueError):
        return None


def write(folder: Path, state: State) -> None:
    """Durable on return."""
    durable.replace(folder / NAME, msgspec.json.encode(state))
