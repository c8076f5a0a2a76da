"""An item file that keeps every rule and uses most of what an item can have, for tests."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kiosk.catalogue import keys
from kiosk.catalogue.build import Order, publish
from kiosk.catalogue.statement import Statement
from kiosk.services import lint, lint_shape
from kiosk.services.item import Item
from kiosk.services.lint_rules import Fault

TENANT, MADE = "sample", 1_790_000_000

FILE = Path(__file__).parent / "fixtures/catalogue/living_allowance.toml"
GOOD = FILE.read_text(encoding="utf-8")


def item_of(text: str = GOOD) -> Item:
    return msgspec.convert(lint_shape.parse(text.encode()), Item)


def numbered(index: int, text: str = GOOD) -> str:
    """The same item under another code."""
    return text.replace("000300017001", f"0003{index:08d}")


def replaced(old: str, new: str, text: str = GOOD) -> str:
    assert old in text, f"{old!r} is not in the sample"
    return text.replace(old, new, 1)


def order(folder: Path) -> Order:
    """With keys under `folder`, which the terminal trusts (`folder`/trust)."""
    key = keys.open_key(folder / "keys" / "catalogue.key", folder / "trust")
    return Order(TENANT, key, MADE)


def published(folder: Path, name: str, items: list[Item], number: int = 1) -> Statement:
    """A bundle in `folder`/incoming."""
    asked = order(folder)
    wanted = Order(asked.tenant, asked.key, asked.made, number)
    return publish(items, folder / "incoming" / name, wanted)


def faults(text: str, folder: Path) -> list[Fault]:
    path = folder / "item.toml"
    path.write_text(text, encoding="utf-8")
    return lint.folder(folder, templates=frozenset({"decision"}))[1]
