from __future__ import annotations

from pathlib import Path

import pytest

from screens import theme
from screens.fonts import DEFAULT_ICON, icon, icon_names
from screens.gate import Gate
from screens.theme import Colour, Glass, Look, load_colours
from screens.words import Words

CONFIG = Path(__file__).parents[2] / "config"
THEMES = sorted((CONFIG / "themes").glob("*.toml"))

# Text on ground, as widgets pair them.
PAIRS = [
    *((ink, ground) for ink in ("ink", "muted", "accent") for ground in ("paper", "ground")),
    *((ink, ground) for ink in ("ink", "accent") for ground in ("accent_soft", "press")),
    *(("on_accent", ground) for ground in ("accent", "accent_press")), ("muted", "idle"),
    ("on_deep", "deep"), ("on_deep_muted", "deep"), ("on_deep", "deep_lift"),
    *((tone, f"{tone}_soft") for tone in ("good", "warn", "bad")), ("warn", "ground"),
    *((tone, "paper") for tone in ("good", "warn", "bad")),
    *(("on_idle", ground) for ground in ("idle", "ground", "paper")),
]  # fmt: skip


def luminance(colour: Colour) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("path", THEMES, ids=lambda p: p.stem)
@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_text_can_be_read(path: Path, pair: tuple[str, str]) -> None:
    """WCAG 2.2: at least 4.5 to 1 (1.4.3); with high contrast 7 to 1 (1.4.6)."""
    colours = load_colours(path)
    light, dark = sorted((luminance(colours[name]) for name in pair), reverse=True)
    least = 7 if path.stem.startswith("contrast") else 4.5
    assert (light + 0.05) / (dark + 0.05) >= least


def test_all_themes_name_the_same_colours() -> None:
    assert {path.stem for path in THEMES} == set(theme.THEMES)
    assert len({frozenset(load_colours(path)) for path in THEMES}) == 1


@pytest.mark.parametrize(
    ("size", "factor"),
    [((1080, 1920), 1), ((540, 960), 0.5), ((1920, 1080), 1), ((1280, 720), 2 / 3),
     ((2560, 1080), 1), ((768, 1366), 768 / 1080)],
)  # fmt: skip
def test_one_factor_scales_everything(size: tuple[int, int], factor: float) -> None:
    look = Look({}, Words(CONFIG / "locales"), *size)
    assert look.factor == pytest.approx(factor)
    assert look.u(100) == round(100 * factor)


def look(text: int = 100, pitch: float = 0, window: tuple[int, int] = (1080, 1920)) -> Look:
    return Look({}, Words(CONFIG / "locales"), *window, text, pitch)


def test_a_text_that_does_not_fit_takes_its_own_size_before_a_smaller_one() -> None:
    assert look().types("lead") == [44, 36, 30]
    assert look(130).types("lead") == [57, 51, 44, 36, 30]
    assert look(150).types("clock")[0] == 190


@pytest.mark.parametrize("inches", [15.6, 18.5, 21.5, 27, 32])
def test_type_and_gaps_are_large_enough_on_every_panel(inches: float) -> None:
    """ADA 707.7.2 by the height of a capital; it is 0.733 of the type size in Noto Sans."""
    glass = Glass(1080, 1920, inches * 25.4)
    one = look(pitch=glass.pitch)
    for name in theme.TYPE:
        assert min(one.types(name)) * 0.733 / glass.pitch >= 4.8
    assert one.apart(8) / glass.pitch >= 3
    assert one.u(94) / glass.pitch >= 15


@pytest.mark.parametrize(
    ("inches", "lower_edge", "share"),
    [(27, 750, 0.79), (27, 600, 0), (27, 900, 0), (21.5, 790, 0.9), (43, 500, 0.76)],
)
def test_a_lower_page_is_offered_where_it_helps_and_can_be_read(
    inches: float, lower_edge: float, share: float
) -> None:
    glass = Glass(1080, 1920, inches * 25.4, lower_edge)
    assert glass.reachable / glass.height == pytest.approx(share, abs=0.01)


def test_an_unknown_icon_is_a_plain_document() -> None:
    assert icon("no-such-icon") == icon_names()[DEFAULT_ICON]
    assert icon("bank") != icon(DEFAULT_ICON)


def test_every_icon_in_the_source_exists() -> None:
    names = set()
    for path in (CONFIG.parent / "screens").rglob("*.py"):
        for line in path.read_text("utf-8").splitlines():
            if "Icon(" in line or "Medallion(" in line or "icon=" in line:
                names |= {w.strip('"') for w in line.replace("(", " ").replace(",", " ").split()
                          if w.startswith('"') and w.count("-") >= 1}  # fmt: skip
    assert names
    assert names <= set(icon_names())


def test_the_gate_lets_one_press_through_until_a_view_comes() -> None:
    now = [100.0]
    passed: list[object] = []
    gate = Gate(passed.append, lambda: now[0])
    gate("one")  # type: ignore[arg-type]
    gate("two")  # type: ignore[arg-type]
    gate.shown(new_page=False)
    gate("three")  # type: ignore[arg-type]
    now[0] += 0.41
    gate("four")  # type: ignore[arg-type]
    gate.shown(new_page=True)
    gate("five")  # type: ignore[arg-type]
    now[0] += 0.26
    gate("six")  # type: ignore[arg-type]
    assert passed == ["one", "three", "four", "six"]
