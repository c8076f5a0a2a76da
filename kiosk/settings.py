"""Reading a terminal's settings: its file, and over it what the fleet has given.

given/<version>.toml   what the fleet gave, as it came
given/state.json       which of them counts, which did before, and whether it still has to prove
                       itself: one file, so that a power cut leaves the old or the new
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import structlog

from config.load import SettingsFileError
from config.load import terminal as load_file
from config.schema import TerminalSettings
from config.schema import there as language_there
from kiosk import durable
from kiosk.errors import SettingsError

__all__ = [
    "LOCAL", "STARTS", "Given", "TerminalSettings",
    "language_there", "load", "objection", "version",
]  # fmt: skip
log = structlog.get_logger("settings")

STARTS = 3  # that settings on trial get
# What would part a terminal from its fleet, or from its own past, is said on the spot alone.
LOCAL: Mapping[str, frozenset[str] | None] = {
    "terminal": frozenset({"id", "tenant", "var", "trust"}),
    "gateway": frozenset({"url", "ca", "token_file"}),
    "mqtt": None,
    "simulators": None,
    "fleet": None,
    "updates": frozenset({"root"}),
    "staff": None,
}


def load(path: Path) -> TerminalSettings:
    """Raises `SettingsError`: one line for each fault, naming file, key and remedy.

    Given ones that do not fit (any more) are left out: the terminal serves by its own file.
    """
    own = _load(path, {})
    try:
        over = Given(own.terminal.var).tables()
        return _load(path, over) if over else own
    except SettingsError as error:
        log.error("given_settings_do_not_fit", lines=len(str(error).splitlines()))
        return own


def version(settings: TerminalSettings) -> str:
    """The same for the same settings, wherever they came from."""
    return hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:12]


def objection(path: Path, text: bytes) -> str:
    """Why these may not be given to the terminal of this file: names of keys, never values; ''."""
    try:
        over = tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return "not_toml"
    local = [
        key if names is None else f"{key}.{one}"
        for key, names in LOCAL.items()
        for one in _held(over.get(key))
        if names is None or one in names
    ]
    if local:
        return f"local {local[0]}"
    try:
        _load(path, over)
    except SettingsError as error:
        return f"wrong {_key(str(error))}"
    return ""


@dataclass(frozen=True, slots=True)
class _State:
    """`trial`: starts so far of settings that have to prove themselves; -1: they have. `refused`:
    did not, and are not tried again by themselves."""

    version: str = ""
    before: str = ""
    trial: int = -1
    refused: str = ""


class Given:
    """`var`: the terminal's folder."""

    def __init__(self, var: Path) -> None:
        self._folder = var / "given"

    @property
    def version(self) -> str:
        """Of what counts; '': nothing was given."""
        return self._state().version

    @property
    def on_trial(self) -> bool:
        return self._state().trial >= 0

    @property
    def refused(self) -> str:
        return self._state().refused

    def tables(self) -> dict[str, Any]:
        """Of what counts. Raises `SettingsError` when it is there and cannot be read."""
        name = self.version
        if not name:
            return {}
        try:
            return tomllib.loads((self._folder / f"{name}.toml").read_text("utf-8"))
        except (OSError, ValueError):
            raise SettingsError(f"{name}.toml cannot be read") from None

    def use(self, name: str, text: bytes) -> None:
        """From the next start on; '' for none. What counted before is kept."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if name:
            durable.replace(self._folder / f"{name}.toml", text, 0o600)
        state = self._state()
        self._put(_State(name, state.version, 0, state.refused))

    def start(self) -> None:
        """Counts a start; gives settings up that did not come up well so often."""
        state = self._state()
        if state.trial >= STARTS:
            self.fall_back()
        elif state.trial >= 0:
            self._put(replace(state, trial=state.trial + 1))

    def prove(self) -> None:
        state = self._state()
        self._put(replace(state, trial=-1))
        for path in self._folder.glob("*.toml"):
            if path.stem not in {state.version, state.before}:
                path.unlink(missing_ok=True)

    def fall_back(self) -> None:
        state = self._state()
        self._put(_State(state.before, refused=state.version))

    def forgive(self) -> None:
        self._put(replace(self._state(), refused=""))

    def _state(self) -> _State:
        try:
            return _State(**json.loads((self._folder / "state.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return _State()

    def _put(self, state: _State) -> None:
        content = json.dumps(asdict(state)).encode()
        durable.replace(self._folder / "state.json", content, 0o600)


def _load(path: Path, over: Mapping[str, Any]) -> TerminalSettings:
    try:
        return load_file(path, over)
    except SettingsFileError as error:
        raise SettingsError(str(error)) from None


def _held(table: object) -> list[str]:
    """Keys of a table; a table that is none holds itself."""
    if table is None:
        return []
    return list(table) if isinstance(table, dict) else [""]


def _key(line: str) -> str:
    """`file: key: what is wrong` → key."""
    parts = line.splitlines()[0].split(": ")
    return parts[1][:60] if len(parts) > 2 else "file"
