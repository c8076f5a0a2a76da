"""A kind of certificate as data: `config/certificates/*.toml`, checked when it is read.

A sentence has placeholders such as {holder}; {scheme:lower} writes the English in small letters;
*...* is set in bold. What may stand in braces is `ALWAYS`, and what the file itself lists as
`facts`: names that the registers promise (`fleet.certificates.facts.Facts.named`).
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from fleet.certificates.facts import Pair

TEMPLATES = Path(__file__).resolve().parents[2] / "config" / "certificates"
ALWAYS = frozenset(
    {"holder", "id_label", "id_number", "item", "result", "department", "issued", "valid_until"}
)
LOWER = "lower"
_SHORTEST_TITLE = 2


class TemplateError(RuntimeError):
    """A template is missing or wrong. Names the file, the key and what is wrong there."""


class SealOf(StrEnum):
    """Whose seal a certificate carries, and who is named at its foot."""

    DEPARTMENT = "department"  # the item's own
    AUTHORITY = "authority"  # the one that the fleet serves


class RowTemplate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label: Pair
    value: Pair


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`summary` is the line inside the QR code. `valid_days` 0: without an end, unless the item
    says otherwise. `columns` head the table when the registers bring one without a head."""

    title: Pair
    body: Pair
    summary: str
    facts: tuple[str, ...] = ()
    rows: tuple[RowTemplate, ...] = ()
    columns: tuple[Pair, ...] = ()
    seal: SealOf = SealOf.DEPARTMENT
    valid_days: int = 0
    empty_table: Pair = Pair("", "")  # said in place of a table that has no rows

    @property
    def sentences(self) -> Iterator[tuple[str, str]]:
        """(key, text) of everything that may have placeholders."""
        yield from (("body.zh", self.body.zh), ("body.en", self.body.en))
        yield "summary", self.summary
        for index, row in enumerate(self.rows, start=1):
            yield f"rows[{index}].value.zh", row.value.zh
            yield f"rows[{index}].value.en", row.value.en


def load(name: str, folder: Path = TEMPLATES) -> Template:
    """Raises `TemplateError`. `name` is what an item calls `template`."""
    path = folder / f"{name}.toml"
    if not name.replace("_", "").isalnum() or not name.isascii() or not path.is_file():
        raise TemplateError(f"{path}: there is no such certificate template")
    try:
        template = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Template)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise TemplateError(f"{path}: {error}") from None
    for key, what in _faults(template):
        raise TemplateError(f"{path}: {key}: {what}")
    return template


def load_all(folder: Path = TEMPLATES) -> dict[str, Template]:
    """Every template by its name. Raises `TemplateError`."""
    return {path.stem: load(path.stem, folder) for path in sorted(folder.glob("*.toml"))}


def _faults(template: Template) -> Iterator[tuple[str, str]]:
    known = ALWAYS | set(template.facts)
    for key, text in template.sentences:
        if not text.strip():
            yield key, "is empty"
        if text.count("*") % 2:
            yield key, "a bold passage (*) is not closed"
        yield from ((key, fault) for fault in _unknown(text, known))
    if min(len(template.title.zh), len(template.title.en)) < _SHORTEST_TITLE:
        yield "title", "is empty"
    if template.valid_days < 0:
        yield "valid_days", "is less than 0"
    unused = set(template.facts) - {name for _, text in template.sentences for name in names(text)}
    if unused:
        yield "facts", f"{', '.join(sorted(unused))}: listed, but in no sentence"


def _unknown(text: str, known: set[str] | frozenset[str]) -> Iterator[str]:
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        yield str(error)
        return
    for _, name, spec, conversion in parts:
        if name is not None and name not in known:
            yield f"{{{name}}}: no such placeholder; there are: {', '.join(sorted(known))}"
        if conversion or spec not in (None, "", LOWER):
            yield f"{{{name}}}: only :{LOWER} may follow a placeholder's name"


def names(text: str) -> set[str]:
    """The placeholders of a sentence; none when it is damaged."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return set()
