"""Reading a terminal's settings file; the faults of `config.load` as an exception of ours."""

from __future__ import annotations

import hashlib
from pathlib import Path

from config.load import SettingsFileError
from config.load import terminal as load_file
from config.schema import TerminalSettings
from kiosk.errors import SettingsError


def load(path: Path) -> TerminalSettings:
    """Raises `SettingsError`: one line for each fault, naming file, key and remedy."""
    try:
        return load_file(path)
    except SettingsFileError as error:
        raise SettingsError(str(error)) from None


def version(settings: TerminalSettings) -> str:
    """The same for the same settings, wherever they came from."""
    return hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:12]
