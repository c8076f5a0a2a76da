"""Pixels in, a hint out: drawn scenes, and one real face (public domain, NASA's astronaut)."""

import cv2
import numpy as np
import pytest
import skimage.data

from drivers.camera.pictures import STAGES, Picture, Scene, picture
from drivers.face.framing import LIMITS, frame_face
from kiosk.model import FaceHint

EXPECTED = {
    Scene.FACE: FaceHint.HOLD_STILL,
    Scene.EMPTY: FaceHint.SEARCHING,
    Scene.FAR: FaceHint.CLOSER,
    Scene.NEAR: FaceHint.FARTHER,
    Scene.DARK: FaceHint.TOO_DARK,
    Scene.TURNED: FaceHint.STRAIGHT,
    Scene.TWO: FaceHint.ONE_PERSON,
}


def after_jpeg(bgr: Picture) -> Picture:
    return cv2.imdecode(cv2.imencode(".jpg", bgr)[1], cv2.IMREAD_COLOR)


@pytest.fixture(scope="module")
def real_face() -> Picture:
    """480 x 480, the face in the middle and about 0.4 of the width."""
    astronaut = np.ascontiguousarray(skimage.data.astronaut()[:, :, ::-1])
    return cv2.resize(astronaut[0:240, 104:344], (480, 480), interpolation=cv2.INTER_CUBIC)


def turned_by(bgr: Picture, degrees: float) -> Picture:
    rows, columns = bgr.shape[:2]
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1)
    return cv2.warpAffine(bgr, turn, (columns, rows), borderMode=cv2.BORDER_REPLICATE)


def moved_by(bgr: Picture, x: int, y: int) -> Picture:
    move = np.float32([[1, 0, x], [0, 1, y]])
    return cv2.warpAffine(bgr, move, bgr.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)


def test_every_drawn_scene_of_the_simulator_has_an_expected_hint() -> None:
    assert set(EXPECTED) == set(STAGES)


@pytest.mark.parametrize("scene", STAGES)
def test_each_scene_gives_its_hint_in_every_frame(scene: Scene) -> None:
    frames = [after_jpeg(picture(scene, 0.41 * index)) for index in range(8)]
    assert {frame_face(frame).hint for frame in frames} == {EXPECTED[scene]}


def test_a_living_stream_has_no_two_equal_frames() -> None:
    frames = [picture(Scene.FACE, index / 12).tobytes() for index in range(4)]
    assert len(set(frames)) == 4


def test_a_well_framed_drawn_face_may_be_captured() -> None:
    framing = frame_face(after_jpeg(picture(Scene.FACE, 0)))
    assert framing.good
    assert framing.faces == 1
    x, y, width, height = framing.box or (0, 0, 0, 0)
    assert (x, y) < (320, 232) < (x + width, y + height)


def test_a_real_face_in_the_middle_is_well_framed(real_face: Picture) -> None:
    framing = frame_face(real_face)
    assert framing.hint is FaceHint.HOLD_STILL
    assert framing.good


def test_size_of_the_picture_does_not_matter(real_face: Picture) -> None:
    for side in (240, 720, 1080):
        scaled = cv2.resize(real_face, (side, side), interpolation=cv2.INTER_AREA)
        framing = frame_face(scaled)
        assert framing.hint is FaceHint.HOLD_STILL
        assert framing.box is not None
        assert framing.box[2] / side == pytest.approx(0.41, abs=0.05)


def test_a_small_real_face_is_asked_to_come_closer() -> None:
    astronaut = np.ascontiguousarray(skimage.data.astronaut()[:, :, ::-1])
    assert frame_face(astronaut).hint is FaceHint.CLOSER


@pytest.mark.parametrize(("x", "y"), [(120, 0), (-120, 0), (0, 130)])
def test_a_face_off_the_middle_is_asked_to_the_middle(real_face: Picture, x: int, y: int) -> None:
    assert frame_face(moved_by(real_face, x, y)).hint is FaceHint.CENTRE


@pytest.mark.parametrize("degrees", [20, -18, 25, -25, 38, -38])
def test_a_tilted_head_is_asked_to_look_straight(real_face: Picture, degrees: float) -> None:
    assert frame_face(turned_by(real_face, degrees)).hint is FaceHint.STRAIGHT


def test_light_is_judged_on_the_face(real_face: Picture) -> None:
    assert frame_face((real_face * 0.25).astype(np.uint8)).hint is FaceHint.TOO_DARK
    glaring = 255 - (255 - real_face.astype(np.float32)) * 0.15
    assert frame_face(glaring.astype(np.uint8)).hint is FaceHint.TOO_BRIGHT


def test_a_lit_face_before_a_dark_hall_is_not_too_dark(real_face: Picture) -> None:
    dark_hall = np.full((480, 640, 3), 4, np.uint8)
    dark_hall[120:360, 200:440] = cv2.resize(real_face, (240, 240), interpolation=cv2.INTER_AREA)
    assert dark_hall.mean() < LIMITS.dark
    assert frame_face(dark_hall).hint is FaceHint.CLOSER


def test_two_real_faces_are_one_too_many(real_face: Picture) -> None:
    assert frame_face(np.hstack([real_face, real_face])).hint is FaceHint.ONE_PERSON


def test_a_small_face_behind_is_somebody_in_the_queue(real_face: Picture) -> None:
    queue = np.full((480, 640, 3), 180, np.uint8)
    queue[:, 80:560] = real_face
    queue[20:180, 480:640] = cv2.resize(real_face, (160, 160), interpolation=cv2.INTER_AREA)
    assert frame_face(queue).hint is FaceHint.HOLD_STILL


def test_a_blurred_face_is_told_to_hold_still_and_not_captured(real_face: Picture) -> None:
    blurred = cv2.GaussianBlur(real_face, (0, 0), 6)
    framing = frame_face(blurred)
    assert framing.hint is FaceHint.HOLD_STILL
    assert not framing.good


@pytest.mark.parametrize("shape", [(480, 640), (64, 64), (1080, 1920), (1, 1)])
def test_pictures_without_a_face_are_searched_in_vain(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(5).integers(60, 200, (*shape, 3), dtype=np.uint8)
    assert frame_face(noise).hint is FaceHint.SEARCHING
    assert frame_face(np.zeros((*shape, 3), np.uint8)).hint is FaceHint.TOO_DARK
    assert frame_face(np.full((*shape, 3), 255, np.uint8)).hint is FaceHint.TOO_BRIGHT
