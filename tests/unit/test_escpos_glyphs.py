"""Rare characters are drawn as themselves: never as a font's sign for what it lacks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.receipt import glyphs
from drivers.receipt.layout import columns, wrap

HANAZONO = Path("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf")
LACKING = "\U0010ffff"  # never assigned, so in no font
# Of names: what printers' own fonts lack, in GB 18030's two-byte and four-byte area.
RARE = "䶮𠮷㛃𬭎𫍣𬱖㑇䲟𣲗𬍛𫖮𨱏"
RARER = "𪚥𠀀𪛖𫝀𬺰𮯠"  # one of each end of CJK extensions B to F


def dots(face: glyphs.Font, char: str) -> tuple[tuple[int, int], bytes]:
    mask = face.getmask(char)
    return mask.size, bytes(mask)


@pytest.mark.parametrize("char", RARE)
@pytest.mark.parametrize("bold", [False, True])
def test_a_rare_character_has_its_own_shape(char: str, bold: bool) -> None:
    face = glyphs.font_of(char, glyphs.CHAR_DOTS, bold)
    assert face
    assert dots(face, char) != dots(face, LACKING)
    assert any(dots(face, char)[1])


@pytest.mark.skipif(not HANAZONO.exists(), reason="Debian's fonts-hanazono is not installed")
@pytest.mark.parametrize("char", RARER)
def test_the_rarest_are_in_the_second_font(char: str) -> None:
    first, *_ = glyphs.fonts(glyphs.CHAR_DOTS)
    face = glyphs.font_of(char, glyphs.CHAR_DOTS)
    assert face
    assert face.getname() != first.getname()
    assert dots(face, char) != dots(face, LACKING)


def test_all_rare_characters_differ_on_paper() -> None:
    drawn = {
        glyphs.draw(char, 4, 36, scale=1, bold=False, centre=False).data for char in RARE + RARER
    }
    assert len(drawn) == len(RARE + RARER)


def test_what_no_font_has_is_drawn_as_its_number() -> None:
    missing = ["\ue000", "\ue001", LACKING]
    assert all(glyphs.font_of(char, glyphs.CHAR_DOTS) is None for char in missing)
    drawn = [glyphs.draw(char, 4, 36, scale=1, bold=False, centre=False).data for char in missing]
    assert len(set(drawn)) == len(missing)
    assert all(any(data) for data in drawn)


def test_without_the_second_font_a_rarest_character_is_a_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    only = glyphs.fonts(glyphs.CHAR_DOTS)[:1]
    monkeypatch.setattr(glyphs, "fonts", lambda *_: only)
    assert glyphs.font_of("𪚥", glyphs.CHAR_DOTS) is None
    assert any(glyphs.draw("𪚥", 4, 36, scale=1, bold=False, centre=False).data)


def test_variant_selectors_and_accents_take_no_column() -> None:
    assert columns("葛\U000e0100") == 2
    assert columns("e\u0301") == 1


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=60), st.sampled_from([1, 2]), st.booleans(), st.booleans())
def test_any_text_is_drawn_within_the_paper(
    text: str, scale: int, bold: bool, centre: bool
) -> None:
    for row in wrap(text, 48 // scale)[:4]:
        picture = glyphs.draw(row, 48, 36 * scale, scale=scale, bold=bold, centre=centre)
        assert (picture.width, picture.height) == (72, 36 * scale)
        assert len(picture.data) == 72 * 36 * scale
