"""From hints per frame to what a person is told, and to the capture."""

import numpy as np

from drivers.face.framing import Framing
from drivers.face.steady import Steady
from kiosk.model import FaceHint

GOOD = Framing(FaceHint.HOLD_STILL, 120, sharpness=200)
BLURRED = Framing(FaceHint.HOLD_STILL, 120, sharpness=1)
FAR = Framing(FaceHint.CLOSER, 120)
TURNED = Framing(FaceHint.STRAIGHT, 120)


def blank(grey: int = 0) -> np.ndarray:
    return np.full((2, 2, 3), grey, np.uint8)


def offer(steady: Steady, *framings: Framing) -> list[FaceHint]:
    hints = []
    for framing in framings:
        steady.offer(blank(), framing)
        hints.append(steady.hint)
    return hints


def test_nothing_is_captured_before_enough_good_frames_in_a_row() -> None:
    steady = Steady(good_frames=3, hint_frames=1)
    offer(steady, GOOD, GOOD, FAR, GOOD, GOOD)
    assert not steady.captured
    offer(steady, GOOD)
    assert steady.captured


def test_blurred_frames_break_the_run() -> None:
    steady = Steady(good_frames=2, hint_frames=1)
    offer(steady, *[GOOD, BLURRED] * 5)
    assert not steady.captured
    assert steady.hint is FaceHint.HOLD_STILL


def test_one_odd_frame_does_not_change_the_words() -> None:
    steady = Steady(good_frames=9, hint_frames=2)
    said = offer(steady, FAR, FAR, TURNED, FAR, FAR, TURNED, TURNED)
    assert said == [FaceHint.SEARCHING, *[FaceHint.CLOSER] * 5, FaceHint.STRAIGHT]


def test_the_sharpest_picture_of_the_run_is_kept() -> None:
    steady = Steady(good_frames=3)
    steady.offer(blank(1), Framing(FaceHint.HOLD_STILL, 120, sharpness=900))
    steady.offer(blank(2), FAR)
    for grey, sharpness in ((3, 100), (4, 300), (5, 200)):
        steady.offer(blank(grey), Framing(FaceHint.HOLD_STILL, 120, sharpness=sharpness))
    assert steady.captured
    assert steady.sharpness == 300
    assert steady.best is not None
    assert int(steady.best[0, 0, 0]) == 4


def test_a_broken_run_keeps_no_picture() -> None:
    steady = Steady(good_frames=3)
    offer(steady, GOOD, GOOD)
    assert steady.best is not None
    offer(steady, FAR)
    assert steady.best is None


def test_frames_after_the_capture_change_nothing() -> None:
    steady = Steady(good_frames=1)
    offer(steady, GOOD)
    assert offer(steady, *[FAR] * 5) == [FaceHint.CAPTURED] * 5
    assert steady.best is not None
