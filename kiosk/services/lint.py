"""The rules that an item must keep before a citizen may see it, asked of files and of items.

Each rule has a name and a sentence; they are in the `lint_*` modules, by subject, and all of them
are listed in docs/catalogue.md. A fault names file, line, rule, key, and what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kiosk.services import (
    lint_codes,
    lint_days,
    lint_fees,
    lint_fields,
    lint_limits,
    lint_materials,
    lint_outcome,
    lint_plain,
    lint_shape,
    lint_steps,
    lint_texts,
)
from kiosk.services.item import Item
from kiosk.services.lint_lines import line_numbers, nearest
from kiosk.services.lint_rules import Fault, Gate, Place, Rule, shown
from kiosk.services.lint_together import SET_RULES

Found = tuple[str, Place, str]  # rule, where, what is wrong
SUBJECTS = (
    lint_codes, lint_texts, lint_plain, lint_days, lint_steps, lint_fields, lint_limits,
    lint_materials, lint_fees, lint_outcome,
)  # fmt: skip
RULES: tuple[Rule, ...] = tuple(rule for subject in SUBJECTS for rule in subject.RULES)
LARGEST = 1 << 20  # bytes of one item's file
SIZE = "file-size"
UNREADABLE = "unreadable"
VERSION = "version-not-raised"
VERSION_SAYS = "An item that has changed has a higher task_version than in the last bundle."
SHAPE = frozenset({UNREADABLE, SIZE, *lint_shape.SAYS})  # without which there is no item


@dataclass(frozen=True, slots=True)
class ItemFile:
    """One item's file, as it was read. `item` is None when its shape is wrong."""

    path: Path
    content: bytes
    item: Item | None
    faults: tuple[Fault, ...] = ()


def item(
    one: Item, gate: Gate = Gate.PUBLISH, templates: frozenset[str] | None = None
) -> list[Found]:
    """Everything that is wrong with one item by itself."""
    rules = (*RULES, lint_outcome.template_rule(templates))
    return [
        (rule.name, place, what)
        for rule in rules
        if gate is Gate.PUBLISH or rule.gate is Gate.LOAD
        for place, what in rule.check(one)
    ]


def together(items: Sequence[Item]) -> Iterator[tuple[int, Found]]:
    """What is wrong with the items as a set; each finding with the number of its item."""
    for rule in SET_RULES:
        for index, place, what in rule.check(items):
            yield index, (rule.name, place, what)


def read(
    path: Path, gate: Gate = Gate.PUBLISH, templates: frozenset[str] | None = None
) -> ItemFile:
    """One file, with everything that is wrong with it by itself."""
    try:
        content = path.read_bytes()
    except OSError as error:
        fault = Fault(str(path), 0, UNREADABLE, "", f"cannot be read: {error.strerror}")
        return ItemFile(path, b"", None, (fault,))
    if len(content) > LARGEST:
        fault = Fault(str(path), 0, SIZE, "", f"is larger than {LARGEST // 1024} KiB")
        return ItemFile(path, b"", None, (fault,))
    try:
        data = lint_shape.parse(content)
    except lint_shape.NotTomlError as error:
        fault = Fault(str(path), error.line, lint_shape.TOML, "", str(error))
        return ItemFile(path, content, None, (fault,))
    if wrong := lint_shape.shape(data):
        return ItemFile(path, content, None, tuple(_placed(path, content, wrong)))
    one = msgspec.convert(data, Item)
    found = item(one, gate, templates)
    return ItemFile(path, content, one, tuple(_placed(path, content, found)))


def folder(
    where: Path, gate: Gate = Gate.PUBLISH, templates: frozenset[str] | None = None
) -> tuple[list[ItemFile], list[Fault]]:
    """Every `*.toml` of a folder in the order of their names, and all that is wrong."""
    files = [read(path, gate, templates) for path in sorted(where.glob("*.toml"))]
    faults = [fault for file in files for fault in file.faults]
    good = [(file, file.item) for file in files if file.item is not None]
    found: dict[int, list[Found]] = {}
    for index, fault in together([one for _, one in good]):
        found.setdefault(index, []).append(fault)
    for index, several in found.items():
        file = good[index][0]
        faults.extend(_placed(file.path, file.content, several))
    return files, sorted(faults, key=lambda fault: (fault.file, fault.line))


def versions(files: Iterable[ItemFile], wrong: Mapping[str, str]) -> list[Fault]:
    """`wrong`: task_code → what is wrong with its task_version, from the last bundle."""
    return [
        fault
        for file in files
        if file.item is not None and file.item.task_code in wrong
        for what in [(VERSION, ("task_version",), wrong[file.item.task_code])]
        for fault in _placed(file.path, file.content, [what])
    ]


def _placed(path: Path, content: bytes, found: Iterable[Found]) -> Iterator[Fault]:
    """With the line of each; the file is only looked through when there is something to say."""
    found = list(found)
    lines = line_numbers(content.decode("utf-8")) if found else {}
    for rule, place, what in found:
        yield Fault(str(path), nearest(lines, place), rule, shown(place), what)
