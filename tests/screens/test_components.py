"""The gallery's sheets of components: every state is found on its page, and every widget on one."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

import pytest

from kiosk.model import Language

# Public widgets that are no component by themselves.
APART = {
    "Box": "what Row and Column are made of",
    "Pages": "a list, of which the bar and its rows are components",
    "Ribbon": "says on every page that its data are samples; not on a page of samples",
}


def public_widgets() -> set[str]:
    from kivy.uix.widget import Widget

    import screens.widgets

    found = set()
    for module in pkgutil.iter_modules(screens.widgets.__path__, "screens.widgets."):
        for name, thing in inspect.getmembers(
            importlib.import_module(module.name), inspect.isclass
        ):
            if issubclass(thing, Widget) and thing.__module__ == module.name:
                found |= {name} if not name.startswith("_") else set()
    return found


def on_pages(stage: Any) -> tuple[set[str], list[str]]:
    """Kinds of widgets on the components, and what was not found. Nothing is drawn."""
    from screens.components import cells
    from screens.gallery_components import poked

    kinds, missing = set(), []
    for cell in sorted(cells(), key=lambda one: (one.page, "=" in one.poke)):
        if cell.page == "appear":
            continue  # laid over a page; see `test_appear.py`
        if getattr(stage, "page_shown", "") != cell.page:
            stage.show(cell.page, Language.EN)
            stage.page_shown = cell.page
        with poked(stage.app, cell) as widget:
            if widget is None:
                missing.append(f"{cell.component}, {cell.state}")
            else:
                kinds |= {type(one).__name__ for one in widget.walk(restrict=True)}
    return kinds, missing


def test_every_state_is_on_its_page_and_every_widget_on_a_sheet(portrait: Any) -> None:
    kinds, missing = on_pages(portrait)
    assert missing == []
    assert public_widgets() - kinds == set(APART)


@pytest.mark.parametrize("state", ["usual", "pressed", "focused"])
def test_a_sheet_shows_its_states(portrait: Any, state: str) -> None:
    """Each of them looks different."""
    from screens.gallery import _FONTS
    from screens.gallery_components import Sheets
    from screens.step import picture

    sheets = Sheets("component-way", _FONTS, check=True, high=False)
    portrait.show("ways", Language.EN)
    portrait.draw()
    sheets.cut(portrait.app, "ways", picture())
    ((name, image, found),) = sheets.drawn(portrait.app.look)
    assert name == "component-way"
    assert image.width == portrait.app.look.width
    assert found["faults"] == []
    cuts = sheets._cuts["way"]
    assert all(one.tobytes() != cuts[state].tobytes() for key, one in cuts.items() if key != state)
