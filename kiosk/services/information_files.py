"""Pages of public information as files: read, checked, and what is wrong with them told."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from kiosk.services import lint_shape
from kiosk.services.calendar import china_day
from kiosk.services.information import Entries, Entry
from kiosk.services.information_links import (
    FEE_UNLISTED,
    FEE_UNLISTED_SAYS,
    LINKS,
    Around,
    unlisted,
)
from kiosk.services.information_rules import NAME, RULES
from kiosk.services.item import Item
from kiosk.services.lint import LARGEST, SIZE, UNREADABLE
from kiosk.services.lint_lines import line_numbers, nearest
from kiosk.services.lint_rules import Fault, Finding, shown

PAGE_NAME = "page-name"
PAGE_NAME_SAYS = "A file's name has small letters, digits, '_' and '-' alone: it names the page."


@dataclass(frozen=True, slots=True)
class Checked:
    """`files`: how many there are. `faults` keep everything back, `warnings` nothing."""

    entries: Entries
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    files: int = 0


def beside(items: Path) -> Path:
    """The folder of pages that belongs to a folder of items."""
    return items.parent / "information"


def folder(where: Path, items: Sequence[Item], day: date | None = None) -> Checked:
    """Every `*.toml` of a folder; no such folder is an empty one. `day`: today if not given."""
    paths = sorted(where.glob("*.toml"))
    if not paths:
        return Checked({})
    entries: dict[str, Entry] = {}
    faults: list[Fault] = []
    for path in paths:
        entry, wrong = read(path)
        faults += wrong
        if entry is not None:
            entries[path.stem] = entry
    around = Around(entries, {one.task_code: one for one in items}, day or china_day(time.time()))
    linked, warnings = _among_all(paths, around)
    for one in unlisted(entries, items):
        what = f"{one.task_name.zh} ({one.task_code}) charges, and is on no fee page"
        warnings.append(Fault(str(where), 0, FEE_UNLISTED, "", what))
    return Checked(entries, _sorted([*faults, *linked]), _sorted(warnings), len(paths))


def _among_all(paths: Sequence[Path], around: Around) -> tuple[list[Fault], list[Fault]]:
    """Faults and warnings of each page among the others."""
    faults: list[Fault] = []
    warnings: list[Fault] = []
    for path in paths:
        for rule in LINKS if path.stem in around.entries else ():
            found = list(rule.check(path.stem, around))
            (warnings if rule.warns else faults).extend(_placed(path, rule.name, found))
    return faults, warnings


def read(path: Path) -> tuple[Entry | None, list[Fault]]:
    """One file, with what is wrong with it by itself."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return None, [Fault(str(path), 0, UNREADABLE, "", f"cannot be read: {error.strerror}")]
    if len(content) > LARGEST:
        return None, [Fault(str(path), 0, SIZE, "", f"is larger than {LARGEST // 1024} KiB")]
    faults = []
    if not NAME.fullmatch(path.stem):
        what = "name the file with small letters, digits, '_' and '-' alone"
        faults.append(Fault(str(path), 0, PAGE_NAME, "", what))
    try:
        data = lint_shape.parse(content)
    except lint_shape.NotTomlError as error:
        return None, [*faults, Fault(str(path), error.line, lint_shape.TOML, "", str(error))]
    if wrong := lint_shape.shape(data, Entry):
        for rule, place, what in wrong:
            faults += _placed(path, rule, [(place, what)])
        return None, faults
    entry = msgspec.convert(data, Entry)
    for one in RULES:
        faults += _placed(path, one.name, list(one.check(entry)))
    return entry, faults


def _placed(path: Path, rule: str, found: Sequence[Finding]) -> Iterator[Fault]:
    lines = line_numbers(path.read_text("utf-8")) if found else {}
    for place, what in found:
        yield Fault(str(path), nearest(lines, place), rule, shown(place), what)


def _sorted(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: (fault.file, fault.line)))


def table() -> str:
    """Every rule, in Markdown, for docs/information.md."""
    rows = [(PAGE_NAME, PAGE_NAME_SAYS, "")]
    rows += [(rule.name, rule.says, "") for rule in RULES]
    rows += [(rule.name, rule.says, "warns" if rule.warns else "") for rule in LINKS]
    rows.append((FEE_UNLISTED, FEE_UNLISTED_SAYS, "warns"))
    head = "| rule | what it says | |\n|---|---|---|"
    return "\n".join([head, *(f"| `{name}` | {says} | {how} |" for name, says, how in rows)])
