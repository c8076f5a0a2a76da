"""A signature keeps its shape and its bounds, and belongs to one set of answers."""

from __future__ import annotations

import base64
import io
import json
import math
import random
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kiosk import signature as sig
from kiosk.signature import Signature, ink, record

ANSWERS = {"phone": "13800138000", "purpose": "loan"}
APPLICANT = {"name": "张小满", "number": "110105199003071238"}
DIGEST = sig.answers_digest("T1", "2026.1", ANSWERS, APPLICANT)

anything = st.floats() | st.integers(-(10**9), 10**9)
coordinates = st.integers(0, sig.WIDTH)
raw_strokes = st.lists(st.lists(st.tuples(anything, anything, anything), max_size=12), max_size=6)
pens = st.lists(
    st.lists(st.tuples(coordinates, coordinates, st.integers(0, 60_000)), max_size=40), max_size=8
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("XYTZ"), inner),
)


def wave(points: int = 300) -> list[tuple[float, float, float]]:
    return [
        (500 + 9000 * i / points, 3000 + 1500 * math.sin(i / 9), i * 12.0) for i in range(points)
    ]


def bounded(signature: Signature) -> bool:
    points = [point for stroke in signature.strokes for point in stroke]
    return (
        len(signature.strokes) <= sig.MAX_STROKES
        and len(points) <= sig.MAX_POINTS
        and all(0 <= x <= sig.WIDTH and 0 <= y <= sig.WIDTH and t >= 0 for x, y, t in points)
    )


def off(point: tuple[float, ...], line: list[tuple[float, ...]]) -> float:
    """Distance from a line of points, by brute force."""

    def one(a: tuple[float, ...], b: tuple[float, ...]) -> float:
        square = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
        dot = (point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])
        u = min(1, max(0, dot / square)) if square else 0
        return math.dist(point[:2], (a[0] + u * (b[0] - a[0]), a[1] + u * (b[1] - a[1])))

    return min([one(a, b) for a, b in pairwise(line)] or [math.dist(point[:2], line[0][:2])])


# ---- Recording -------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(raw_strokes)
def test_whatever_the_pen_says_the_bounds_hold(raw: Any) -> None:
    assert bounded(record(raw))


@settings(max_examples=100, deadline=None)
@given(pens)
def test_thinning_keeps_the_shape(raw: Any) -> None:
    signature = record(raw)
    kept = [stroke for stroke in raw if stroke]
    assert len(signature.strokes) == len(kept)
    for before, after in zip(kept, signature.strokes, strict=True):
        assert all(off(point, list(after)) <= ink._TOLERANCE + 1 for point in before)
        assert after[0][:2] == before[0][:2]
        assert after[-1][:2] == before[-1][:2]


@settings(max_examples=100, deadline=None)
@given(pens)
def test_time_never_runs_back(raw: Any) -> None:
    for stroke in record(raw).strokes:
        assert all(a[2] <= b[2] for a, b in pairwise(stroke))


def test_a_straight_line_needs_two_points() -> None:
    [stroke] = record([[(100 + 10 * i, 500 + 5 * i, i) for i in range(100)]]).strokes
    assert stroke == ((100, 500, 0), (1090, 995, 99))


def test_a_curve_loses_most_of_its_points_and_none_of_its_shape() -> None:
    raw = wave(3000)
    [stroke] = record([raw]).strokes
    assert len(stroke) < 400
    assert max(off(point, list(stroke)) for point in raw[::7]) <= ink._TOLERANCE + 1


def test_an_endless_scribble_is_brought_within_bounds() -> None:
    dice = random.Random(1)
    raw = [
        [(dice.uniform(0, 1e4), dice.uniform(0, 1e4), i * 8.0) for i in range(600)]
        for _ in range(300)
    ]
    signature = record(raw)
    assert bounded(signature)
    assert len(signature.strokes) == sig.MAX_STROKES
    assert len(sig.image(signature)) <= sig.MAX_IMAGE


def test_of_too_many_strokes_the_smallest_go() -> None:
    dots = [[(i * 10.0, 50.0, i * 10.0)] for i in range(300)]
    signature = record([*dots[:150], wave(), *dots[150:]])
    assert max(map(len, signature.strokes)) > 10
    assert len(signature.strokes) == sig.MAX_STROKES


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ([], "empty"),
        ([[]], "empty"),
        ([[(math.nan, 1, 1)]], "empty"),
        ([[(5000, 5000, 0)]], "too_short"),
        ([[(5000, 5000, 0), (5300, 5000, 90)]], "too_short"),
        ([[(i * 500, 900, i)] for i in range(18)], "too_short"),
        ([[(3000, 5000, 0), (6000, 5000, 300)]], ""),  # 一: one honest stroke
        ([wave()], ""),
    ],
)
def test_a_dot_is_no_signature(raw: Any, why: str) -> None:
    assert sig.problem(record(raw)) == why


# ---- Vector ----------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(pens)
def test_a_vector_comes_back_as_it_was(raw: Any) -> None:
    signature = record(raw)
    assert sig.decode(sig.encode(signature)) == signature


@settings(max_examples=200, deadline=None)
@given(st.text() | junk.map(json.dumps))
def test_garbage_is_no_vector(vector: str) -> None:
    found = sig.decode(vector)
    assert found is None or sig.encode(found) == vector


