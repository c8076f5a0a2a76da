"""Contrast and sizes as they were drawn. All pages and looks: `kiosk gallery --check`."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image, ImageDraw

from kiosk.model import Language
from screens.gallery_table import faults, table


def painted(ink: tuple[int, int, int], ground: tuple[int, int, int]) -> Image.Image:
    image = Image.new("RGB", (200, 60), ground)
    ImageDraw.Draw(image).text((10, 5), "Example", fill=ink, font_size=40)
    return image


@pytest.mark.parametrize(
    ("ink", "ground", "least", "most"),
    [((0, 0, 0), (255, 255, 255), 20.9, 21.0), ((255, 255, 255), (0, 0, 0), 20.9, 21.0),
     ((118, 118, 118), (255, 255, 255), 4.5, 4.6), ((150, 150, 150), (255, 255, 255), 2.9, 3.0)],
)  # fmt: skip
def test_contrast_is_read_from_pixels(
    stages: Any, ink: tuple[int, int, int], ground: tuple[int, int, int], least: float, most: float
) -> None:
    """The third is the darkest grey that passes on white, as WCAG's own examples have it."""
    from screens.legible import contrast

    found = contrast(painted(ink, ground))
    assert found is not None
    assert least <= found <= most


def drawn(stage: Any) -> Any:
    from screens.legible import measure
    from screens.step import picture

    stage.draw()
    return measure(picture(), stage.app.frame, stage.app.frame.look, high=False)


@pytest.mark.parametrize("name", ["check", "services", "question-text"])
def test_a_page_can_be_read_as_drawn(stage: Any, name: str) -> None:
    stage.show(name, Language.EN)
    found = drawn(stage)
    assert found.faults == ()
    assert found.texts > 8
    assert found.contrast >= 4.5


def test_pale_text_is_found(portrait: Any) -> None:
    from screens.widgets.text import Label

    portrait.show("consent", Language.EN)
    label = next(
        one for one in portrait.page().walk(restrict=True)
        if isinstance(one, Label) and len(one.raw) > 8
    )  # fmt: skip
    before, label.color = label.color, (0.85, 0.85, 0.85, 1)
    try:
        assert any(label.raw[:24] in fault for fault in drawn(portrait).faults)
    finally:
        label.color = before
    assert drawn(portrait).faults == ()


def test_the_table_has_the_lowest_of_each_look() -> None:
    look = {"window": "portrait", "theme": "light", "text": 100, "low": "full", "language": "en"}
    good = {
        "texts": 9,
        "contrast": 7.2,
        "icon": 5.0,
        "character": 4.8,
        "target": 16.0,
        "faults": [],
    }
    poor = {**good, "contrast": 3.1, "faults": ["3.1 to 1: 'Back'"]}
    shots = [{**look, **good, "file": "a.png"}, {**look, **poor, "file": "b.png"}]
    assert table(shots).splitlines()[1].split()[5:] == ["2", "18", "3.1", "5.0", "4.8", "16.0", "1"]
    assert faults(shots) == ["b.png: 3.1 to 1: 'Back'"]
