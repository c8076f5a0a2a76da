"""The signature page: what the finger draws is seen, handed over once, and gone afterwards."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest

import heap
from kiosk import events, signature
from kiosk.model import Language
from kiosk.view import State

ANSWER = pytest.mark.parametrize(
    ("action", "event"),
    [
        ("sign:decline", events.SignatureDeclined),
        ("back", events.WentBack),
        ("leave", events.Left),
    ],
)


def show(stage: Any, name: str = "sign", language: Language = Language.ZH) -> Any:
    """The field of a page that was just entered, once it takes ink."""
    from screens.player import field_of
    from screens.step import frames

    stage.show("check", language)
    stage.show(name, language)
    field = field_of(stage.app)
    while not field.ready:
        frames(1)
    return field


def at(field: Any, x: float, y: float) -> tuple[float, float]:
    return field.x + x * field.width, field.y + y * field.height


def draw(field: Any, *places: tuple[float, float], number: int = 1) -> None:
    from screens.player import Finger
    from screens.step import frames

    finger = Finger(number, *at(field, *places[0]))
    finger.down()
    for place in places[1:]:
        finger.drag(*at(field, *place))
    finger.up()
    frames(1)


def sign(field: Any) -> None:
    from screens.player import write
    from screens.step import frames

    for _ in write(field):
        pass
    frames(1)


def ink_on(field: Any) -> bytes:
    """How opaque each pixel of the field's texture is."""
    return bytes(field._sheet.texture.pixels[3::4])


def test_what_is_drawn_is_handed_over(stage: Any) -> None:
    field = show(stage)
    sign(field)
    stage.press("sign:done")
    [event] = stage.posted
    assert isinstance(event, events.Signed)
    assert len(event.strokes) == 23
    made = signature.record(event.strokes)
    assert signature.problem(made) == ""
    assert signature.decode(signature.encode(made)) == made
    assert "(" not in repr(event).removeprefix("Signed("), "no stroke shows in a log"


def test_places_are_in_the_fields_own_units(stage: Any) -> None:
    field = show(stage)
    draw(field, (0.25, 0.5), (0.5, 0.5), (0.75, 0.9))
    [stroke] = field.strokes
    high = signature.WIDTH * field.height / field.width
    wanted = [(0.25, 0.5), (0.5, 0.5), (0.75, 0.9)]
    for (x, y, _), (across, up) in zip(stroke, wanted, strict=True):
        assert math.dist((x, y), (across * signature.WIDTH, up * high)) < 20
    assert stroke[0][2] == 0


def test_ink_is_seen_where_the_finger_went_and_has_soft_edges(stage: Any) -> None:
    from screens.step import picture

    field = show(stage)
    before = picture()
    draw(field, (0.2, 0.5), (0.5, 0.8), (0.8, 0.6))
    after = picture()
    x, y = (round(v) for v in at(field, 0.2, 0.5))
    assert sum(before.getpixel((x, after.height - y))) > 700
    assert sum(after.getpixel((x, after.height - y))) < 200
    box = (round(field.x), 0, round(field.right), after.height)
    shades = after.crop(box).convert("L").getcolors()
    assert len(shades) > 20, "a line with hard edges has hardly any shade between"


def test_nothing_can_be_handed_in_or_cleared_while_the_field_is_empty(stage: Any) -> None:
    field = show(stage)
    assert not {"sign:done", "sign:clear"} & set(stage.app.targets())
    draw(field, (0.5, 0.5))
    assert {"sign:done", "sign:clear", "sign:decline"} <= set(stage.app.targets())
    assert signature.problem(signature.record(field.strokes)) == "too_short"


def test_clear_leaves_an_empty_field(stage: Any) -> None:
    field = show(stage)
    sign(field)
    stage.press("sign:clear")
    assert field.strokes == ()
    assert not any(ink_on(field))
    assert "sign:done" not in stage.app.targets()
    draw(field, (0.1, 0.1), (0.9, 0.1))
    assert len(field.strokes) == 1


@ANSWER
def test_the_ways_out_post_their_event(stage: Any, action: str, event: type) -> None:
    show(stage)
    stage.press(action)
    assert [type(one) for one in stage.posted] == [event]


def test_only_the_first_finger_draws(portrait: Any) -> None:
    from screens.player import Finger
    from screens.step import frames

    field = show(portrait)
    first, palm = Finger(1, *at(field, 0.2, 0.2)), Finger(2, *at(field, 0.8, 0.8))
    first.down()
    palm.down()
    first.drag(*at(field, 0.3, 0.3))
    palm.drag(*at(field, 0.9, 0.9))
    palm.up()
    first.drag(*at(field, 0.4, 0.3))
    first.up()
    frames(1)
    [stroke] = field.strokes
    assert len(stroke) == 3
    assert max(x for x, _, _ in stroke) < 0.45 * signature.WIDTH


def test_beyond_the_edge_the_pen_is_lifted(portrait: Any) -> None:
    field = show(portrait)
    draw(field, (0.8, 0.5), (0.95, 0.5), (1.04, 0.5), (1.04, 0.3), (0.95, 0.3), (0.8, 0.3))
    assert [len(stroke) for stroke in field.strokes] == [2, 2]
    assert all(x <= signature.WIDTH for stroke in field.strokes for x, _, _ in stroke)


