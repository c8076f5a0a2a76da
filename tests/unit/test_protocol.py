"""`docs/protocol` is what the code says, valid AsyncAPI, and enough to write another terminal."""

from __future__ import annotations

import hashlib
import json
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

import asyncapiwork
from fleet.intake import LEAVES as TAKEN
from fleet.link import LEAVES as SUBSCRIBED
from kiosk import wire
from kiosk.wire.topics import HOST, LEAVES, UP

FOLDER = Path(__file__).parents[2] / "docs/protocol"
MADE = runpy.run_path(str(FOLDER / "make.py"))
TEXT = (FOLDER / "asyncapi.json").read_text("utf-8")
README = (FOLDER / "README.md").read_text("utf-8")
DOCUMENT: dict[str, Any] = json.loads(TEXT)
EXAMPLES: dict[str, wire.Message] = MADE["examples"]()


def test_the_document_is_what_the_code_says() -> None:
    """Otherwise: `.venv/bin/python docs/protocol/make.py`."""
    assert MADE["text"]() == TEXT


def test_it_is_valid_by_asyncapis_own_schema() -> None:
    schema = asyncapiwork.schema()
    if schema is None:
        pytest.skip("AsyncAPI's schema is not here: .venv/bin/python tests/asyncapiwork.py")
    checker = jsonschema.Draft7Validator(schema)
    assert [error.message for error in checker.iter_errors(DOCUMENT)] == []
    spoilt = {**DOCUMENT, "operations": {"x": {"action": "shout"}}}
    assert list(checker.iter_errors(spoilt)), "the schema refuses nothing"


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for one in part.values():
            yield from references(one)
    elif isinstance(part, list):
        for one in part:
            yield from references(one)


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))
    assert len(found) > 10
    for reference in found:
        place: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def payload_schema(name: str) -> dict[str, Any]:
    return {**DOCUMENT["components"]["schemas"][name], "components": DOCUMENT["components"]}


@pytest.mark.parametrize("leaf", [*LEAVES, HOST], ids=lambda leaf: leaf.name)
def test_every_message_has_an_example_that_the_code_and_the_schema_take(leaf: Any) -> None:
    name = leaf.message.__name__
    [example] = DOCUMENT["components"]["messages"][name]["examples"]
    raw = msgspec.json.encode(example["payload"])
    decode = wire.decode_incoming if leaf.up else wire.decode_answer
    assert wire.encode(decode(raw)) == wire.encode(EXAMPLES[leaf.name])
    checker = jsonschema.Draft7Validator(payload_schema(name))
    checker.validate(example["payload"])
    required = DOCUMENT["components"]["schemas"][name]["required"]
    for key in required:
        less = {one: value for one, value in example["payload"].items() if one != key}
        assert list(checker.iter_errors(less)), key
    newer = {**example["payload"], "of a newer minor version": {"x": 1}}
    checker.validate(newer)
    decode(json.dumps(newer).encode())


def test_who_listens_listens_to_what_the_table_says() -> None:
    assert {name: leaf.qos for name, leaf in UP.items()} == SUBSCRIBED
    assert {name: leaf.message for name, leaf in UP.items()} == TAKEN


# ---- README: the rules that no schema can say ----------------------------------------------------


def block(after: str) -> str:
    """The first block of code below a line that holds `after`."""
    found = re.search(re.escape(after) + r".*?```\w*\n(.*?)```", README, re.DOTALL)
    assert found, after
    return found[1]


def test_the_worked_example_of_a_hash_is_right() -> None:
    first, _ = MADE["records"]()
    text = block("These lines, each ended by a line feed but the last")
    assert hashlib.sha256(text.removesuffix("\n").encode()).hexdigest() == first.hash
    assert first.hash in README
    assert msgspec.json.decode(text.splitlines()[-1]) == msgspec.json.decode(first.data)


def test_every_topic_is_explained() -> None:
    for leaf in (*LEAVES, HOST):
        assert f"`{leaf.name}`" in README, leaf.name


def test_its_numbers_are_those_of_the_code() -> None:
    assert f"{wire.MAX_BATCH_BYTES // 1024} KiB" in README
    assert f"version {wire.PROTOCOL}" in README
