"""The JSON Schema of an item's file, by which editors complete and check TOML while it is typed."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

from kiosk.services.item import Item

TITLE = "An item of the catalogue (事项)"


def item_schema() -> bytes:
    """Of draft 2020-12, with the descriptions of the code."""
    schemas, parts = msgspec.json.schema_components([Item], ref_template="#/$defs/{name}")
    top: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": TITLE,
        **schemas[0],
        "$defs": {name: _plain(parts[name]) for name in sorted(parts)},
    }
    return msgspec.json.format(msgspec.json.encode(top), indent=2) + b"\n"


def _plain(part: dict[str, Any]) -> dict[str, Any]:
    """With its description on one line, as editors show it."""
    if "description" in part:
        part["description"] = " ".join(inspect.cleandoc(part["description"]).split())
    return part
