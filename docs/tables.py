"""Tables of `docs/drivers.md`, from the code: `python docs/tables.py` writes them anew.

Between a line `<!-- made by docs/tables.py: NAME -->` and the next `<!-- end -->` stands what the
function NAME gives. A test fails while the file says something else than the code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from drivers import options, registry
from kiosk.model import FaultAction, Language
from kiosk.session import health
from screens.words import Words

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs/drivers.md"
_PART = re.compile(r"(<!-- made by docs/tables\.py: (\w+) -->\n).*?(?=<!-- end -->)", re.DOTALL)
_NAMES = ("Modbus", "USB")  # keep their capitals
Row = tuple[str, ...]


def driver_options() -> str:
    """What several drivers have in common stands once, under the name of its class."""
    blocks, told = [], set()
    for name in registry.DRIVERS:
        device = name.partition(".")[0]
        own, *shared = _lineage(registry.find(name).Options)
        for common in shared:
            if common not in told:
                told.add(common)
                names = [one for one in registry.DRIVERS if _has(one, common)]
                blocks += [f"### `{device}`, in common", f"Of {_codes(names)}:", _options(common)]
        blocks += [f"### `{name}`", _options(own)]
    return "\n\n".join(blocks)


def driver_faults() -> str:
    words = Words(ROOT / "config/locales")
    of_host = {**registry.FAULTS, **health.FAULTS}
    blocks = ["### Any device whose driver can't be had, or fails", _faults(of_host, words)]
    for device in registry.CLASSES:
        status = import_module(f"drivers.{device}.status")
        blocks += [f"### `{device}`", _faults(status.FAULTS, words)]
    return "\n\n".join(blocks)


PARTS: Mapping[str, Callable[[], str]] = {
    "driver_options": driver_options,
    "driver_faults": driver_faults,
}


def with_tables(text: str) -> str:
    """The document with every part made anew."""
    return _PART.sub(lambda part: f"{part[1]}\n{PARTS[part[2]]()}\n\n", text)


def _lineage(kind: type[options.Options]) -> list[type[options.Options]]:
    """A driver's options, then those that it shares with others."""
    every = [one for one in kind.__mro__ if issubclass(one, options.Options)]
    return every[: every.index(options.Options)]


def _has(name: str, common: type[options.Options]) -> bool:
    return issubclass(registry.find(name).Options, common)


def _options(kind: type[options.Options]) -> str:
    fields = ((key, kind.model_fields[key]) for key in kind.__annotations__)
    rows = [(f"`{key}`", _default(field), _meaning(field)) for key, field in fields]
    return _table(("key", "default", "what"), rows)


def _faults(faults: Mapping[str, FaultAction], words: Words) -> str:
    rows = [
        (f"`{code}`", str(action), words.say(f"fault.{code}", Language.EN))
        for code, action in faults.items()
    ]
    return _table(("code", "action", "what it says"), rows)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**needed**"
    value = field.get_default(call_default_factory=True)
    return "none" if value is None else f"`{_toml(value)}`"


def _toml(value: Any) -> str:
    """As it is written in the settings."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value)


def _meaning(field: FieldInfo) -> str:
    """The description, and the values that it does not name itself."""
    said = (field.description or "").replace("|", "\\|")
    if not said.startswith(_NAMES):
        said = said[:1].lower() + said[1:]
    choices = list(_choices(field.annotation))
    named = all(choice in said for choice in choices)
    return said if named else f"{said} ({', '.join(choices)})"


def _choices(kind: Any) -> Iterator[str]:
    if get_origin(kind) is Literal:
        yield from map(str, get_args(kind))
    elif get_origin(kind) is tuple:
        yield from _choices(get_args(kind)[0])
    elif isinstance(kind, type) and issubclass(kind, Enum):
        yield from (str(one.value) for one in kind)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(heading: Row, rows: Iterable[Row]) -> str:
    lines = [heading, ("---",) * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    DOCUMENT.write_text(with_tables(DOCUMENT.read_text("utf-8")), "utf-8")