@pytest.mark.parametrize(
    "vector",
    [
        '[{"T":[0],"X":[1.5],"Y":[2]}]',
        '[{"T":[0],"X":[true],"Y":[2]}]',
        '[{"T":[0],"X":[10001],"Y":[2]}]',
        '[{"T":[-1],"X":[1],"Y":[2]}]',
        '[{"T":[0,1],"X":[1],"Y":[2]}]',
        '[{"T":[],"X":[],"Y":[]}]',
        '[{"T":[0],"X":[1],"Y":[2],"F":[3]}]',
        '[{"T": [0], "X": [1], "Y": [2]}]',
        "[" * 100_000,
        json.dumps([{"T": [0], "X": [1], "Y": [2]}] * 201, separators=(",", ":")),
        json.dumps([{c: [0] * 5001 for c in "TXY"}], separators=(",", ":")),
    ],
)
def test_a_vector_that_breaks_a_bound_is_none(vector: str) -> None:
    assert sig.decode(vector) is None


# ---- Picture ---------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(pens)
def test_every_picture_is_small_and_shows_ink(raw: Any) -> None:
    signature = record(raw)
    png = sig.image(signature)
    assert len(png) <= sig.MAX_IMAGE
    with Image.open(io.BytesIO(png)) as picture:
        darkest, lightest = picture.convert("L").getextrema()
    assert darkest < 80 or not signature.strokes
    assert lightest > 240


def test_the_picture_stands_upright() -> None:
    """Y grows upward, rows of a picture downward."""
    png = sig.image(record([[(1000, 1000, 0), (1000, 6000, 9), (4000, 6000, 20)]]))
    with Image.open(io.BytesIO(png)) as picture:
        grey = picture.convert("L")
    (width, height), near = grey.size, 8
    assert grey.getpixel((near, height // 2)) < 80, "the stem is at the left"
    assert grey.getpixel((width // 2, near)) < 80, "the arm is at the top"
    assert grey.getpixel((width // 2, height - near)) > 240


# ---- Binding ---------------------------------------------------------------------------------


def test_the_digest_needs_no_order() -> None:
    turned = dict(reversed(ANSWERS.items()))
    assert sig.answers_digest("T1", "2026.1", turned, APPLICANT) == DIGEST


@pytest.mark.parametrize(
    "other",
    [
        ("T2", "2026.1", ANSWERS, APPLICANT),
        ("T1", "2026.2", ANSWERS, APPLICANT),
        ("T1", "2026.1", {**ANSWERS, "purpose": "loan "}, APPLICANT),
        ("T1", "2026.1", {"phone": ANSWERS["phone"]}, APPLICANT),
        ("T1", "2026.1", ANSWERS, {**APPLICANT, "name": "张小滿"}),
        ("T1", "2026.1", APPLICANT, ANSWERS),
    ],
)
def test_any_other_answer_is_another_digest(other: Any) -> None:
    assert sig.answers_digest(*other) != DIGEST


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(), st.text()))
def test_every_text_has_a_digest(answers: dict[str, str]) -> None:
    assert len(sig.answers_digest("T1", "1", answers, {"name": "\ud800"})) == 64


def test_a_signature_is_good_for_its_answers_only() -> None:
    said = sig.signed(record([wave()]), DIGEST)
    other = sig.answers_digest("T1", "2026.1", {**ANSWERS, "phone": "13900139000"}, APPLICANT)
    assert sig.check(said, DIGEST) == ""
    assert said["binding"] == sig.bind(record([wave()]), DIGEST)
    assert sig.check(said, other) == "other_answers"
    assert sig.check({**said, "answers": other}, other) == "altered"


def test_neither_vector_nor_picture_can_be_exchanged() -> None:
    said = sig.signed(record([wave()]), DIGEST)
    other = sig.signed(record([wave(200)]), DIGEST)
    for part in ("vector", "image", "binding"):
        assert sig.check({**said, part: other[part]}, DIGEST) == "altered"


@pytest.mark.parametrize(
    "wrong",
    [{"vector": "[]]"}, {"vector": ""}, {"image": "é"}, {"image": "*"}, {"format": "other"}],
)
def test_a_broken_record_is_malformed(wrong: dict[str, str]) -> None:
    assert sig.check({**sig.signed(record([wave()]), DIGEST), **wrong}, DIGEST) == "malformed"
    assert sig.check({}, DIGEST) == "malformed"


def test_a_declaration_without_ink_is_good_for_its_answers_only() -> None:
    said, other = sig.declared(DIGEST), sig.answers_digest("T1", "1", {}, {})
    assert sig.check(said, DIGEST) == ""
    assert sig.check(said, other) == "other_answers"
    assert sig.check({**said, "answers": other}, other) == "altered"
    assert sig.check({**sig.signed(record([wave()]), DIGEST), "format": sig.DECLARED}, DIGEST)


def test_the_record_is_text_and_holds_a_png() -> None:
    said = sig.signed(record([wave()]), DIGEST)
    assert json.loads(json.dumps(said)) == said
    assert base64.b64decode(said["image"]).startswith(b"\x89PNG")


def test_nothing_of_it_shows_in_a_log() -> None:
    assert "100" not in repr(record([[(100, 100, 100)]]))
