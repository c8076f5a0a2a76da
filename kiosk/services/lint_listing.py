"""Every rule in one table, for docs/catalogue.md."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.services import lint, lint_shape
from kiosk.services.lint_outcome import template_rule
from kiosk.services.lint_rules import Gate, Rule, SetRule
from kiosk.services.lint_together import SET_RULES

_FILES = {
    lint.UNREADABLE: "The file can be read.",
    lint.SIZE: f"The file is not larger than {lint.LARGEST // 1024} KiB.",
    **lint_shape.SAYS,
}


def table() -> str:
    """In Markdown."""
    head = "| rule | what it says | requirement | also when a folder is loaded |\n|---|---|---|---|"
    return "\n".join([head, *_rows()])


def _rows() -> Iterator[str]:
    for name, says in _FILES.items():
        yield f"| `{name}` | {says} | | yes |"
    every: tuple[Rule | SetRule, ...] = (*lint.RULES, template_rule(None), *SET_RULES)
    for rule in every:
        loaded = "yes" if rule.gate is Gate.LOAD else "no"
        yield f"| `{rule.name}` | {rule.says} | {rule.row or ''} | {loaded} |"
    yield f"| `{lint.VERSION}` | {lint.VERSION_SAYS} | 1 | no |"
