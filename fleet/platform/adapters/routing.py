"""Which platform a case goes to, by its item and its department; the rest to the built-in one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fleet.platform.adapters.city import CityPlatform
from fleet.platform.adapters.county import CountyPlatform
from fleet.platform.adapters.spec import Adapter, Spec, read_all
from fleet.platform.contract import Platform
from fleet.platform.paperdesk import Papers
from kiosk.services.item import Item

BUILT_IN = "sample"
DEPARTMENT = 18  # characters of a task_code that are the department's code


@dataclass(frozen=True, slots=True)
class Routes:
    """`owners`: department or item code to the platform's name; an item's own row wins."""

    owners: Mapping[str, str]
    departments: Mapping[str, str]  # task_code to dept_code, as the catalogue says

    def name(self, task_code: str) -> str:
        """An item that the catalogue does not hold goes where its code says that it belongs."""
        department = self.departments.get(task_code, task_code[:DEPARTMENT])
        return self.owners.get(task_code) or self.owners.get(department, BUILT_IN)


@dataclass(frozen=True, slots=True)
class Platforms:
    """All that cases can go to, by name. `close` after the last case."""

    routes: Routes
    by_name: Mapping[str, Platform]

    def of(self, task_code: str) -> Platform:
        return self.by_name[self.routes.name(task_code)]

    def start(self) -> None:
        """Those that work in this process begin to."""
        for one in self.by_name.values():
            begin = getattr(one, "start", None)
            if begin is not None:
                begin()

    def close(self) -> None:
        for one in self.by_name.values():
            end = getattr(one, "close", None)
            if end is not None:
                end()


def only(platform: Platform) -> Platforms:
    """Everything goes to one."""
    return Platforms(Routes({}, {}), {BUILT_IN: platform})


def connect(
    folder: Path, items: Iterable[Item], built_in: Platform, papers: Papers, var: Path
) -> Platforms:
    """Nothing is asked of any platform yet. Raises `PlatformFileError`, `PlatformError`.

    `folder`: one file for each platform, which may be none. `var`: what adapters keep.
    """
    known = {item.task_code: item for item in items}
    specs = read_all(folder)
    owners = {
        code: name for name, spec in specs.items() for code in (*spec.dept_codes, *spec.task_codes)
    }
    routes = Routes(owners, {code: item.dept_code for code, item in known.items()})
    used = {name: spec for name, spec in specs.items() if name in owners.values()}
    make: Mapping[Adapter, Callable[[str, Spec], Platform]] = {
        Adapter.CITY: lambda _, spec: CityPlatform(spec, known, papers),
        Adapter.COUNTY: lambda name, spec: CountyPlatform(spec, known, papers, var / name),
    }
    adapters = {name: make[spec.adapter](name, spec) for name, spec in used.items()}
    return Platforms(routes, {BUILT_IN: built_in, **adapters})
