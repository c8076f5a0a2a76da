"""What can be set, typed or followed is documented, and the documents name nothing that is not."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from pydantic import BaseModel

from config.fleet_schema import FleetSettings
from config.schema import TerminalSettings
from config.table import Words
from drivers import registry
from kiosk.__main__ import app
from kiosk.simulated import DEVICES

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
DRIVERS = (ROOT / "docs/drivers.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def keys(model: type[BaseModel], path: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        table = isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not Words
        yield from keys(kind, f"{path}{name}.") if table else [f"{path}{name}"]


def shown(settings: Path) -> set[str]:
    """Keys that a settings file gives, or gives as a comment."""
    found, table = set(), ""
    for line in settings.read_text(encoding="utf-8").splitlines():
        if header := re.fullmatch(r"\[([a-z_.]+)\].*", line):
            table = header[1]
        elif entry := re.match(r"#?\s?([a-z_]+) = ", line):
            found.add(f"{table}.{entry[1]}")
    return found


@pytest.mark.parametrize("key", [*keys(TerminalSettings)])
def test_every_setting_of_a_terminal_is_in_its_shipped_file(key: str) -> None:
    assert key in shown(ROOT / "config/terminal.toml")


@pytest.mark.parametrize("key", [*keys(FleetSettings)])
def test_every_setting_of_the_fleet_is_in_operations(key: str) -> None:
    assert f"| `{key}` |" in OPERATIONS


def test_the_documented_defaults_of_the_fleet_are_true() -> None:
    defaults = FleetSettings()
    rows = re.findall(r"^\| `(\w+)\.(\w+)` \| `([^`]+)` \|", OPERATIONS, re.MULTILINE)
    for table, name, said in rows:
        value = getattr(getattr(defaults, table), name)
        in_toml = str(value).lower() if isinstance(value, bool) else f"{value}".removesuffix(".0")
        assert said == in_toml, f"{table}.{name}"
    assert len(rows) > 10


@pytest.mark.parametrize("target", re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
def test_every_make_target_is_in_operations(target: str) -> None:
    assert f"`make {target}`" in OPERATIONS


def test_documents_name_only_make_targets_that_exist() -> None:
    targets = set(re.findall(r"^\.PHONY: (.+)", MAKEFILE, re.MULTILINE))
    known = {name for line in targets for name in line.split()}
    for document in DOCUMENTS:
        named = set(re.findall(r"(?:`|^)make ([a-z-]+)", document.read_text(), re.MULTILINE))
        assert named <= known, document.name


@pytest.mark.parametrize("name", typer.main.get_command(app).commands)
def test_every_command_is_in_operations_with_its_options(name: str) -> None:
    line = next((line for line in OPERATIONS.splitlines() if f"/kiosk {name}" in line), "")
    assert line
    command = typer.main.get_command(app).commands[name]
    options = {option for one in command.params for option in one.opts if option[:2] == "--"}
    for option in options - {"--settings", "--help"}:
        assert f"`{option}" in line, option


def test_the_tables_of_options_and_faults_are_those_of_the_code() -> None:
    """Otherwise: `.venv/bin/python docs/tables.py`."""
    tables = runpy.run_path(str(ROOT / "docs/tables.py"))
    assert tables["with_tables"](DRIVERS) == DRIVERS


def test_a_table_that_is_out_of_date_is_noticed() -> None:
    tables = runpy.run_path(str(ROOT / "docs/tables.py"))
    assert (
        tables["with_tables"](DRIVERS.replace("| `baud` | `115200`", "| `baud` | `9600`"))
        == DRIVERS
    )


@pytest.mark.parametrize("name", registry.DRIVERS)
def test_every_driver_is_in_the_overview_and_has_its_packages_and_rights(name: str) -> None:
    device, _, driver = name.partition(".")
    overview = next(line for line in DRIVERS.splitlines() if line.startswith(f"| `{device}` |"))
    assert f"`{driver}`" in overview
    assert re.search(rf"^\| .*`{name}`.* \|$", OPERATIONS, re.MULTILINE)


@pytest.mark.parametrize("device", DEVICES)
def test_every_key_of_a_simulator_is_in_the_architecture_with_its_values(device: str) -> None:
    start = f"| `{device}.json` |"
    row = next(line for line in ARCHITECTURE.splitlines() if line.startswith(start))
    for key, knob in DEVICES[device].items():
        assert f"`{key}`:" in row
        for value in knob.values.values():
            plain = isinstance(value, str) and not knob.free and not value.isdecimal()
            assert not plain or re.search(rf"\b{value}\b", row), f"{key} {value}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)]+)\)", document.read_text(encoding="utf-8"))
    for link in links:
        if link.startswith(("https://", "http://")):
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("folder", ["config", "docs", "drivers", "fleet", "kiosk", "screens"])
def test_the_readme_shows_the_way_into_every_folder(folder: str) -> None:
    assert f"]({folder}" in README


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_the_readme_names_every_document(name: str) -> None:
    assert f"](docs/{name}): " in README


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
