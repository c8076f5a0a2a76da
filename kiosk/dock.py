"""`kiosk dock`: what the panel beside the terminal does, as commands.

kiosk dock                              every device, its keys, and what they say now
kiosk dock idcard                       one device
kiosk dock idcard card=zhang fault=lifted
kiosk dock reset [DEVICE ...]           all well again
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from drivers.simulators import READY
from drivers.statefile import read_json, replace_json, write_state
from kiosk.simulated import DEVICES, Knob, Value, changes

RESET = "reset"
_SAME = {"null": "none", "yes": "true", "no": "false"}


class _UnknownError(ValueError):
    """A word that the dock does not know; the message says which would do."""


def run_dock(folder: Path, words: list[str]) -> int:
    """0, or 2 for a word that is not known; nothing is written then."""
    try:
        lines = _obey(folder, words)
    except _UnknownError as error:
        print(f"kiosk dock: {error}", file=sys.stderr)
        return 2
    print("\n".join(lines))
    if not (folder / READY).exists():
        print(f"The simulators of {folder} are not running.", file=sys.stderr)
    return 0


def _obey(folder: Path, words: list[str]) -> list[str]:
    if not words:
        return [line for device in DEVICES for line in _listing(folder, device)]
    first, rest = words[0], words[1:]
    if first == RESET:
        return _reset(folder, [_known(word, DEVICES, "device") for word in rest] or list(DEVICES))
    device = _known(first, (*DEVICES, RESET), "device")
    if not rest:
        return list(_listing(folder, device))
    wanted = dict(_wish(device, word) for word in rest)
    write_state(_file(folder, device), **changes(device, wanted))
    said = (f"{key}={DEVICES[device][key].word(value)}" for key, value in wanted.items())
    return [f"{device}: {' '.join(said)}"]


def _reset(folder: Path, devices: Iterable[str]) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    for device in devices:
        replace_json(_file(folder, device), {})
    return [f"All well again: {', '.join(devices)}"]


def _wish(device: str, word: str) -> tuple[str, Value]:
    key, equals, value = word.partition("=")
    if not equals:
        raise _UnknownError(f"{word!r} is no KEY=VALUE; {device} has {_list(DEVICES[device])}")
    key = _known(key, DEVICES[device], f"key of {device}")
    return key, _value(device, key, DEVICES[device][key], value)


def _value(device: str, key: str, knob: Knob, word: str) -> Value:
    known = _SAME.get(word.lower(), word.lower())
    if known in knob.values:
        return knob.values[known]
    if knob.free is None:
        _known(known, knob.values, f"value of {device} {key}")
    try:
        free = (knob.free or str)(word)
    except ValueError:
        free = math.nan
    if isinstance(free, float) and not math.isfinite(free):
        kind = "a whole number" if knob.free is int else "a number"
        raise _UnknownError(f"{device} {key} takes {kind}, not {word!r}")
    return free


def _known(word: str, known: Iterable[str], what: str) -> str:
    if word in (words := list(known)):
        return word
    near = get_close_matches(word, words, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else f"there are: {_list(words)}"
    raise _UnknownError(f"{word!r} is no {what}; {hint}")


def _listing(folder: Path, device: str) -> Iterator[str]:
    said = read_json(_file(folder, device), {})
    yield device
    for key, knob in DEVICES[device].items():
        now = knob.word(said.get(key, knob.first))
        words = [*knob.values, *([f"({knob.free.__name__})"] if knob.free else [])]
        yield f"  {key:16} {now:16} {' '.join(words)}"


def _file(folder: Path, device: str) -> Path:
    return folder / f"{device}.json"


def _list(words: Iterable[str] | Mapping[str, object]) -> str:
    return ", ".join(words)
