"""Text sizes, colours and reach that a citizen chooses: at once, nothing lost, for one visit."""

from __future__ import annotations

import gc
import os
import weakref
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.model import Language
from screens.samples import bodies
from screens.theme import REACH_MM, TEXT_SIZES, THEMES, Appearance

LARGE = Appearance("contrast_dark", 150)
# A part of them each time; all of them with KIOSK_LONG=1.
STEP = 1 if os.environ.get("KIOSK_LONG") else 16
# Shares of the sample pages, in the citizen's own size of 150 %.
WHOLE = {"portrait": 0.7, "landscape": 0.6}


@pytest.fixture(autouse=True)
def usual(stages: Any) -> Iterator[None]:
    yield
    for stage in stages.values():
        if stage.app.frame is not None:
            stage.app.adapt(Appearance())


def adapt(stage: Any, wanted: Appearance) -> None:
    stage.app.adapt(wanted)
    stage.settle()


def visit(stage: Any, name: str, language: Language, wanted: Appearance) -> None:
    """This page alone, in this look."""
    stage.app.adapt(wanted)
    stage.app.frame.put_away()
    stage.show(name, language)
    adapt(stage, wanted)  # where nobody is served, the usual look has come back


def shown(stage: Any) -> int:
    """The text size in which this page fits."""
    frame = stage.app.frame
    return int(frame.screens[frame.above or frame.current].look.text)


def test_nothing_is_clipped_in_the_largest_type(stage: Any) -> None:
    """A page that is too full takes the next smaller size; how many do, is told here."""
    sizes: Counter[int] = Counter()
    for number, name in enumerate(list(bodies())[::STEP]):
        visit(stage, name, list(Language)[number % 2], LARGE)
        assert stage.faults() == [], name
        assert stage.crowded() == [], name
        sizes[shown(stage)] += 1
    way = "portrait" if stage.app.look.portrait else "landscape"
    assert sizes[150] >= WHOLE[way] * sizes.total(), sizes


def test_a_page_after_a_full_one_has_the_whole_size_again(stages: Any) -> None:
    landscape = stages["landscape"].use()
    landscape.show("question-hanzi", Language.ZH)  # keys are never turned
    adapt(landscape, LARGE)
    assert shown(landscape) < LARGE.text
    landscape.show("services", Language.ZH)
    assert shown(landscape) == LARGE.text


FULL = ("ways", "rating-5", "payment-refused", "case-supplement")


@pytest.mark.parametrize("name", FULL)
def test_a_page_taller_than_its_place_is_turned(stages: Any, name: str) -> None:
    """Everything that could be pressed at the usual size can be, at the largest one."""
    landscape = stages["landscape"].use()
    landscape.show(name, Language.ZH)
    small = landscape.offered()
    visit(landscape, name, Language.ZH, LARGE)
    assert shown(landscape) == LARGE.text
    assert "下面还有" in [one.raw for one in labels(landscape.app.frame)]
    assert small <= landscape.offered()
    assert "page_up" in landscape.app.targets()
    landscape.show("guide", Language.ZH)
    assert landscape.app.frame.screens["guide"].height == landscape.app.frame._place.height


def labels(root: Any) -> list[Any]:
    from screens.widgets.text import Label

    return [one for one in root.walk(restrict=True) if isinstance(one, Label)]


def test_every_choice_is_one_press_on_a_page(stage: Any) -> None:
    stage.show("check", Language.ZH)
    for value in (150, "contrast_light"):
        stage.press("appear")
        stage.press(f"appear:{value}")
        now = stage.app._wardrobe.now
        assert value in {now.text, now.theme}
        assert stage.faults() == []
        assert stage.crowded() == []
        tongues = stage.app.look.words.languages
        offered = {f"appear:{one}" for one in (*TEXT_SIZES, *THEMES, *tongues, "reset", "done")}
        assert set(stage.app.targets()) - {"appear:low"} == offered
        stage.press("appear:done")
        assert "submit" in stage.app.targets()
    assert stage.posted == []


def test_larger_samples_are_larger_at_every_size(stage: Any) -> None:
    stage.show("check", Language.ZH)
    for text in (100, 150):
        adapt(stage, Appearance(text=text))
        stage.press("appear")
        targets = stage.app.targets()
        samples = [targets[f"appear:{one}"].children[-1].font_size for one in TEXT_SIZES]
        assert samples == sorted(set(samples))
        stage.press("appear:done")