def test_the_second_half_of_a_double_tap_leaves_no_dot(portrait: Any) -> None:
    from screens.player import field_of

    portrait.show("check", Language.ZH)
    portrait.show("sign", Language.ZH)
    field = field_of(portrait.app)
    assert not field.ready
    draw(field, (0.5, 0.5))
    assert field.strokes == ()


def test_scribbling_without_end_stays_within_bounds(portrait: Any) -> None:
    from screens.player import Finger

    field = show(portrait)
    for number in range(signature.MAX_STROKES + 5):
        draw_dot = Finger(number, *at(field, 0.5, 0.5))
        draw_dot.down()
        draw_dot.up()
    assert len(field.strokes) == signature.MAX_STROKES
    field.wipe()
    places = [(0.2 + 0.1 * (i % 2), 0.2 + 0.1 * (i % 3)) for i in range(signature.MAX_RAW + 50)]
    draw(field, *places)
    assert sum(map(len, field.strokes)) == signature.MAX_RAW


def test_a_long_name_on_a_fast_screen_is_taken_to_its_end(portrait: Any) -> None:
    """More points than a case keeps: thinned later, never cut off under the finger."""
    field = show(portrait)
    turns = [(i / 2000, 2 * math.pi * i / 100) for i in range(2 * signature.MAX_POINTS)]
    draw(field, *((0.1 + 0.3 * far, 0.5 + 0.2 * math.sin(turn)) for far, turn in turns))
    x, _, _ = field.strokes[-1][-1]
    assert x / signature.WIDTH == pytest.approx(0.1 + 0.3 * turns[-1][0], abs=0.01)
    kept = signature.record(field.strokes)
    assert sum(map(len, kept.strokes)) <= signature.MAX_POINTS


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("error", ["", "error.signature.empty", "error.signature.too_short"])
def test_what_to_do_stands_below_the_line(portrait: Any, language: Language, error: str) -> None:
    from screens.step import frames

    portrait.show("sign", language, error=error)
    frames(3)
    field = portrait.app.frame.walk(restrict=True)
    sheet = next(widget for widget in field if type(widget).__name__ == "_Field")
    assert sheet._hint.top < sheet._line.points[1]
    assert sheet._hint.y > sheet.y


def test_ink_outlasts_a_new_language_an_error_and_a_question(portrait: Any) -> None:
    field = show(portrait)
    draw(field, (0.2, 0.5), (0.8, 0.5))
    before = field.strokes
    portrait.show("sign", Language.EN)
    portrait.show("sign-error", Language.EN)
    portrait.show("still-there", Language.EN)
    portrait.show("sign", Language.EN)
    assert field.strokes == before
    assert any(ink_on(field))


def test_a_field_of_another_size_shows_the_same_ink(portrait: Any) -> None:
    field = show(portrait)
    draw(field, (0.3, 0.3), (0.6, 0.3))
    before = field.strokes
    field.size = (field.width - 40, field.height - 60)
    assert field.strokes == before
    assert len(ink_on(field)) == round(field.width) * round(field.height)
    assert any(ink_on(field))


@pytest.mark.parametrize("after", ["submitting", "check", "attract", "problem"])
def test_no_stroke_outlives_the_page(portrait: Any, after: str) -> None:
    field = show(portrait)
    draw(field, (0.21, 0.53), (0.47, 0.61), (0.83, 0.37))
    portrait.press("sign:done")
    point = portrait.posted.pop().strokes[0][1]
    assert any(ink_on(field))
    assert heap.holders(point), "the page holds it, or the test proves nothing"
    portrait.show(after, Language.ZH)
    assert heap.holders(point) == []
    assert not any(ink_on(field))
    assert field._sheet._mask.getextrema() == (0, 0)
    assert field._sheet.last == field._sheet._middle == (0.0, 0.0)


def test_a_finger_that_leaves_with_the_page_draws_nothing_more(portrait: Any) -> None:
    from screens.player import Finger
    from screens.step import frames

    field = show(portrait)
    finger = Finger(1, *at(field, 0.2, 0.5))
    finger.down()
    portrait.show("submitting", Language.ZH)
    finger.drag(*at(field, 0.6, 0.5))
    finger.up()
    frames(1)
    assert field.strokes == ()
    assert not any(ink_on(field))


def test_a_played_visit_signs_with_real_touches(portrait: Any) -> None:
    from screens.player import SIGN, Player
    from screens.step import frames

    steps: list[str] = []
    script = {State.SIGN: [SIGN, "sign:done"]}
    portrait.show("sign", Language.EN)
    player = Player(portrait.app, lambda v: script.get(v.state, []), None, _only_what(steps))
    try:
        end = time.monotonic() + 30
        while not portrait.posted and time.monotonic() < end:
            frames(1)
    finally:
        player.close()
    [event] = portrait.posted
    assert len(event.strokes) == 23
    assert steps == ["sign", "sign: sign:draw", "sign: sign:done"]
    assert portrait.touches >= 24, "touches that keep the visit awake"


def _only_what(steps: list[str]) -> Any:
    return lambda what, _seconds: steps.append(what)


def test_signing_where_there_is_no_field_is_an_error(portrait: Any) -> None:
    from screens.player import SIGN, Player, TargetMissingError
    from screens.step import frames

    portrait.show("check", Language.EN)
    player = Player(portrait.app, lambda _view: [SIGN], None, lambda *_: None)
    try:
        with pytest.raises(TargetMissingError, match="no field"):
            frames(50)
    finally:
        player.close()
