"""Which way up a page lies, and whether it can be read: papers seen each way up, in each blur."""

from __future__ import annotations

import numpy as np
import pytest

import papershots
from drivers.doccam.corners import Picture
from drivers.doccam.find import find
from drivers.doccam.flatten import flatten
from drivers.doccam.legible import legibility
from drivers.doccam.papers import paper
from drivers.doccam.upright import edges, quarters, turned, upright
from kiosk.model import PageHint

TURNS = (0, 90, 180, 270)


def seen(name: str, turn: float, blur: float = 0.6) -> tuple[Picture, int]:
    """A flattened page, and how many quarters counterclockwise would stand it upright."""
    shot = papershots.shot(11, "dark", name, turn=turn, blur=blur)
    corners = find(shot.picture).corners
    assert corners is not None
    first = int(np.linalg.norm(corners - shot.corners[0], axis=1).argmin())
    return flatten(shot.picture, corners), first


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("name", ["letter", "form", "slip", "certificate"])
def test_a_page_of_text_stands_upright_however_it_was_laid(name: str, turn: int) -> None:
    page, needed = seen(name, turn + 5)
    assert quarters(page) == needed


def test_a_page_without_text_stays_as_it_was_laid() -> None:
    blank = np.full((800, 600, 3), 240, np.uint8)
    assert quarters(blank) == 0
    assert np.array_equal(upright(blank), blank)


def test_edges_of_a_turned_patch_are_the_turned_edges() -> None:
    patches = np.random.default_rng(1).random((5, 24, 24), np.float32)
    for quarter in range(4):
        lying = np.ascontiguousarray(np.rot90(patches, quarter, (1, 2)))
        assert np.allclose(turned(edges(patches), quarter), edges(lying), atol=1e-3)


# ---- Legible ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blur", "problem"), [(0.5, None), (1.2, None), (3.0, "blurred"), (6, "blurred")]
)
@pytest.mark.parametrize("name", ["certificate", "letter", "form"])
def test_blur_is_judged_by_the_letters_height(name: str, blur: float, problem: str | None) -> None:
    assert legibility(seen(name, 3, blur)[0]).problem == problem


@pytest.mark.parametrize(("blur", "problem"), [(0.5, None), (2, "blurred"), (5, "blurred")])
def test_a_card_may_be_small_but_not_blurred(blur: float, problem: str | None) -> None:
    assert legibility(seen("card", 3, blur)[0]).problem == problem


def test_text_of_too_few_pixels_can_not_be_read() -> None:
    page = np.ascontiguousarray(paper("letter")[::16, ::16])
    assert legibility(page).problem is PageHint.BLURRED


def test_an_empty_page_can_be_read() -> None:
    assert legibility(np.full((900, 640, 3), 230, np.uint8)).problem is None


def test_a_page_that_is_white_all_over_is_glare() -> None:
    assert legibility(np.full((900, 640, 3), 255, np.uint8)).problem is PageHint.GLARE
