"""Steps and materials of a case by the words of its item, as the catalogue of its version has them;
what no catalogue knows is shown by its code."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.console.sheets import Cell, Coded
from fleet.console.words import Words
from kiosk.services.fields import Words as Text
from kiosk.services.item import Item, Step


@dataclass(frozen=True, slots=True)
class CaseCodes:
    """`item` None: nobody knows it any more."""

    words: Words
    item: Item | None

    def step(self, code: str, otherwise: str = "") -> Cell:
        """`otherwise`: what kind of step it is, for one without words."""
        found = next((one.name for one in self._steps if one.code == code), None)
        return self._cell(found, code, otherwise)

    def material(self, code: str) -> Cell:
        materials = self.item.materials if self.item else ()
        return self._cell(
            next((one.material_name for one in materials if one.code == code), None), code
        )

    def department(self, step: str, code: str) -> str:
        """Of a step: its own, or the item's."""
        own = next((one.dept_name for one in self._steps if one.code == step), None)
        name = self._pick(own) or self._pick(self.item.dept_name if self.item else None)
        return name or code

    @property
    def _steps(self) -> tuple[Step, ...]:
        return self.item.steps if self.item else ()

    def _cell(self, found: Text | None, code: str, otherwise: str = "") -> Cell:
        name = self._pick(found) or otherwise
        return Coded(name, code) if name else code

    def _pick(self, found: Text | None) -> str:
        return self.words.pick(found.zh, found.en) if found else ""
