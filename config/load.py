"""Reading a settings file, and saying in plain words what is wrong with it."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_settings import BaseSettings

from config.fleet_schema import FleetSettings
from config.schema import TerminalSettings

S = TypeVar("S", bound=BaseSettings)


class SettingsFileError(ValueError):
    """Names file, key and remedy, one line for each thing that is wrong."""


def terminal(path: Path, over: Mapping[str, Any] | None = None) -> TerminalSettings:
    """Settings of a terminal; raises `SettingsFileError`. `over`: tables that count more than the
    file's, and less than the environment."""
    return _load(path, TerminalSettings, over)


def fleet(path: Path) -> FleetSettings:
    """Settings of the fleet manager; raises `SettingsFileError`."""
    return _load(path, FleetSettings)


def _load(path: Path, schema: type[S], over: Mapping[str, Any] | None = None) -> S:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsFileError(f"{path}: there is no such file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsFileError(f"{path}: not valid TOML: {error}") from None
    _merge(data, over or {})
    for key in _environment(schema):
        _override(data, key.split("__"), os.environ[f"{_prefix(schema)}{key}".upper()])
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        raise SettingsFileError(
            "\n".join(_explain(path, schema, e) for e in error.errors())
        ) from None


def _prefix(schema: type[BaseSettings]) -> str:
    return schema.model_config["env_prefix"]


def _environment(schema: type[BaseSettings]) -> list[str]:
    prefix = _prefix(schema)
    names = [name[len(prefix) :].lower() for name in os.environ if name.startswith(prefix)]
    return [name for name in names if name.split("__")[0] in schema.model_fields and "__" in name]


def _merge(data: dict[str, Any], over: Mapping[str, Any]) -> None:
    for key, value in over.items():
        inner = data.get(key)
        if isinstance(value, Mapping) and isinstance(inner, dict):
            _merge(inner, value)
        else:
            data[key] = value


def _override(data: dict[str, Any], keys: list[str], value: str) -> None:
    for key in keys[:-1]:
        data = data.setdefault(key, {})
    data[keys[-1]] = value


def _explain(path: Path, schema: type[BaseModel], error: Any) -> str:
    place = [str(part) for part in error["loc"]]
    key = ".".join(place)
    if error["type"] != "extra_forbidden":
        return f"{path}: {key}: {error['msg'].removeprefix('Value error, ')}"
    close = difflib.get_close_matches(place[-1], _siblings(schema, place[:-1]), n=1)
    remedy = f"did you mean '{close[0]}'?" if close else "remove it"
    return f"{path}: {key}: no such key; {remedy}"


def _siblings(schema: type[BaseModel], place: list[str]) -> list[str]:
    model: Any = schema
    for part in place:
        in_list = part.isdigit()  # whose tables are alike
        model = get_args(model)[0] if in_list else model.model_fields[part].annotation
    return list(model.model_fields)