def test_back_to_standard_is_as_the_settings_say(portrait: Any) -> None:
    portrait.show("check", Language.ZH)
    adapt(portrait, LARGE)
    portrait.press("appear")
    portrait.press("appear:reset")
    assert portrait.app._wardrobe.now == portrait.app._usual
    portrait.press("appear:done")


@pytest.mark.parametrize("name", ["attract", "thanks", "papers", "out-of-service", "submitting"])
def test_the_button_is_on_pages_without_a_way_back(stage: Any, name: str) -> None:
    stage.show(name, Language.EN)
    assert "appear" in stage.app.targets()


TYPED = {
    "question-phone": (["key:7"], "13900007"),
    "question-date": (["date:month", "key:1", "key:2"], "12"),
    "question-text": (["key:a"], "a"),
    "pin": (["key:4", "key:2"], "●"),
    "services-search": (["search", "key:w"], "w"),
}


@pytest.mark.parametrize("name", TYPED)
def test_what_is_typed_stays(portrait: Any, name: str) -> None:
    presses, typed = TYPED[name]
    portrait.show(name, Language.ZH)
    for action in presses:
        portrait.press(action)
    before = sorted(said for said in portrait.said() if typed in said)
    assert before
    for wanted in (LARGE, Appearance()):
        adapt(portrait, wanted)
        assert sorted(said for said in portrait.said() if typed in said) == before


def test_what_is_chosen_and_signed_stays(portrait: Any) -> None:
    from screens.player import field_of, write
    from screens.step import frames

    portrait.show("rating-5", Language.ZH)
    tag = next(action for action in portrait.app.targets() if action.startswith("tag:"))
    portrait.press(tag)
    adapt(portrait, LARGE)
    assert portrait.app.targets()[tag].chosen
    portrait.show("sign", Language.ZH)
    field: Any = field_of(portrait.app)
    field.ready = True
    for _ in write(field):
        frames(1)
    strokes = field.strokes
    adapt(portrait, Appearance("dark", 130))
    assert len(strokes) > 0
    again: Any = field_of(portrait.app)
    assert again.strokes == strokes
    assert field.strokes == ()


@pytest.mark.parametrize("last", ["attract", "out-of-service"])
def test_the_next_citizen_begins_as_the_settings_say(portrait: Any, last: str) -> None:
    portrait.show("check", Language.ZH)
    adapt(portrait, LARGE)
    portrait.show("still-there", Language.ZH)
    assert portrait.app.look.text == LARGE.text
    portrait.show(last, Language.ZH)
    assert portrait.app.look.text == TEXT_SIZES[0]
    assert portrait.app.look.colours == portrait.app._looks.colours["light"]


def test_so_does_who_comes_right_after(portrait: Any) -> None:
    portrait.show("check", Language.ZH)
    adapt(portrait, LARGE)
    portrait.show("thanks-helper", Language.ZH)
    portrait.press("next_citizen")
    portrait.show("services", Language.ZH)
    assert portrait.app.look.text == TEXT_SIZES[0]


def test_a_low_page_is_within_reach_and_whole(stage: Any) -> None:
    """The panel stands so high that its upper part is beyond a wheelchair user's hand."""
    glass = stage.app._looks.glass
    if not glass.reachable:
        assert glass.lower_edge + glass.height / glass.pitch <= REACH_MM
        return
    for name in list(bodies())[:: 2 * STEP]:
        visit(stage, name, Language.EN, Appearance(low=True))
        assert stage.faults() == [], name
        for target in stage.app.targets().values():
            assert glass.lower_edge + target.top / glass.pitch <= REACH_MM + 1


@pytest.mark.parametrize("language", list(Language))
def test_keys_of_a_low_page_are_large_enough(portrait: Any, language: Language) -> None:
    """The search has a keyboard of a fixed height."""
    for name in ("services-search-open", "services-search", "services-search-nothing"):
        visit(portrait, name, language, Appearance(low=True))
        if "key:q" not in portrait.app.targets():
            portrait.press("keyboard")
        keys = [one for action, one in portrait.app.targets().items() if action.startswith("key:")]
        assert len(keys) > 26
        assert all(key.height >= 15 * portrait.app.look.pitch for key in keys)
        assert portrait.faults() == [], name


def test_looks_that_are_left_are_gone(portrait: Any) -> None:
    """Besides the usual frame there is one at most, however often somebody changes his mind."""
    portrait.show("question-text", Language.ZH)
    frames = []
    for number in range(8):
        adapt(portrait, Appearance(THEMES[number % 4], TEXT_SIZES[1 + number % 3]))
        frames.append(weakref.ref(portrait.app.frame))
    gc.collect()
    assert [frame() is not None for frame in frames] == [False] * 7 + [True]
